import { expect, it } from 'vitest';
import kinds from '../../src/bindings/fixtures/kinds.json';
import { languages } from '../languages';
import { drawn } from '../drawn';
import { hook, stage } from './stage';

const { open } = stage();

it.each(languages)('in %s, no title of a kind is cut in its sense at 980 px', async (language) => {
  const page = await open(`language=${language}&alerts=0`, { width: 980, height: 5_400 });
  const told = kinds.map(({ title, excerpt }) => ({
    title: title[language as keyof typeof title] ?? title.en,
    content: excerpt[language as keyof typeof excerpt] ?? excerpt.en,
  }));
  // The first story is urgent and unread: no row has less room.
  await page.evaluate((told) => told.forEach((words) => window.twin.arrive(0, words)), told);
  await expect.poll(() => hook(page, 'alert-row').count()).toBe(kinds.length);
  await drawn(page);
  const seen = await page.evaluate(() => {
    const titles = document.querySelectorAll<HTMLElement>('[data-testid="alert-row"] .title');
    const ELLIPSIS = 14;
    return [...titles].reverse().map((title) => {
      const text = title.innerText;
      if (title.scrollWidth <= title.clientWidth) return text;
      const end = title.getBoundingClientRect().right - ELLIPSIS;
      const range = document.createRange();
      range.selectNodeContents(title);
      const node = document.createTreeWalker(title, NodeFilter.SHOW_TEXT).nextNode()!;
      for (let length = text.length; length > 0; length -= 1) {
        range.setStart(node, 0);
        range.setEnd(node, length);
        if (range.getBoundingClientRect().right <= end) return text.slice(0, length);
      }
      return '';
    });
  });
  const cut = kinds.filter(({ lesser }, n) => {
    const { title } = told[n]!;
    const ends = lesser.map((word) => title.indexOf(word)).filter((at) => at !== -1);
    return seen[n]!.length < Math.min(title.length, ...ends);
  });
  expect(
    cut.map(({ kind }) => `${kind}: ${seen[kinds.findIndex((it) => it.kind === kind)]}`),
  ).toEqual([]);
});
