import { svelte } from '@sveltejs/vite-plugin-svelte';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// `--mode memory` builds the page on the in-memory twin. Any other mode talks to Rust, and the
// bundle then holds nothing of the twin.
export default defineConfig(({ mode }) => ({
  plugins: [svelte()],
  resolve: {
    alias: {
      $backend: here(
        mode === 'memory' ? './src/backend/memory/index.ts' : './src/backend/tauri.ts',
      ),
    },
  },
  server: { port: 1420, strictPort: true, fs: { allow: ['..'] } },
  build: {
    // The oldest webviews with `light-dark()`; without a floor the colours would be rewritten.
    target: ['safari17.5', 'chrome123'],
    // The page's policy is `img-src 'self' data:` only; scripts and styles stay files.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
  test: {
    include: ['src/**/*.test.ts', 'tests/**/*.test.ts'],
    globalSetup: './tests/build-page.ts',
    // Only what fails takes as long: a busy machine is no failure.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 30_000 } },
    // Two cores: page tests share one browser a file, and files run one after the other.
    fileParallelism: false,
  },
}));
