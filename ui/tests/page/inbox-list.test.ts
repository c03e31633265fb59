import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { PageRequest } from '../../src/bindings/PageRequest';
import { asked, hook, stage } from './stage';

const { open } = stage();

const rowIds = (page: Page): Promise<number[]> =>
  hook(page, 'alert-row').evaluateAll((rows) =>
    rows
      .map((row) => ({
        id: Number((row as HTMLElement).dataset['id']),
        y: row.getBoundingClientRect().y,
      }))
      .sort((a, b) => a.y - b.y)
      .map(({ id }) => id),
  );
const hits = (page: Page): Promise<string[]> => page.locator('mark').allInnerTexts();
const row = (page: Page, id: number) => page.locator(`[data-testid="alert-row"][data-id="${id}"]`);
const lists = async (page: Page) =>
  ((await asked(page, 'inboxPage')) as PageRequest[]).map(({ list }) => list);
const rowsBecome = (page: Page, ids: number[]) => expect.poll(() => rowIds(page)).toEqual(ids);

describe('the search', () => {
  it('finds as one types, and marks what it found', async () => {
    const page = await open();
    await page.keyboard.press('/');
    await page.keyboard.type('TEAPOT', { delay: 20 });
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
        if (request.list.search === 'order') await new Promise((done) => setTimeout(done, 600));
        return real(request);
      };
    });
    await hook(page, 'search').fill('order');
    await page.waitForTimeout(200);
    await hook(page, 'search').fill('teapot');
    await rowsBecome(page, [39, 31, 23, 15, 7]);
    await page.waitForTimeout(700);
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
      fromMs: new Date().setHours(0, 0, 0, 0),
      toMs: null,
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
        fromMs: null,
        toMs: null,
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
    await hook(page, 'date-any').click();
    await expect
      .poll(async () => (await lists(page)).at(-1))
      .toMatchObject({ fromMs: null, toMs: null });
    await page.keyboard.press('Escape');
    expect(await hook(page, 'date-panel').count()).toBe(0);
  });
});

describe('a long list', () => {
  async function jump(page: Page, daysAgo: number): Promise<string> {
    const date = new Date();
    date.setHours(12, 0, 0, 0);
    date.setDate(date.getDate() - daysAgo);
    await hook(page, 'go-to-day').click();
    await hook(page, 'day').fill(date.toLocaleDateString('sv'));
    await hook(page, 'day').press('Enter');
    await hook(page, 'day-panel').waitFor({ state: 'detached' });
    return date.toLocaleDateString('en-GB', { weekday: 'long', day: 'numeric', month: 'long' });
  }

  /** Scrolls by wheel-sized steps, and gathers every row that came into view. */
  async function scroll(page: Page, step: number, until: number): Promise<number[]> {
    return page.getByRole('listbox').evaluate(
      async (list, [step, until]) => {
        const seen = new Set<number>();
        const look = () => {
          const frame = list.getBoundingClientRect();
          const rows = [...list.querySelectorAll<HTMLElement>('[data-testid="alert-row"]')]
            .map((row) => ({ id: Number(row.dataset['id']), box: row.getBoundingClientRect() }))
            .filter(({ box }) => box.bottom > frame.top && box.top < frame.bottom);
          // No blank: rows and the headings between them fill the view.
          const covered = rows.reduce((sum, { box }) => sum + box.height, 0);
          if (covered < frame.height - 5 * 36 - 120) throw new Error(`a blank at ${rows[0]?.id}`);
          if (document.querySelectorAll('[data-testid="alert-row"]').length > 40)
            throw new Error('too many rows');
          for (const { id } of rows) seen.add(id);
        };
        for (let n = 0; n < 2_000 && !seen.has(until!); n += 1) {
          list.scrollBy(0, step!);
          await new Promise((painted) =>
            requestAnimationFrame(() => requestAnimationFrame(painted)),
          );
          look();
        }
        return [...seen].sort((a, b) => b - a);
      },
      [step, until],
    );
  }

  const contiguous = (ids: number[]) => ids.every((id, n) => n === 0 || ids[n - 1] === id + 1);

  it('stands at the day that was asked for, and scrolls both ways without a gap or a double', async () => {
    const page = await open('alerts=100000');
    const name = await jump(page, 30);
    const first = await page.evaluate(() => {
      const list = document.querySelector('[role="listbox"]')!;
      const { top } = list.getBoundingClientRect();
      const under = (y: number) =>
        document.elementFromPoint(list.getBoundingClientRect().x + 40, top + y);
      return {
        heading: under(20)?.textContent,
        row: under(60)?.closest<HTMLElement>('[data-id]')?.dataset['id'],
      };
    });
    expect(first.heading?.trim()).toContain(name.split(',')[0]);
    const start = Number(first.row);
    expect(await hook(page, 'new-alerts').innerText()).toBe('To the newest');

    const down = await scroll(page, 500, start - 2_500);
    expect(contiguous(down)).toBe(true);
    const up = await scroll(page, -500, start + 2_500);
    expect(contiguous(up)).toBe(true);
    expect(up[0]).toBeGreaterThanOrEqual(start + 2_500);

    const limits = ((await asked(page, 'inboxPage')) as PageRequest[]).map(({ limit }) => limit);
    expect(Math.max(...limits)).toBe(100);
    await hook(page, 'new-alerts').click();
    await row(page, 100_000).waitFor();
    expect(await hook(page, 'new-alerts').count()).toBe(0);
  }, 60_000);

  it('says when nothing is as old as the day', async () => {
    const page = await open();
    await hook(page, 'go-to-day').click();
    await hook(page, 'day').fill('2001-01-01');
    await hook(page, 'day-go').click();
    await page.getByText('Nothing in this list is that old.').waitFor();
    expect((await rowIds(page))[0]).toBe(40);
  });

  it('does not move by a pixel for what arrives or is pulled above', async () => {
    const page = await open('alerts=100000');
    // With the animations that there are: none of them is seen here.
    await page.emulateMedia({ reducedMotion: 'no-preference' });
    await jump(page, 30);
    const list = page.getByRole('listbox');
    await list.evaluate((element) => element.scrollBy(0, 333));
    await page.waitForTimeout(50);
    const [, , id] = await rowIds(page);
    const before = await row(page, id!).boundingBox();
    await page.evaluate(() => [0, 1, 2].forEach((n) => window.twin.arrive(n)));
    await hook(page, 'new-alerts').getByText('3 new alerts').waitFor();
    expect(await row(page, id!).boundingBox()).toEqual(before);
    // Read anew in place, with a row above gone.
    await page.evaluate(
      (above) => window.twin.deleteAlerts({ which: 'ids', ids: [above + 30] }),
      id!,
    );
    await page.evaluate(() => window.twin.undoDelete(1));
    await page.waitForTimeout(100);
    expect(await row(page, id!).boundingBox()).toEqual(before);
    // Up to where a page is pulled in above.
    await list.evaluate((element) => (element.scrollTop = 2_450));
    await page.waitForTimeout(50);
    const [, , seen] = await rowIds(page);
    const from = await row(page, seen!).boundingBox();
    const pages = async () => (await asked(page, 'inboxPage')).length;
    const known = await pages();
    // Where the row is drawn, frame by frame.
    const drawn = await list.evaluate(async (element, id) => {
      element.scrollTop = 2_390;
      const places = new Set<number>();
      for (let n = 0; n < 15; n += 1) {
        await new Promise((painted) => requestAnimationFrame(painted));
        const row = element.querySelector(`[data-id="${id}"]`);
        places.add(row?.getBoundingClientRect().y ?? Number.NaN);
      }
      return [...places];
    }, seen);
    expect(await pages()).toBe(known + 1);
    expect(await list.evaluate((element) => element.scrollTop)).toBeGreaterThan(8_000);
    expect(drawn).toEqual([from!.y + 60]);
  });

  it('leads to what arrived from anywhere in it', async () => {
    const page = await open('alerts=100000');
    await jump(page, 30);
    const id = await page.evaluate(() => window.twin.arrive(1));
    await hook(page, 'new-alerts').click();
    await row(page, id).waitFor();
    expect((await rowIds(page))[0]).toBe(id);
    expect(await hook(page, 'new-alerts').count()).toBe(0);
  });

  it('goes by pages and to its ends with the keyboard', async () => {
    const page = await open('alerts=100000');
    await page.getByRole('listbox').focus();
    await page.keyboard.press('j');
    await page.keyboard.press('PageDown');
    const active = () => page.getByRole('listbox').getAttribute('aria-activedescendant');
    await expect.poll(active).toMatch(/-9999\d$/);
    await page.keyboard.press('End');
    await expect.poll(active).toMatch(/-1$/);
    const box = await row(page, 1).boundingBox();
    expect(box!.y + box!.height).toBeLessThanOrEqual(801);
    await page.keyboard.press('Home');
    await expect.poll(active).toMatch(/-100000$/);
  });
});

describe('deleting', () => {
  it('takes the row out at once and brings it back where it was', async () => {
    const page = await open();
    const before = await rowIds(page);
    for (const key of ['j', 'j', 'Delete']) await page.keyboard.press(key);
    await rowsBecome(page, [40, 38, ...(await rowIds(page)).slice(2)]);
    await hook(page, 'undo').click();
    await rowsBecome(page, before);
    expect(await hook(page, 'undo-bar').count()).toBe(0);
    await page.keyboard.press('Delete');
    await row(page, 38).waitFor({ state: 'detached' });
    await page.keyboard.press('Control+z');
    await rowsBecome(page, before);
  });

  it('closes the open alert', async () => {
    const page = await open();
    await hook(page, 'alert-row').nth(3).click();
    await hook(page, 'delete').click();
    await hook(page, 'alert-detail').waitFor({ state: 'detached' });
    await row(page, 37).waitFor({ state: 'detached' });
    await hook(page, 'undo').click();
    await row(page, 37).waitFor();
  });

  it('is offered to be undone for ten seconds, but not taken away from under the pointer', async () => {
    const page = await open();
    await page.clock.install();
    await page.keyboard.press('j');
    await page.keyboard.press('Delete');
    await hook(page, 'undo-bar').hover();
    await page.clock.runFor(30_000);
    expect(await hook(page, 'undo-bar').count()).toBe(1);
    await page.mouse.move(900, 300);
    await page.clock.runFor(9_000);
    expect(await hook(page, 'undo-bar').count()).toBe(1);
    await page.clock.runFor(1_500);
    expect(await hook(page, 'undo-bar').count()).toBe(0);
  });

  it('of all that a list shows is one thing to ask, and one to undo', async () => {
    const page = await open('alerts=3000');
    await page.keyboard.press('Control+a');
    expect(await hook(page, 'selection-bar').innerText()).toContain('3,000 selected');
    await page.evaluate(() => window.twin.arrive(1));
    await page.keyboard.press('Delete');
    await rowsBecome(page, [3001]);
    const [which] = (await asked(page, 'deleteAlerts')) as [unknown];
    expect(which).toMatchObject({
      which: 'matching',
      upTo: 3_000,
      list: { category: null, search: '' },
    });
    expect(await hook(page, 'undo-bar').innerText()).toContain('3,000 deleted');
    await hook(page, 'undo').click();
    await row(page, 3_000).waitFor();
  });

  it('elsewhere takes rows out here', async () => {
    const page = await open();
    await page.evaluate(() => window.twin.deleteAlerts({ which: 'ids', ids: [39, 38] }));
    await expect.poll(async () => (await rowIds(page)).slice(0, 2)).toEqual([40, 37]);
  });
});

describe('a selection', () => {
  const selected = (page: Page) =>
    page
      .locator('[role="option"][aria-selected="true"]')
      .evaluateAll((rows) =>
        rows.map((row) => Number((row as HTMLElement).dataset['id'])).sort((a, b) => b - a),
      );

  it('is made with the mouse and marked as read at once', async () => {
    const page = await open();
    await row(page, 40).click({ modifiers: ['ControlOrMeta'] });
    await row(page, 38).click({ modifiers: ['Shift'] });
    await row(page, 35).click({ modifiers: ['ControlOrMeta'] });
    expect(await selected(page)).toEqual([40, 39, 38, 35]);
    expect(await hook(page, 'alert-detail').count()).toBe(0);
    expect(await page.getByRole('listbox').getAttribute('aria-multiselectable')).toBe('true');
    await hook(page, 'selection-read').click();
    await expect
      .poll(() => asked(page, 'mark'))
      .toEqual([{ which: { which: 'ids', ids: [40, 39, 38, 35] }, read: true }]);
    await hook(page, 'unread-count').waitFor({ state: 'detached' });
    expect(await hook(page, 'selection-bar').count()).toBe(0);
  });

  it('is made with the keyboard and ended with Escape', async () => {
    const page = await open();
    await page.keyboard.press('j');
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Shift+ArrowUp');
    expect(await selected(page)).toEqual([40, 39]);
    await page.keyboard.press('Escape');
    expect(await selected(page)).toEqual([]);
  });

  it('of all is what the filter shows', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'Chat' }).click();
    await rowsBecome(page, [37, 29, 21, 13, 5]);
    await page.keyboard.press('Control+a');
    await hook(page, 'selection-unread').click();
    const [{ which }] = (await asked(page, 'mark')) as [{ which: unknown }];
    expect(which).toMatchObject({ which: 'matching', upTo: 37, list: { category: 'chat' } });
    await expect.poll(() => hook(page, 'unread-count').textContent()).toBe('8');
  });
});

describe('the whole list', () => {
  it('is marked as read, but for what came since it was seen', async () => {
    const page = await open();
    await hook(page, 'alert-row').nth(4).click();
    await page.evaluate(() => window.twin.arrive(1));
    await hook(page, 'new-alerts').waitFor();
    await hook(page, 'mark-all-read').click();
    await expect.poll(() => hook(page, 'unread-count').textContent()).toBe('1');
    await page.keyboard.press('Escape');
    await hook(page, 'mark-all-read').click();
    await expect.poll(() => hook(page, 'mark-all-read').isDisabled()).toBe(true);
  });

  it('is exported, and says where it is', async () => {
    const page = await open();
    await hook(page, 'chip-unread').click();
    await hook(page, 'export').click();
    await hook(page, 'export-json').click();
    await page.getByText('3 alerts exported to /home/mei/Downloads/agora-alerts.jsonl').waitFor();
    await hook(page, 'show-export').click();
    expect(await asked(page, 'showExport')).toHaveLength(1);
    const [{ list, format }] = (await asked(page, 'exportInbox')) as [
      { list: { unread: boolean }; format: string },
    ];
    expect([list.unread, format]).toEqual([true, 'json_lines']);
  });

  it('is asked for again after it could not be read', async () => {
    const page = await open();
    await page.evaluate(() => {
      window.twin.problems.set('inboxPage', { code: 'inbox', message: 'disk', fields: [] });
    });
    await hook(page, 'chip-urgent').click();
    await hook(page, 'list-again').click();
    await rowsBecome(page, [40, 32, 24, 16, 8]);
    expect(await page.getByRole('alert').count()).toBe(0);
  });
});
