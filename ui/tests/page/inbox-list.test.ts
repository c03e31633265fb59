import { describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import type { PageRequest } from '../../src/bindings/PageRequest';
import { row, rowIds, rowsBecome } from './rows';
import { drawn } from '../drawn';
import { asked, beginAt, hook, stage } from './stage';

const { open } = stage();

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
  }, 300_000);

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
    await drawn(page);
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
    await drawn(page);
    expect(await row(page, id!).boundingBox()).toEqual(before);
    // Up to where a page is pulled in above.
    await list.evaluate((element) => (element.scrollTop = 2_450));
    await drawn(page);
    const [, , seen] = await rowIds(page);
    const from = await row(page, seen!).boundingBox();
    const pages = async () => (await asked(page, 'inboxPage')).length;
    const known = await pages();
    // Where the row is drawn, frame by frame.
    const places = await list.evaluate(async (element, id) => {
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
    expect(places).toEqual([from!.y + 60]);
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

describe('the day of what is seen', () => {
  const HEADING = 36;

  /** What stands at the list's top, over its rows. */
  const said = (page: Page) =>
    page.getByRole('listbox').evaluate((list) => {
      const { x, y } = list.getBoundingClientRect();
      return document.elementFromPoint(x + 40, y + 20)?.textContent?.trim();
    });

  it('stays in view, with the pill beside it and not on a row', async () => {
    const page = await open();
    await beginAt(page, new Date(2026, 10, 23, 14, 0));
    const list = page.getByRole('listbox');
    await list.evaluate((element) => element.scrollTo(0, 470));
    await expect.poll(() => said(page)).toBe('Yesterday');
    await page.evaluate(() => window.twin.arrive(0));
    const pill = (await hook(page, 'new-alerts').boundingBox())!;
    const { y } = (await list.boundingBox())!;
    expect(pill.y).toBeGreaterThanOrEqual(y);
    expect(pill.y + pill.height).toBeLessThanOrEqual(y + HEADING);
    expect(await said(page)).toBe('Yesterday');
  });

  it('does not cover the row that the keyboard moves up to', async () => {
    const page = await open();
    await beginAt(page, new Date(2026, 10, 23, 14, 0));
    await row(page, 32).click();
    const list = page.getByRole('listbox');
    await list.evaluate((element) => element.scrollTo(0, 470));
    await drawn(page);
    await page.keyboard.press('k');
    const { y } = (await list.boundingBox())!;
    await expect.poll(async () => (await row(page, 33).boundingBox())!.y).toBe(y + HEADING);
  });
});

describe('the keyboard', () => {
  const onList = (page: Page) =>
    page.evaluate(() => document.activeElement?.getAttribute('role') === 'listbox');

  it('goes on in the list from wherever it was, so that Enter opens the row', async () => {
    const page = await open();
    await hook(page, 'chip-urgent').click();
    await rowsBecome(page, [40, 32, 24, 16, 8]);
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.locator('[data-testid="alert-detail"][data-id="32"]').waitFor();
    expect(await hook(page, 'chip-urgent').getAttribute('aria-pressed')).toBe('true');
  });

  it('is on the list after a row was pressed, and after what was under the list is gone', async () => {
    const page = await open();
    await row(page, 39).click();
    expect(await onList(page)).toBe(true);
    await page.keyboard.press('Delete');
    await hook(page, 'undo').press('Enter');
    await row(page, 39).waitFor();
    expect(await onList(page)).toBe(true);
    await page.keyboard.press('Control+a');
    await hook(page, 'selection-cancel').press('Enter');
    expect(await onList(page)).toBe(true);
  });
});

describe('what is done to all of a list', () => {
  const search = async (page: Page, text: string) => {
    await hook(page, 'search').fill(text);
    await page.locator('mark').first().waitFor();
  };
  const markAll = (page: Page) => hook(page, 'mark-all-read').getAttribute('aria-label');

  it('is counted where all of the list is there', async () => {
    const page = await open();
    await search(page, 'order');
    await expect.poll(() => markAll(page)).toBe('Mark all 2 as read');
  });

  it('is called what it is where nobody has counted it', async () => {
    const page = await open('alerts=12345');
    await search(page, 'order');
    await expect.poll(() => markAll(page)).toBe('Mark all that match as read');
    await hook(page, 'search').press('Enter');
    await page.keyboard.press('Control+a');
    await hook(page, 'selection-bar').getByText('All that match are selected').waitFor();
    await page.keyboard.press('Delete');
    await hook(page, 'undo-bar').getByText('All that matched are deleted').waitFor();
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

  it('is marked as read, and exactly what that marked is unread again', async () => {
    const page = await open();
    const unread = (): Promise<string[]> =>
      page
        .locator('[data-testid="alert-row"][data-read="false"]')
        .evaluateAll((rows) => rows.map((it) => (it as HTMLElement).dataset['id'] ?? '').sort());
    const before = await unread();
    expect(before.length).toBe(3);
    await hook(page, 'mark-all-read').click();
    await hook(page, 'undo-bar').getByText('3 marked as read').waitFor();
    expect(await unread()).toEqual([]);
    await hook(page, 'nav-settings').click();
    await hook(page, 'nav-inbox').click();
    await hook(page, 'undo').click();
    await expect.poll(unread).toEqual(before);
    expect(await hook(page, 'undo-bar').count()).toBe(0);
    await hook(page, 'mark-all-read').click();
    await hook(page, 'undo-bar').waitFor();
    await page.keyboard.press('Control+z');
    await expect.poll(unread).toEqual(before);
  });

  it('is marked half where something stops it, which can be undone too', async () => {
    const page = await open();
    await page.evaluate(() =>
      window.twin.stops.push({ code: 'inbox', message: 'the disk is full', fields: [] }),
    );
    await hook(page, 'mark-all-read').click();
    await page.getByRole('alert').getByText('the disk is full').waitFor();
    await hook(page, 'undo-bar').getByText('Some of them are marked as read').waitFor();
  });

  it('is exported, and says where it is', async () => {
    const page = await open();
    await hook(page, 'chip-unread').click();
    await hook(page, 'export').click();
    await hook(page, 'export-json').click();
    const said = hook(page, 'exported').locator('p');
    await said.waitFor();
    expect(await said.innerText()).toBe(
      '3 alerts exported to:\n/home/mei/Downloads/agora-alerts.jsonl',
    );
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
