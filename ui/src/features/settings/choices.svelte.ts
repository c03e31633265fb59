/**
 * The person's choices while they are kept: what the controls show, and what couldn't be kept.
 *
 * Choices are kept at once, one after the other, each on top of what holds by then, so that two in
 * quick succession don't undo each other.
 */
import { asProblem } from '../../backend/types';
import type { Calls } from '../../bindings/calls';
import type { Preferences } from '../../bindings/Preferences';
import type { Problem } from '../../bindings/Problem';

type Change = (from: Preferences) => Preferences;

export class Choices {
  /** What couldn't be kept, by the place on the page where it was chosen. */
  failure = $state.raw<{ readonly place: string; readonly problem: Problem } | null>(null);
  #waiting = $state.raw<readonly Change[]>([]);
  /** What was kept while the last snapshot still says what held before. */
  #ahead = $state.raw<{ readonly of: Preferences; readonly kept: Preferences } | null>(null);
  #last: Promise<unknown> = Promise.resolve();

  /** `told` gives the choices as the last snapshot tells them. */
  constructor(
    private readonly backend: Calls,
    private readonly told: () => Preferences,
  ) {}

  /** What holds, and over it what is about to be kept. */
  get shown(): Preferences {
    return this.#waiting.reduce((preferences, change) => change(preferences), this.#held);
  }

  /** Why the last choice at that place wasn't kept. */
  problem(place: string): Problem | null {
    return this.failure?.place === place ? this.failure.problem : null;
  }

  /** Keeps a change. Whether it was kept; if not, the controls show again what holds. */
  keep(place: string, change: Change): Promise<boolean> {
    this.failure = null;
    this.#waiting = [...this.#waiting, change];
    const done = this.#last.then(() => this.#send(place, change));
    this.#last = done;
    return done;
  }

  get #held(): Preferences {
    const told = this.told();
    return this.#ahead?.of === told ? this.#ahead.kept : told;
  }

  async #send(place: string, change: Change): Promise<boolean> {
    const kept = change(this.#held);
    try {
      const of = this.told();
      await this.backend.setPreferences(kept);
      this.#ahead = { of, kept };
      return true;
    } catch (error) {
      this.failure = { place, problem: asProblem(error) };
      return false;
    } finally {
      this.#waiting = this.#waiting.filter((each) => each !== change);
    }
  }
}
