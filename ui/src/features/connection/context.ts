/** What the connection's components need of the app around them. */
import { createContext } from 'svelte';
import type { SvelteSet } from 'svelte/reactivity';
import type { Calls } from '../../bindings/calls';
import type { NoticeCode } from '../../bindings/NoticeCode';

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

/** The notices that the person has put away, for as long as the window is there. */
export const [useHiddenNotices, provideHiddenNotices] = createContext<SvelteSet<NoticeCode>>();
