/**
 * Whether single letters act on the inbox. They can be switched off: whoever speaks to the computer,
 * or slips on a key, would do things unasked (WCAG 2.1.4).
 */
import { createContext } from 'svelte';

export interface Keyboard {
  /** Whether a letter alone is a key of ours. */
  readonly letters: boolean;
}

export const [useKeyboard, provideKeyboard] = createContext<Keyboard>();
