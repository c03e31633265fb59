/** What Live's components share: the store that `app/` made, which outlives the view. */
import { createContext } from 'svelte';
import type { LiveStore } from './live.svelte';

export const [useLive, provideLive] = createContext<LiveStore>();
