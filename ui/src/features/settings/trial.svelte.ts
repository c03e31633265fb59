/** What the rules would have done with the last 30 days, asked again a moment after they change. */
import { asProblem, type Backend } from '../../backend/types';
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

  constructor(private readonly backend: Backend) {}

  /** Tries rules; only the answer for the last ones counts. */
  of(rules: Rules): void {
    this.stop();
    const rest = this.result === null && this.problem === null ? 0 : REST;
    this.#timer = setTimeout(() => void this.#ask(rules), rest);
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
