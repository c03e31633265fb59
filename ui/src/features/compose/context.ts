/** What Compose's components share: the store that `app/` made, which outlives the view, and ways out. */
import { createContext } from 'svelte';
import type { Composer } from './composer.svelte';

export const [useComposer, provideComposer] = createContext<Composer>();

/** Where a person signs in. */
export const [useSignIn, provideSignIn] = createContext<() => void>();
