/**
 * Whether single letters act on the inbox. They can be switched off: whoever speaks to the computer,
 * or slips on a key, would do things unasked (WCAG 2.1.4).
 *
 * It is kept in the page's own storage and not among the preferences: only the page has such keys,
 * and Rust would have nothing to do with it but to hand it back.
 */
import { createContext } from 'svelte';

const KEY = 'agora.single-letters';

export class Keyboard {
  #letters = $state(true);

  constructor(private readonly storage: Storage) {
    try {
      this.#letters = storage.getItem(KEY) !== 'off';
    } catch {
      // A forbidden storage only means that it won't survive a restart.
    }
  }

  /** Whether a letter alone is a key of ours. */
  get letters(): boolean {
    return this.#letters;
  }

  set letters(on: boolean) {
    this.#letters = on;
    try {
      this.storage.setItem(KEY, on ? 'on' : 'off');
    } catch {
      // As above.
    }
  }
}

export const [useKeyboard, provideKeyboard] = createContext<Keyboard>();
