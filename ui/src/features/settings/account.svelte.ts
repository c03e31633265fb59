/** The account form: what was typed, what Rust says is wrong with it, and the question about the keyring. */
import { asProblem } from '../../backend/types';
import type { Calls } from '../../bindings/calls';
import type { AccountForm } from '../../bindings/AccountForm';
import type { AccountView } from '../../bindings/AccountView';
import type { FieldError } from '../../bindings/FieldError';
import type { FormField } from '../../bindings/FormField';
import type { KeepIn } from '../../bindings/KeepIn';
import type { Problem } from '../../bindings/Problem';
import { questions, type Question } from './keyring';

/** The market that is meant unless another one is named. */
export const DEFAULT_MARKET = 'https://agoramarketapi.onrender.com/api';

export class AccountEditor {
  baseUrl = $state('');
  userId = $state('');
  clientId = $state('');
  /** Whether the client id is entered by hand. */
  byHand = $state(false);
  token = $state('');
  /** Whether the kept token is to be removed. */
  removesToken = $state(false);
  saving = $state(false);
  saved = $state(false);
  /** No keyring keeps the token: is one to be made, or may the token stay in memory? */
  asks = $state.raw<Question | null>(null);
  /** What is wrong beyond the fields. */
  problem = $state.raw<Problem | null>(null);

  #errors = $state.raw<readonly FieldError[]>([]);

  constructor(
    private readonly backend: Calls,
    private readonly account: AccountView | null,
  ) {
    this.baseUrl = account?.baseUrl ?? DEFAULT_MARKET;
    this.userId = account?.userId ?? '';
    this.byHand = account !== null && account.userId === null;
    this.clientId = account?.clientId ?? '';
  }

  error(field: FormField): FieldError | undefined {
    return this.#errors.find((error) => error.field === field);
  }

  /** A field that is being corrected is no longer called wrong. */
  edited(field: FormField): void {
    this.#errors = this.#errors.filter((error) => error.field !== field);
    this.saved = false;
  }

  async save(keepIn: KeepIn = 'keyring'): Promise<void> {
    if (this.saving) return;
    this.saving = true;
    this.saved = false;
    this.problem = null;
    this.asks = null;
    this.#errors = [];
    try {
      await this.backend.saveAccount(this.#form(keepIn));
      this.token = '';
      this.removesToken = false;
      this.saved = true;
    } catch (error) {
      const problem = asProblem(error);
      this.#errors = problem.fields;
      this.asks = questions[problem.code] ?? null;
      if (problem.fields.length === 0 && this.asks === null) this.problem = problem;
    } finally {
      this.saving = false;
    }
  }

  #form(keepIn: KeepIn): AccountForm {
    return {
      baseUrl: this.baseUrl.trim(),
      userId: this.byHand ? null : this.userId.trim(),
      clientId: this.byHand ? this.clientId : null,
      token: this.#tokenToSend(),
      keepIn,
    };
  }

  /** Left empty, the kept token stays, unless it is to be removed. */
  #tokenToSend(): string | null {
    const typed = this.token.trim();
    if (typed !== '') return typed;
    return this.removesToken || this.account === null ? '' : null;
  }
}
