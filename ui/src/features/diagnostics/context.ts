/** What the diagnostics' components share: the store that `app/` made. */
import { createContext } from 'svelte';
import type { Diagnostics } from './diagnostics.svelte';

export const [useDiagnostics, provideDiagnostics] = createContext<Diagnostics>();
