/** What the rules would have done with the last 30 days, asked again a moment after they change. */
import { asProblem } from '../../backend/types';
import type { Calls } from '../../bindings/calls';
import type { Problem } from '../../bindings/Problem';
import type { Rules } from '../../bindings/Rules';
import type { RulesPreview } from '../../bindings/RulesPreview';

/** Who changes rules changes several. In ms. */
const REST = 250;

export class Trial {
  result = $state.raw<RulesPreview | null>(null);
  problem = $state.raw<Problem | null>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked = 0;
  // Not state: who tries rules in an effect must not be run again by the answer.
  #first = true;

  constructor(private readonly backend: Calls) {}

  /** Tries rules; only the answer for the last ones counts. */
  of(rules: Rules): void {
    this.stop();
    this.#timer = setTimeout(() => void this.#ask(rules), this.#first ? 0 : REST);
    this.#first = false;
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#asked += 1;
  }

  async #ask(rules: Rules): Promise<void> {
    const mine = this.#asked;
    try {
      const result = await this.backend.previewRules(rules);
      if (mine === this.#asked) [this.result, this.problem] = [result, null];
    } catch (error) {
      if (mine === this.#asked) [this.result, this.problem] = [null, asProblem(error)];
    }
  }
}
