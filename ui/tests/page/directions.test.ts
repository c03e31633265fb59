/** Words that are written from right to left, and characters that turn a direction, in the rows. */
import { expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { hook, stage } from './stage';

const { open } = stage();

const names = [
  ['Arabic', 'أحمد طلب إبريق الشاي #12 (3)'],
  ['Hebrew beside English', 'דוד ordered 2 teapots: NT$1,280'],
  // Rust takes such characters out of what comes; the page stands even where one is left.
  ['an override that is never closed', 'Lin\u202e Tea \u2066House\u2067'],
  ['a long Arabic text', 'طلب إبريق الشاي '.repeat(30)],
] as const;

interface Place {
  row: string;
  title: [number, number];
  excerpt: [number, number];
  time: [number, number];
  said: string;
}

const place = (page: Page, id: number): Promise<Place> =>
  page.locator(`[data-testid="alert-row"][data-id="${id}"]`).evaluate((row) => {
    // From where to where its words can be seen.
    const across = (selector: string): [number, number] => {
      const part = row.querySelector(selector) as Element;
      const box = part.getBoundingClientRect();
      const words = document.createRange();
      words.selectNodeContents(part);
      const { left } = words.getBoundingClientRect();
      return [Math.round(Math.max(left, box.left)), Math.round(box.right)];
    };
    return {
      row: `${row.getBoundingClientRect().height} ${row.scrollWidth - row.clientWidth}`,
      title: across('.title'),
      excerpt: across('.excerpt'),
      time: across('time'),
      said: row.querySelector('time')?.textContent ?? '',
    };
  });

it.each(names)('%s leaves every part of a row in its place', async (_, name) => {
  const page = await open('alerts=3&language=en&theme=light', { width: 640, height: 480 });
  const arrive = (title: string, content: string) =>
    page.evaluate(([title, content]) => window.twin.arrive(1, { title, content }), [
      title,
      content,
    ] as const);
  const plain = await arrive('Lin', 'a teapot');
  const turned = await arrive(name, name);
  await hook(page, 'alert-row').nth(1).waitFor();
  await expect.poll(() => page.locator(`[data-id="${turned}"]`).count()).toBe(1);
  const [a, b] = [await place(page, plain), await place(page, turned)];
  expect(b.row).toBe(a.row);
  expect(b.title[0]).toBe(a.title[0]);
  expect(b.time).toEqual(a.time);
  expect(b.excerpt).toEqual(a.excerpt);
  expect(b.title[1]).toBeLessThan(b.time[0]);
  expect(b.said).toMatch(/^\d\d:\d\d$/);
});

it('a direction ends with the words that have it', async () => {
  const page = await open('alerts=0&language=en&theme=light');
  const id = await page.evaluate(() =>
    window.twin.arrive(1, { title: 'دوام', content: 'a\u202e b' }),
  );
  const row = page.locator(`[data-testid="alert-row"][data-id="${id}"]`);
  await row.waitFor();
  const isolated = await row
    .locator('.title, .excerpt')
    .evaluateAll((all) => all.map((one) => getComputedStyle(one).unicodeBidi));
  expect(isolated).toEqual(['isolate', 'isolate']);
  await row.click();
  const detail = hook(page, 'alert-detail');
  expect(await detail.locator('h2').evaluate((one) => getComputedStyle(one).direction)).toBe('rtl');
});
