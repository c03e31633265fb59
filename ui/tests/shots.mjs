// Runs shots.ts: Vite reads TypeScript, Node of every supported version need not.
import { resolve } from 'node:path';
import { runnerImport } from 'vite';

const [folder, beginning] = process.argv.slice(2);
if (folder === undefined) {
  console.error('usage: npm run shots -- DIR [BEGINNING]');
  process.exit(2);
}
const { module } = await runnerImport(new URL('./shots.ts', import.meta.url).pathname);
await module.shoot(resolve(folder), beginning);
