/** What the settings' components need of the app around them. */
import { createContext } from 'svelte';
import type { Calls } from '../../bindings/calls';
import type { Section } from './sections';

interface SettingsContext {
  readonly backend: Calls;
  /** Whether this desktop has no keyring for the token. */
  readonly noKeyring: boolean;
  /** Which section is shown. */
  readonly section: Section;
  /** The control that is to have the keyboard, by its hook. */
  readonly wanted: string | null;
  /** It was looked for. */
  reached(): void;
  show(section: Section): void;
}

export const [useSettings, provideSettings] = createContext<SettingsContext>();
