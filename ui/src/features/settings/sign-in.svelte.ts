/** The sign-in form: what was typed, what is wrong with it, and what the market wants next. */
import { asProblem } from '../../backend/types';
import type { Calls } from '../../bindings/calls';
import type { FieldError } from '../../bindings/FieldError';
import type { FormField } from '../../bindings/FormField';
import type { KeepIn } from '../../bindings/KeepIn';
import type { Problem } from '../../bindings/Problem';
import type { SignInBy } from '../../bindings/SignInBy';
import { questions, type Question } from './keyring';

export class SignInEditor {
  baseUrl = $state('');
  by = $state<SignInBy>('password');
  name = $state('');
  password = $state('');
  email = $state('');
  emailCode = $state('');
  twoFactorCode = $state('');
  /** Whether the market has asked for the second step's code. */
  asksSecond = $state(false);
  /** Which address a code was sent to. */
  sentTo = $state<string | null>(null);
  busy = $state<'signing in' | 'sending' | null>(null);
  /** No keyring keeps the session: is one to be made, or may it end with the app? */
  asks = $state.raw<Question | null>(null);
  /** What is wrong beyond the fields. */
  problem = $state.raw<Problem | null>(null);

  #errors = $state.raw<readonly FieldError[]>([]);

  constructor(
    private readonly backend: Calls,
    baseUrl: string,
  ) {
    this.baseUrl = baseUrl;
  }

  /** The market's host, as people know it. */
  get host(): string {
    return URL.canParse(this.baseUrl) ? new URL(this.baseUrl).host : this.baseUrl;
  }

  error(field: FormField): FieldError | undefined {
    return this.#errors.find((error) => error.field === field);
  }

  /** A field that is being corrected is no longer called wrong. The second step belongs to the first. */
  edited(field: FormField): void {
    this.#errors = this.#errors.filter((error) => error.field !== field);
    if (field !== 'two_factor_code') this.#forgetSecond();
  }

  /** By the other proof. What was typed for this one stays, but for the secrets. */
  switch(): void {
    this.by = this.by === 'password' ? 'email' : 'password';
    this.#begin();
    this.#forgetSecond();
    this.#forgetSecrets();
  }

  async sendCode(): Promise<void> {
    if (this.busy) return;
    this.#begin();
    this.busy = 'sending';
    this.sentTo = null;
    const email = this.email.trim();
    try {
      await this.backend.sendCode(this.baseUrl.trim(), email);
      this.sentTo = email;
    } catch (error) {
      this.#failed(asProblem(error));
    } finally {
      this.busy = null;
    }
  }

  async signIn(keepIn: KeepIn = 'keyring'): Promise<void> {
    if (this.busy) return;
    this.#begin();
    this.busy = 'signing in';
    try {
      await this.backend.signIn({
        baseUrl: this.baseUrl.trim(),
        by: this.by,
        name: this.by === 'password' ? this.name : this.email,
        secret: this.by === 'password' ? this.password : this.emailCode,
        twoFactorCode: this.asksSecond ? this.twoFactorCode : null,
        keepIn,
      });
      this.#forgetSecond();
      this.#forgetSecrets();
    } catch (error) {
      this.#failed(asProblem(error));
    } finally {
      this.busy = null;
    }
  }

  #begin(): void {
    this.problem = null;
    this.asks = null;
    this.#errors = [];
  }

  #failed(problem: Problem): void {
    this.#errors = problem.fields;
    this.asks = questions[problem.code] ?? null;
    if (problem.code === 'two_factor_wanted') this.asksSecond = true;
    else if (problem.fields.length === 0 && this.asks === null) this.problem = problem;
  }

  #forgetSecond(): void {
    this.asksSecond = false;
    this.twoFactorCode = '';
  }

  #forgetSecrets(): void {
    this.password = '';
    this.emailCode = '';
    this.sentTo = null;
  }
}
