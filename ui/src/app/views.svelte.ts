/** Which view fills the page, and whether the window is too narrow for everything side by side. */
import { MediaQuery } from 'svelte/reactivity';

export type View = 'inbox' | 'compose' | 'settings';

export class Views {
  current = $state<View>('inbox');
  readonly #narrow = new MediaQuery('width < 900px');

  /** Under 900 px the rail shows icons only and an open alert covers the list. */
  get narrow(): boolean {
    return this.#narrow.current;
  }

  show(view: View): void {
    this.current = view;
  }
}
