import { svelte } from '@sveltejs/vite-plugin-svelte';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** Catalogues in a folder of tests, as the build of the crate `alert` takes them too. */
function further(folder = process.env['AGORA_MESSAGES']): Record<string, unknown> {
  const files =
    folder === undefined ? [] : readdirSync(folder).filter((file) => /\.json$/.test(file));
  return Object.fromEntries(
    files.map((file) => [file, JSON.parse(readFileSync(join(folder!, file), 'utf8'))]),
  );
}

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// `--mode memory` builds the page on the in-memory twin. Any other mode talks to Rust, and the
// bundle then holds nothing of the twin.
export default defineConfig(({ mode }) => ({
  plugins: [svelte()],
  define: { FURTHER_MESSAGES: JSON.stringify(further()) },
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
