/** What the inbox's components share, which `app/` made. */
import { createContext } from 'svelte';
import type { Category } from '../../bindings/Category';
import type { SnoozeChoice } from '../../bindings/SnoozeChoice';
import type { Inbox } from './store/inbox.svelte';

/** How an alert's menu keeps toasts away. */
export interface Quieting {
  /** Until when toasts are snoozed, in ms. */
  readonly snoozedUntilMs: number | null;
  isMuted(category: Category): boolean;
  /** Has a category's alerts become toasts, or not. Rejects with a `Problem`. */
  mute(category: Category, muted: boolean): Promise<void>;
  /** Rejects with a `Problem`. */
  snooze(choice: SnoozeChoice): Promise<void>;
}

export const [useQuieting, provideQuieting] = createContext<Quieting>();
export const [useInbox, provideInbox] = createContext<Inbox>();
