/** What the connection's components need of the app around them. */
import { createContext } from 'svelte';
import type { Backend } from '../../backend/types';

interface ConnectionContext {
  readonly backend: Backend;
  /** Leads to where the account is mended. */
  showAccount(): void;
}

export const [useConnection, provideConnection] = createContext<ConnectionContext>();
