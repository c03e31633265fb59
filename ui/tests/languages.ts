/** The languages that there are, by their tags: for tests and pictures that look at each of them. */
import { readdirSync } from 'node:fs';

export const languages = readdirSync(new URL('../messages', import.meta.url)).map((file) =>
  file.replace(/\.json$/, ''),
);
