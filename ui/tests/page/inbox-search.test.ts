import { describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { lists, rowIds, rowsBecome } from './rows';
import { drawn } from '../drawn';
import { beginAt, hook, stage, stopClock } from './stage';

const { open } = stage();

const hits = (page: Page): Promise<string[]> => page.locator('mark').allInnerTexts();

describe('the search', () => {
  it('finds as one types, and marks what it found', async () => {
    const page = await open();
    await page.keyboard.press('/');
    // However long the keys take here, to the page they come one soon after the other.
    await stopClock(page);
    for (const key of 'TEAPOT') {
      await page.keyboard.press(key);
      await page.clock.runFor(20);
    }
    expect((await lists(page)).map(({ search }) => search)).toEqual(['']);
    await page.clock.runFor(200);
    await rowsBecome(page, [39, 31, 23, 15, 7]);
    expect(new Set(await hits(page))).toEqual(new Set(['teapot']));
    // Typing rested once: once it was asked.
    expect((await lists(page)).map(({ search }) => search)).toEqual(['', 'TEAPOT']);
  });

  it('finds one Chinese character', async () => {
    const page = await open('language=zh-TW');
    await hook(page, 'search').fill('壺');
    await rowsBecome(page, [39, 31, 23, 15, 7]);
    expect(new Set(await hits(page))).toEqual(new Set(['壺']));
  });

  it('does not search for syllables on their way to a character', async () => {
    const page = await open('language=zh-TW');
    await page.keyboard.press('/');
    const keyboard = await page.context().newCDPSession(page);
    for (const text of ['ㄔ', 'ㄔㄚ', 'ㄔㄚˊ']) {
      await keyboard.send('Input.imeSetComposition', {
        text,
        selectionStart: text.length,
        selectionEnd: text.length,
      });
      await page.waitForTimeout(200);
    }
    expect((await lists(page)).map(({ search }) => search)).toEqual(['']);
    await keyboard.send('Input.insertText', { text: '茶' });
    await page.locator('mark').first().waitFor();
    expect((await lists(page)).map(({ search }) => search)).toEqual(['', '茶']);
  });

  it('shows the answer to the newest question, whichever comes last', async () => {
    const page = await open();
    await page.evaluate(() => {
      const { twin } = window;
      const real = twin.inboxPage.bind(twin);
      twin.inboxPage = async (request) => {
        const answer = await real(request);
        if (request.list.search === 'order')
          await new Promise((come) => addEventListener('late', come, { once: true }));
        return answer;
      };
    });
    await hook(page, 'search').fill('order');
    await expect.poll(async () => (await lists(page)).at(-1)?.search).toBe('order');
    await hook(page, 'search').fill('teapot');
    await rowsBecome(page, [39, 31, 23, 15, 7]);
    await page.evaluate(() => dispatchEvent(new Event('late')));
    await drawn(page);
    expect(await rowIds(page)).toEqual([39, 31, 23, 15, 7]);
  });

  it('goes together with category, chips and days, and stays when the category changes', async () => {
    const page = await open();
    await hook(page, 'search').fill('order');
    await page.locator('mark').first().waitFor();
    await page.getByRole('button', { name: 'Money' }).click();
    await rowsBecome(page, [38, 30, 22, 14, 6]);
    await hook(page, 'chip-unread').click();
    await rowsBecome(page, [38]);
    await hook(page, 'chip-date').click();
    await hook(page, 'date-1').click();
    await hook(page, 'chip-urgent').click();
    await page.getByText('Nothing found').waitFor();
    await page.getByText('No alert in what you show only says “order”.').waitFor();
    expect((await lists(page)).at(-1)).toEqual({
      category: 'money',
      unread: true,
      urgent: true,
      starred: false,
      reminders: false,
      fromMs: new Date().setHours(0, 0, 0, 0),
      toMs: null,
      toldMs: null,
      search: 'order',
    });
    await page.getByRole('button', { name: 'Search everywhere' }).click();
    await page.locator('mark').first().waitFor();
  });

  it('is left and cleared with Escape, and left with Enter', async () => {
    const page = await open();
    await page.keyboard.press('/');
    await page.keyboard.type('teapot');
    await page.keyboard.press('Enter');
    await rowsBecome(page, [39, 31, 23, 15, 7]);
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.locator('[data-testid="alert-detail"][data-id="39"]').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.press('Escape');
    await expect.poll(async () => (await rowIds(page))[0]).toBe(40);
    expect(await hook(page, 'search').inputValue()).toBe('');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('listbox');
  });

  it('stops after some pages without a hit, and goes on when it is asked to', async () => {
    const page = await open('alerts=400000');
    await hook(page, 'search').fill('coupon lantern');
    await page.getByText('Nothing found so far').waitFor();
    const before = (await lists(page)).length;
    await hook(page, 'search-on').click();
    await expect.poll(async () => (await lists(page)).length).toBeGreaterThan(before);
  });

  it('is filled in when a summary of a search’s list is opened', async () => {
    const page = await open();
    await hook(page, 'nav-settings').click();
    await page.evaluate(() =>
      window.twin.clickSummary({
        category: 'orders',
        unread: false,
        urgent: false,
        starred: false,
        reminders: false,
        fromMs: null,
        toMs: null,
        toldMs: null,
        search: 'tea',
      }),
    );
    await rowsBecome(page, [39, 31, 23, 15, 7]);
    expect(await hook(page, 'search').inputValue()).toBe('tea');
    await page.getByRole('heading', { name: 'Orders' }).waitFor();
  });
});

describe('the days', () => {
  it('are both in the list that is narrowed to them', async () => {
    const page = await open();
    const day = (ago: number) => {
      const date = new Date();
      date.setHours(12, 0, 0, 0);
      date.setDate(date.getDate() - ago);
      return date.toLocaleDateString('sv');
    };
    await hook(page, 'chip-date').click();
    await hook(page, 'date-from').fill(day(2));
    await hook(page, 'date-to').fill(day(1));
    await hook(page, 'date-to').press('Enter');
    await expect
      .poll(async () => (await lists(page)).at(-1)?.toMs)
      .toBe(new Date().setHours(0, 0, 0, 0));
    const last = (await lists(page)).at(-1);
    expect(last?.fromMs).toBe(+new Date(`${day(2)}T00:00`));
    await hook(page, 'date-from').fill(day(0));
    await hook(page, 'date-to').focus();
    await page.getByText('The first day is after the last.').waitFor();
    expect(await hook(page, 'date-from').getAttribute('aria-invalid')).toBe('true');
    await hook(page, 'date-any').click();
    await expect
      .poll(async () => (await lists(page)).at(-1))
      .toMatchObject({ fromMs: null, toMs: null });
    expect(await hook(page, 'date-from').getAttribute('aria-invalid')).toBe('false');
    await page.keyboard.press('Escape');
    expect(await hook(page, 'date-panel').count()).toBe(0);
  });
});

describe('a day that is typed', () => {
  const shown = async (page: Page) => (await lists(page)).at(-1);

  it('narrows the list to it beside the other words, and is a chip that can be taken away', async () => {
    const page = await open();
    await beginAt(page, new Date('2026-11-25T14:00:00'));
    const from = new Date('2026-11-24T00:00:00').getTime();
    const to = new Date('2026-11-25T00:00:00').getTime();
    await hook(page, 'search').fill('tea yesterday');
    await expect.poll(() => shown(page)).toMatchObject({ search: 'tea', fromMs: from, toMs: to });
    await hook(page, 'chip-date').getByText('24 Nov').waitFor();
    expect(await hook(page, 'search').inputValue()).toBe('tea yesterday');
    await hook(page, 'search').fill('tea yesterda');
    await expect
      .poll(() => shown(page))
      .toMatchObject({ search: 'tea yesterda', fromMs: null, toMs: null });
    await hook(page, 'search').fill('11/24');
    await expect.poll(() => shown(page)).toMatchObject({ search: '', fromMs: from, toMs: to });
    await hook(page, 'date-away').click();
    await expect
      .poll(() => shown(page))
      .toMatchObject({ search: '11/24', fromMs: null, toMs: null });
    expect(await hook(page, 'date-away').count()).toBe(0);
    expect(await hook(page, 'search').inputValue()).toBe('11/24');
  });

  it('gives way to days that are chosen', async () => {
    const page = await open();
    await hook(page, 'search').fill('昨天');
    await hook(page, 'date-away').waitFor();
    await hook(page, 'chip-date').click();
    await hook(page, 'date-7').click();
    await expect.poll(() => hook(page, 'search').inputValue()).toBe('');
    expect((await shown(page))?.toMs).toBeNull();
    await hook(page, 'date-away').click();
    await expect.poll(() => shown(page)).toMatchObject({ search: '', fromMs: null, toMs: null });
  });
});
