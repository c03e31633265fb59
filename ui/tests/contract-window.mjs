/** Prints the contract as one script for a window, `contract`, for the desktop's tests. */
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const [{ output }] = await build({
  configFile: false,
  logLevel: 'error',
  build: {
    write: false,
    minify: false,
    lib: {
      entry: fileURLToPath(new URL('contract-window.ts', import.meta.url)),
      formats: ['iife'],
      name: 'contract',
    },
  },
});
process.stdout.write(output[0].code);
