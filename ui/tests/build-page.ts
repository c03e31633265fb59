/** Builds the page on the in-memory twin, once before all tests. */
import { build } from 'vite';
import { PAGE } from './chromium';

export async function setup(): Promise<void> {
  await build({
    mode: 'memory',
    logLevel: 'error',
    build: { outDir: PAGE, emptyOutDir: true },
  });
}
