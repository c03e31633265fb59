/**
 * A language is one file: the page is built with a made-up one beside the others, whose every text stands in
 * brackets, and everything is said in it.
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { buildPage } from '../build-page';
import { labels } from '../../src/backend/memory/labels';
import { stories } from '../../src/backend/memory/market';
import { catalogues, translate } from '../../src/i18n/catalogue';
import { scenes } from '../scenes';
import { hook, stage } from './stage';

const results = (name: string) =>
  fileURLToPath(new URL(`../../test-results/${name}`, import.meta.url));

beforeAll(async () => {
  const made = results('made-up');
  execFileSync('node', [fileURLToPath(new URL('../made-up.mjs', import.meta.url)), made]);
  process.env['AGORA_MESSAGES'] = made;
  await buildPage(results('made-up-page'));
  delete process.env['AGORA_MESSAGES'];
});

const { open } = stage(results('made-up-page'));

/** The days as `Intl` names them in the made-up language. */
function weekdays(weekday: 'long' | 'short'): string[] {
  const format = new Intl.DateTimeFormat('sl', { weekday });
  return [1, 2, 3, 4, 5, 6, 7].map((day) => format.format(new Date(2024, 0, day)));
}

/** What is not the page's to say: the names and words of people, markets and systems, as the scenes have them. */
const others = [
  ...stories.flatMap(({ told: { en } }) => [
    en.content,
    ...en.fields.flatMap(({ label, value }) => [value, label]),
    en.row.title,
    en.row.excerpt,
    en.toast ?? '',
  ]),
  ...labels,
  'Maintenance tonight from 02:00 to 03:00',
  'Payments are paused for an hour. Orders and messages go on as usual.',
  ...Object.keys(catalogues).map((tag) => translate(tag, 'language.name')),
  '颱風：今天北部不配送',
  'timed out',
  'no such user',
  'Made up',
  ...weekdays('long'),
  ...weekdays('short'),
  'database or disk is full',
  'expected value at line 1',
  'JWT expired at',
  'no answer within 30 s',
  'the settings file',
  "can't be read",
  'no owner',
  'Debian GNU',
  'Linux',
  'AppleWebKit',
  'Chrome',
  'dunst',
  'XFCE',
  'IDLE',
  'Demo',
  'HTTP',
].sort((one, other) => other.length - one.length);
/** Hosts, paths, addresses and ids. */
const NAMED = /\S*[/@.:_]\S*/g;

/** What the page says outside of brackets, also to those who hear it. */
async function unbracketed(page: Page): Promise<string[]> {
  const texts = await page.evaluate(() => {
    // Where something was searched for, what was found is in pieces. What a check found, and the report, are
    // as the program tells them, which here is in English.
    // Keys are called what is printed on them.
    // A preview is in the language of who receives it.
    const more = '[data-testid="compose-more"] :is(dt, bdi)';
    const told = `[data-testid="alert-row"], [data-part], textarea, kbd, [data-testid="preview"] [lang], ${more}`;
    const all: string[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const element = walker.currentNode.parentElement;
      if (element?.closest(told) == null) all.push(walker.currentNode.textContent ?? '');
    }
    for (const element of document.querySelectorAll('[aria-label], [title], [placeholder]'))
      if (element.closest(told) === null)
        for (const name of ['aria-label', 'title', 'placeholder'])
          all.push(element.getAttribute(name) ?? '');
    return all;
  });
  return texts.map(stripped).filter((rest) => /\p{L}{3}/u.test(rest));
}

/** A text without what is in brackets, of which one may stand in another, and without what is others'. */
function stripped(text: string): string {
  let rest = others.reduce((all, name) => all.replaceAll(name, ''), text);
  for (let before = ''; before !== rest;) {
    before = rest;
    rest = rest.replace(/⟦[^⟦⟧]*⟧/g, '');
  }
  return rest.replace(NAMED, '').trim();
}

describe('a language that is a file and nothing else', () => {
  it('is in the chooser by its own name, and is spoken as soon as it is chosen', async () => {
    const page = await open();
    await hook(page, 'nav-settings').click();
    await hook(page, 'settings-appearance').click();
    const option = hook(page, 'language-qaa');
    expect(await option.innerText()).toBe('Made up');
    await option.click();
    await page.waitForFunction(() => document.documentElement.lang === 'qaa');
    expect(await hook(page, 'nav-settings').innerText()).toContain('⟦Settings⟧');
    expect(await option.getByRole('radio').isChecked()).toBe(true);
  });

  it.each([
    [1, 'one'],
    [2, 'two'],
    [3, 'few'],
    [5, 'other'],
    [101, 'one'],
  ])('counts %i in its own form, %s', async (count, form) => {
    const page = await open(`language=qaa&alerts=0`);
    await page.evaluate((number) => {
      for (let n = 0; n < number; n += 1) window.twin.arrive(n);
    }, count);
    await page.keyboard.press('Control+a');
    await hook(page, 'selection-bar').getByText(`⟦${form}: ${count} selected⟧`).waitFor();
  });

  it.each(scenes)('says all of it: $name', async (scene) => {
    const page = await open(`language=qaa&${scene.query ?? ''}`);
    await scene.play?.(page);
    expect(await unbracketed(page)).toEqual([]);
  });
});
