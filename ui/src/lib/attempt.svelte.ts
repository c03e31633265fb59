/** Something asked of Rust, with what its control has to say of it: that it runs, or why it failed. */
import { asProblem } from '../backend/types';
import type { Problem } from '../bindings/Problem';

export class Attempt {
  running = $state(false);
  problem = $state.raw<Problem | null>(null);

  /** Asks, once at a time. Whether it went well. */
  async run(ask: () => Promise<unknown>): Promise<boolean> {
    if (this.running) return false;
    this.running = true;
    this.problem = null;
    try {
      await ask();
      return true;
    } catch (error) {
      this.problem = asProblem(error);
      return false;
    } finally {
      this.running = false;
    }
  }
}
