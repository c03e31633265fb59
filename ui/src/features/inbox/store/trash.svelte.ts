/** What was deleted a moment ago and can be brought back, the last one first. */
import { asProblem } from '../../../backend/types';
import type { Calls } from '../../../bindings/calls';
import type { Problem } from '../../../bindings/Problem';
import type { Which } from '../../../bindings/Which';
import limits from '../../../bindings/limits.json';

/** How long Undo is offered, in ms, where nobody is on the offer. */
const OFFERED = 10_000;
/**
 * How long it can be offered at all, in ms from when the answer came. Rust lets go of a deletion
 * some time after it was done; the rest is for the answer's way here, and the way back.
 */
const UNDOABLE = limits.undoMs - 5_000;

type Timer = ReturnType<typeof setTimeout>;

export interface Deleted {
  readonly deletion: number;
  /** How many; `null` where nobody has counted them. */
  readonly count: number | null;
  /** Whether that is all that was to be deleted. */
  readonly whole: boolean;
  /** The row that the keyboard was on, to be on it again. */
  readonly cursor: number | null;
}

export class Trash {
  #deleted = $state.raw<readonly Deleted[]>([]);
  #over = $state.raw<Deleted | null>(null);
  #held = false;
  /** Takes the offer away. */
  #offer: Timer | undefined;
  /** What ends each deletion. */
  readonly #ends = new Map<number, Timer>();

  constructor(private readonly backend: Calls) {}

  /** What Undo would bring back; `null`: nothing. */
  get last(): Deleted | null {
    return this.#deleted.at(-1) ?? null;
  }

  /** What Undo would have brought back, had the person on the offer not waited too long. */
  get over(): Deleted | null {
    return this.#over;
  }

  /** Deletes, and says what stopped it, if something did: Undo brings back what went by then. */
  async put(which: Which, count: number | null, cursor: number | null): Promise<Problem | null> {
    const { deletion, problem } = await this.backend.deleteAlerts(which);
    if (deletion !== null) this.#take({ deletion, count, whole: problem === null, cursor });
    return problem;
  }

  /** Brings back what was deleted last, and says what that was; `null`: nothing. */
  async undo(): Promise<Deleted | null> {
    const { last } = this;
    if (last === null) return null;
    this.#drop(last);
    this.#run();
    try {
      await this.backend.undoDelete(last.deletion);
    } catch (error) {
      // What failed can be tried again, for as long as if it had been deleted now.
      if (asProblem(error).code !== 'too_late') this.#take(last);
      throw error;
    }
    return last;
  }

  /** Undo is no longer needed. */
  forget(): void {
    for (const deleted of this.#deleted) this.#drop(deleted);
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

  #take(deleted: Deleted): void {
    this.#deleted = [...this.#deleted, deleted];
    this.#over = null;
    this.#ends.set(
      deleted.deletion,
      setTimeout(() => this.#end(deleted), UNDOABLE),
    );
    this.#run();
  }

  #end(deleted: Deleted): void {
    this.#drop(deleted);
    if (this.#held && this.last === null) this.#over = deleted;
  }

  #drop({ deletion }: Deleted): void {
    clearTimeout(this.#ends.get(deletion));
    this.#ends.delete(deletion);
    this.#deleted = this.#deleted.filter((each) => each.deletion !== deletion);
  }

  #run(): void {
    clearTimeout(this.#offer);
    if (this.last !== null && !this.#held) this.#offer = setTimeout(() => this.forget(), OFFERED);
  }
}
