/** What was deleted a moment ago and can be brought back, the last one first. */
import type { Backend } from '../../../backend/types';
import type { Problem } from '../../../bindings/Problem';
import type { Which } from '../../../bindings/Which';

/** How long Undo is offered, in ms; Rust would bring it back for longer. */
const OFFERED = 10_000;

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
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly backend: Backend) {}

  /** What Undo would bring back; `null`: nothing. */
  get last(): Deleted | null {
    return this.#deleted.at(-1) ?? null;
  }

  /** Deletes, and says what stopped it, if something did: Undo brings back what went by then. */
  async put(which: Which, count: number | null, cursor: number | null): Promise<Problem | null> {
    const { deletion, problem } = await this.backend.deleteAlerts(which);
    if (deletion !== null) {
      const went = { deletion, count, whole: problem === null, cursor };
      this.#deleted = [...this.#deleted, went];
      this.run();
    }
    return problem;
  }

  /** Brings back what was deleted last, and says what that was; `null`: nothing. */
  async undo(): Promise<Deleted | null> {
    const { last } = this;
    if (last === null) return null;
    this.#deleted = this.#deleted.slice(0, -1);
    this.run();
    await this.backend.undoDelete(last.deletion);
    return last;
  }

  /** Undo is no longer needed. */
  forget(): void {
    this.pause();
    this.#deleted = [];
  }

  /** Lets the time run, from its beginning. */
  run(): void {
    this.pause();
    if (this.last !== null) this.#timer = setTimeout(() => this.forget(), OFFERED);
  }

  /** Stops the time while the person is on it. */
  pause(): void {
    clearTimeout(this.#timer);
  }
}
