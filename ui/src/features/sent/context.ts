/** What Sent's components share: the store that `app/` made, and the way to Compose. */
import { createContext } from 'svelte';
import type { Sent } from './sent.svelte';

export const [useSent, provideSent] = createContext<Sent>();

/** Opens a body in Compose, as JSON. */
export const [useAgain, provideAgain] = createContext<(json: string) => void>();
