import { describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { row, rowIds, rowsBecome } from './rows';
import { fail } from './settings';
import { asked, hook, stage, stopClock } from './stage';

const { open } = stage();

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

describe('deleting', () => {
  it('takes the row out at once and brings it back where it was', async () => {
    const page = await open();
    const before = await rowIds(page);
    for (const key of ['j', 'j', 'Delete']) await page.keyboard.press(key);
    await expect.poll(async () => (await rowIds(page)).slice(0, 3)).toEqual([40, 38, 37]);
    await hook(page, 'undo').click();
    await rowsBecome(page, before);
    expect(await hook(page, 'undo-bar').count()).toBe(0);
    await page.keyboard.press('Delete');
    await row(page, 39).waitFor({ state: 'detached' });
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
    await stopClock(page);
    await page.keyboard.press('j');
    await page.keyboard.press('Delete');
    await hook(page, 'undo-bar').hover();
    await page.clock.runFor(30_000);
    expect(await hook(page, 'undo-bar').count()).toBe(1);
    await page.mouse.move(900, 300);
    await page.clock.runFor(9_900);
    expect(await hook(page, 'undo-bar').count()).toBe(1);
    await page.clock.runFor(200);
    expect(await hook(page, 'undo-bar').count()).toBe(0);
  });

  it('can be undone for no longer than the bar says, whoever is on it', async () => {
    const page = await open();
    await stopClock(page);
    await page.keyboard.press('j');
    await page.keyboard.press('Delete');
    await hook(page, 'undo').focus();
    await page.clock.runFor(54_000);
    expect(await hook(page, 'undo-bar').innerText()).not.toContain('no longer');
    const before = await hook(page, 'undo').boundingBox();
    await page.clock.runFor(2_000);
    expect(await hook(page, 'undo-bar').innerText()).toContain('Can no longer be undone');
    // Nothing else came under the pointer, and the keyboard is where it was.
    expect((await hook(page, 'undo').boundingBox())?.x).toBe(before?.x);
    expect(await hook(page, 'undo').evaluate((it) => it === document.activeElement)).toBe(true);
    await page.keyboard.press('Enter');
    await page.keyboard.press('Control+z');
    expect(await asked(page, 'undoDelete')).toEqual([]);
    await page.keyboard.press('Tab');
    await page.clock.runFor(1_000);
    expect(await hook(page, 'undo-bar').count()).toBe(1);
    await page.getByRole('listbox').focus();
    await hook(page, 'undo-bar').waitFor({ state: 'detached' });
  });

  it('says so where Undo came too late all the same', async () => {
    const page = await open();
    await page.keyboard.press('j');
    await page.keyboard.press('Delete');
    await fail(page, 'undoDelete', 'too_late');
    await hook(page, 'undo').click();
    await page.getByRole('alert').getByText('It can no longer be undone').waitFor();
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
