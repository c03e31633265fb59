/** Asks for the orders and people that a text names: one question at a time, and of those that wait the last. */
import type { Calls } from '../../bindings/calls';
import type { Subject } from '../../bindings/Subject';

export class Asking {
  /** What the last text that was answered names. */
  found = $state.raw<readonly Subject[]>([]);
  #wanted = '';
  #asking = false;

  constructor(private readonly ask: Calls['subjects']) {}

  /** Asks for another text. What can't be answered names nothing: the list itself says why. */
  async look(text: string): Promise<void> {
    this.#wanted = text;
    if (text === '') this.found = [];
    if (this.#asking) return;
    this.#asking = true;
    for (let asked = ''; asked !== this.#wanted;) {
      asked = this.#wanted;
      const found = asked === '' ? [] : await this.ask(asked).catch(() => []);
      if (asked === this.#wanted) this.found = found;
    }
    this.#asking = false;
  }
}
