/**
 * The message being written and what became of it. Rust says what is wrong with it and how it will
 * look; this asks while it is written, and sees to it that one press sends once.
 */
import { asProblem } from '../../backend/types';
import type { Calls } from '../../bindings/calls';
import type { Draft } from '../../bindings/Draft';
import type { DraftCheck } from '../../bindings/DraftCheck';
import type { FieldError } from '../../bindings/FieldError';
import type { FormField } from '../../bindings/FormField';
import type { SendOutcome } from '../../bindings/SendOutcome';
import { problemText } from '../../i18n/index.svelte';
import { fieldsFromJson, jsonFromFields, type Obstacle } from './json';
import { emptyDraft, keep, keyOf, recall, type KeptDraft } from './kept';

/** A pause in typing, in ms, after which Rust is asked. */
const PAUSE = 150;

export type Phase =
  | { readonly name: 'writing' | 'confirming' | 'sending' }
  | { readonly name: 'answered'; readonly outcome: SendOutcome };

export class Composer {
  draft = $state<KeptDraft>(emptyDraft);
  phase = $state.raw<Phase>({ name: 'writing' });
  check = $state.raw<DraftCheck | null>(null);
  /** Why the JSON can't be shown in the form, once that was asked for. */
  obstacle = $state.raw<Obstacle | null>(null);

  /** How many are connected, as the market said last; `null` while or where it doesn't say. */
  connected = $state.raw<number | null>(null);

  #touched = $state.raw<ReadonlySet<FormField>>(new Set());
  #tried = $state(false);
  /** Where the draft is kept. */
  readonly #key: string;
  /** Counts up at every check, so that a late answer is dropped. */
  #checks = 0;

  constructor(
    private readonly backend: Calls,
    private readonly storage: Storage,
    account: string,
    /** The market lets this person send nothing. */
    private readonly forbidden: () => void,
  ) {
    this.#key = keyOf(account);
    this.draft = recall(storage, this.#key);
  }

  /** The draft as Rust takes it. */
  get message(): Draft {
    const { to, userId, mode, fields, json } = this.draft;
    return {
      to: to === 'everyone' ? { type: 'everyone' } : { type: 'user', userId: userId.trim() },
      body: mode === 'form' ? { type: 'form', ...fields } : { type: 'json', text: json },
    };
  }

  /** The errors to be shown: of fields that were left, or all after a try to send. */
  get errors(): readonly FieldError[] {
    const errors = this.check?.errors ?? [];
    return this.#tried ? errors : errors.filter(({ field }) => this.#wasLeft(field));
  }

  error(field: FormField): FieldError | undefined {
    return this.errors.find((error) => error.field === field);
  }

  /** In JSON every field of the message is left with the one that there is. */
  #wasLeft(field: FormField): boolean {
    const inJson = this.draft.mode === 'json' && field !== 'user_id';
    return this.#touched.has(inJson ? 'json' : field);
  }

  /** A field was left: what is wrong with it is shown, of how it stands now and not when it was typed in. */
  async touch(field: FormField): Promise<void> {
    if (this.#touched.has(field)) return;
    const { draft } = this;
    await this.#look(this.message);
    if (this.draft === draft) this.#touched = new Set([...this.#touched, field]);
  }

  /** Keeps the draft as it is now and has it checked after a pause. Returns how to call it off. */
  follow(): () => void {
    keep(this.storage, this.#key, $state.snapshot(this.draft));
    const { message } = this;
    const timer = setTimeout(() => void this.#look(message), PAUSE);
    return () => clearTimeout(timer);
  }

  /** Shows the same message the other way, if it can be shown so. */
  editAs(mode: KeptDraft['mode']): void {
    if (mode === this.draft.mode) return;
    this.obstacle = null;
    if (mode === 'json') {
      this.draft.json = jsonFromFields(this.draft.fields);
    } else {
      const fields = fieldsFromJson(this.draft.json);
      if ('why' in fields) {
        this.obstacle = fields;
        return;
      }
      this.draft.fields = fields;
    }
    this.draft.mode = mode;
  }

  /** The send button: checks once more, then asks to confirm (everyone) or sends (one user). */
  async trySend(): Promise<void> {
    if (this.phase.name !== 'writing') return;
    this.#tried = true;
    const check = await this.#look(this.message);
    if (check === null || check.errors.length > 0 || this.phase.name !== 'writing') return;
    if (this.draft.to !== 'everyone') return this.#send();
    this.phase = { name: 'confirming' };
    await this.count();
  }

  /** Asks the market how many a message to everyone would reach now. */
  async count(): Promise<void> {
    const said = await this.backend.liveNumbers().catch(() => null);
    this.connected = said?.said === 'this' ? (said.live.users ?? said.live.connections) : null;
  }

  async confirm(): Promise<void> {
    if (this.phase.name === 'confirming') await this.#send();
  }

  /** Back to the message as it stands. */
  resume(): void {
    this.phase = { name: 'writing' };
  }

  /** Another message's body, to be edited as JSON; to one user, until somebody else is chosen. */
  use(json: string): void {
    this.restart();
    this.draft = { ...emptyDraft, to: 'user', mode: 'json', json };
  }

  /** An empty message to the same recipient's kind. */
  restart(): void {
    this.draft = { ...emptyDraft, to: this.draft.to };
    this.check = null;
    this.obstacle = null;
    this.#touched = new Set();
    this.#tried = false;
    this.resume();
  }

  async #look(message: Draft): Promise<DraftCheck | null> {
    this.#checks += 1;
    const turn = this.#checks;
    try {
      const check = await this.backend.checkDraft(message);
      if (turn === this.#checks) this.check = check;
      return check;
    } catch (error) {
      // Without a check nothing is sent, and it says why.
      if (this.#tried) this.#fail(error);
      return null;
    }
  }

  async #send(): Promise<void> {
    this.phase = { name: 'sending' };
    try {
      const outcome = await this.backend.send(this.message);
      this.phase = { name: 'answered', outcome };
      if (isForbidden(outcome)) this.forbidden();
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    const problem = asProblem(error);
    if (problem.code === 'invalid') {
      this.check = { errors: problem.fields, json: null, looks: [] };
      return this.resume();
    }
    const sending = this.phase.name === 'sending';
    // A fault while sending doesn't say whether the message had left: never claim that it hadn't.
    const isDoubtful = problem.code === 'internal' || problem.code === 'gone';
    const outcome = sending && isDoubtful ? 'may_have_been_delivered' : 'not_sent';
    this.phase = { name: 'answered', outcome: { outcome, message: problemText(problem) } };
  }
}

/** Whether the market says that this person may not send, whatever the message is. */
export function isForbidden(outcome: SendOutcome): boolean {
  return outcome.outcome === 'refused' && outcome.status === 403;
}
