/** What the connection's components need of the app around them. */
import { createContext } from 'svelte';
import type { Calls } from '../../bindings/calls';

interface ConnectionContext {
  readonly backend: Calls;
  /** Leads to where the account is mended. */
  showAccount(): void;
  /** Until when toasts are snoozed. */
  readonly snoozedUntilMs: number | null;
  /** Asks for how long to disconnect. */
  disconnect(): void;
}

export const [useConnection, provideConnection] = createContext<ConnectionContext>();
