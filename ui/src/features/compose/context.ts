/** What Compose's components share: the store that `app/` made, which outlives the view. */
import { createContext } from 'svelte';
import type { Composer } from './composer.svelte';

export const [useComposer, provideComposer] = createContext<Composer>();
