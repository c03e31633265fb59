/**
 * Whether the app starts with the computer. It is the desktop's to say, where people can switch it too: it is
 * asked whenever somebody looks.
 */
import { asProblem } from '../../backend/types';
import type { Calls } from '../../bindings/calls';
import type { Problem } from '../../bindings/Problem';

export class Start {
  /** Whether it does; `null`: nobody has said so far. */
  on = $state.raw<boolean | null>(null);
  /** Why that isn't known, or isn't as it was asked for. */
  problem = $state.raw<Problem | null>(null);
  #asked = 0;

  constructor(private readonly backend: Calls) {}

  /** Asks how it is. */
  async look(): Promise<void> {
    const number = ++this.#asked;
    try {
      const on = await this.backend.startsWithComputer();
      if (number === this.#asked) this.on = on;
    } catch (error) {
      if (number === this.#asked) this.problem = asProblem(error);
    }
  }

  /** Asks that it be so, and shows what then is. */
  async set(on: boolean): Promise<void> {
    this.problem = null;
    // What was asked before is no answer to this.
    this.#asked += 1;
    this.on = on;
    try {
      await this.backend.startWithComputer(on);
    } catch (error) {
      this.problem = asProblem(error);
    }
    await this.look();
  }
}
