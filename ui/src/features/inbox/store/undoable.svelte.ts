/** What was deleted or marked as a whole a moment ago and can be undone, the last one first. */
import { asProblem } from '../../../backend/types';
import type { Calls } from '../../../bindings/calls';
import type { Problem } from '../../../bindings/Problem';
import type { Which } from '../../../bindings/Which';
import limits from '../../../bindings/limits.json';

/** How long Undo is offered, in ms, where nobody is on the offer. */
const OFFERED = 10_000;
/**
 * How long it can be offered at all, in ms from when the answer came. Rust lets go of what was done
 * some time after; the rest is for the answer's way here, and the way back.
 */
const UNDOABLE = limits.undoMs - 5_000;

type Timer = ReturnType<typeof setTimeout>;

export interface Done {
  readonly what: 'deleted' | 'marked';
  /** The deletion's, or the marking's. */
  readonly number: number;
  /** How many; `null` where nobody has counted them. */
  readonly count: number | null;
  /** Whether that is all that was meant. */
  readonly whole: boolean;
  /** The row that the keyboard was on, to be on it again. */
  readonly cursor: number | null;
}

export class Undoable {
  #done = $state.raw<readonly Done[]>([]);
  #over = $state.raw<Done | null>(null);
  #held = false;
  /** Takes the offer away. */
  #offer: Timer | undefined;
  /** What ends each of them. */
  readonly #ends = new Map<Done, Timer>();

  constructor(private readonly backend: Calls) {}

  /** What Undo would undo; `null`: nothing. */
  get last(): Done | null {
    return this.#done.at(-1) ?? null;
  }

  /** What Undo would have undone, had the person on the offer not waited too long. */
  get over(): Done | null {
    return this.#over;
  }

  /** Deletes, and says what stopped it, if something did: Undo brings back what went by then. */
  async delete(which: Which, count: number | null, cursor: number | null): Promise<Problem | null> {
    const { deletion, problem } = await this.backend.deleteAlerts(which);
    if (deletion !== null)
      this.#take({ what: 'deleted', number: deletion, count, whole: problem === null, cursor });
    return problem;
  }

  /** Marks as read, and says what stopped it: Undo makes unread again what was marked by then. */
  async markRead(which: Which, count: number | null): Promise<Problem | null> {
    const { marking, problem } = await this.backend.markAllRead(which);
    if (marking !== null)
      this.#take({ what: 'marked', number: marking, count, whole: problem === null, cursor: null });
    return problem;
  }

  /** Undoes what was done last, and says what that was; `null`: nothing. */
  async undo(): Promise<Done | null> {
    const { last } = this;
    if (last === null) return null;
    this.#drop(last);
    this.#run();
    try {
      if (last.what === 'deleted') await this.backend.undoDelete(last.number);
      else await this.backend.undoMarkAll(last.number);
    } catch (error) {
      // What failed can be tried again, for as long as if it had been done now.
      if (asProblem(error).code !== 'too_late') this.#take(last);
      throw error;
    }
    return last;
  }

  /** Undo is no longer needed. */
  forget(): void {
    for (const done of this.#done) this.#drop(done);
    this.#over = null;
    this.#run();
  }

  /** The person is on the offer: it stays, for as long as it holds what it offers. */
  hold(): void {
    this.#held = true;
    this.#run();
  }

  /** The person has left it: its time begins anew. */
  release(): void {
    this.#held = false;
    this.#over = null;
    this.#run();
  }

  #take(done: Done): void {
    this.#done = [...this.#done, done];
    this.#over = null;
    this.#ends.set(
      done,
      setTimeout(() => this.#end(done), UNDOABLE),
    );
    this.#run();
  }

  #end(done: Done): void {
    this.#drop(done);
    if (this.#held && this.last === null) this.#over = done;
  }

  #drop(done: Done): void {
    clearTimeout(this.#ends.get(done));
    this.#ends.delete(done);
    this.#done = this.#done.filter((each) => each !== done);
  }

  #run(): void {
    clearTimeout(this.#offer);
    if (this.last !== null && !this.#held) this.#offer = setTimeout(() => this.forget(), OFFERED);
  }
}
