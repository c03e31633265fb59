/** Which view fills the page, and whether the window is too narrow for everything side by side. */
import { MediaQuery } from 'svelte/reactivity';
import { SECTIONS, type Section } from '../features/settings/sections';

export type View = 'inbox' | 'compose' | 'sent' | 'live' | 'settings';

const VIEWS: readonly View[] = ['inbox', 'compose', 'sent', 'live', 'settings'];

/**
 * What is shown stands in the page's address, so that a page that has to come back (its process
 * died) shows it again. One that is opened anew begins with the inbox.
 */
export class Views {
  current = $state<View>('inbox');
  /** Which of the settings are shown. */
  section = $state<Section>('account');
  /** The one of its controls that is to have the keyboard, by its hook. */
  control = $state<string | null>(null);
  readonly #narrow = new MediaQuery('width < 900px');

  /** Under 900 px the rail shows icons only and an open alert covers the list. */
  get narrow(): boolean {
    return this.#narrow.current;
  }

  constructor() {
    const [view, section] = location.hash.slice(1).split('/');
    this.current = VIEWS.find((name) => name === view) ?? 'inbox';
    this.section = SECTIONS.find((name) => name === section) ?? 'account';
  }

  show(view: View, section: Section = 'account', control: string | null = null): void {
    this.current = view;
    this.section = section;
    this.control = control;
    history.replaceState(null, '', view === 'settings' ? `#${view}/${section}` : `#${view}`);
  }
}
