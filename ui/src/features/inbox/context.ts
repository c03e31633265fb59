/** What the inbox's components share: the store that `app/` made. */
import { createContext } from 'svelte';
import type { Inbox } from './store/inbox.svelte';

export const [useInbox, provideInbox] = createContext<Inbox>();
