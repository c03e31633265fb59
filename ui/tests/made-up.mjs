// A made-up language, to see that a language is one file: `node tests/made-up.mjs FOLDER` writes it there.
// Each of its texts is the English one in brackets, so that a text that comes from nowhere is seen, and it
// counts as Slovenian does, in four forms.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error('usage: node tests/made-up.mjs FOLDER');
  process.exit(2);
}

const LOCALE = 'sl';
const forms = new Intl.PluralRules(LOCALE).resolvedOptions().pluralCategories;

/** What parts a content's parts stays what it is, here as in every language. */
const said = (text) =>
  text
    .split(/( · |, $|\n)/)
    .map((part, at) => (at % 2 === 1 || part === '' ? part : `⟦${part}⟧`))
    .join('');

function madeUp(section) {
  return Object.fromEntries(
    Object.entries(section).flatMap(([name, value]) => {
      if (Array.isArray(value)) return [[name, value.map(said)]];
      if (typeof value === 'object') return [[name, madeUp(value)]];
      if (name.endsWith('_one')) return [];
      const base = name.replace(/_other$/, '');
      // A code may end so too, which counts nothing.
      if (!(`${base}_one` in section)) return [[name, said(value)]];
      return forms.map((form) => [`${base}_${form}`, said(`${form}: ${value}`)]);
    }),
  );
}

const english = JSON.parse(readFileSync(new URL('../messages/en.json', import.meta.url), 'utf8'));
const catalogue = madeUp(english);
catalogue.language = { name: 'Made up', locale: LOCALE, answers: ['qaa'] };
Object.assign(catalogue.value, { point: ',', group: '.' });
mkdirSync(folder, { recursive: true });
const [file, text] = [join(folder, 'qaa.json'), `${JSON.stringify(catalogue, null, 2)}\n`];
// One that is as it was keeps its time, and what was built with it is fresh.
if (!existsSync(file) || readFileSync(file, 'utf8') !== text) writeFileSync(file, text);
