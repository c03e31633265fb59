/** Builds the page on the in-memory twin: once before all tests, and in a folder for those that want another. */
import { build } from 'vite';
import { PAGE } from './chromium';

export async function setup(): Promise<void> {
  await buildPage(PAGE);
}

export async function buildPage(folder: string): Promise<void> {
  await build({
    mode: 'memory',
    logLevel: 'error',
    build: { outDir: folder, emptyOutDir: true },
  });
}
