import { describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { row } from './rows';
import { asked, hook, stage } from './stage';

const { open } = stage();

const starred = (page: Page): Promise<number> => hook(page, 'row-star').count();

describe('a star', () => {
  it('is given and taken by a key, in the menu and in the detail, and has a list of its own', async () => {
    const page = await open();
    expect(await hook(page, 'nav-starred').count()).toBe(0);
    await row(page, 39).click();
    await page.keyboard.press('s');
    await hook(page, 'row-star').waitFor();
    await hook(page, 'star').and(page.locator('[aria-pressed="true"]')).waitFor();
    await row(page, 38).click({ button: 'right' });
    await hook(page, 'menu-star').click();
    await expect.poll(() => starred(page)).toBe(2);
    await hook(page, 'nav-starred').click();
    await expect.poll(() => hook(page, 'alert-row').count()).toBe(2);
    expect(await page.title()).toContain('Starred');

    // What loses it stays in the list until that is asked anew.
    await row(page, 39).click();
    await hook(page, 'star').click();
    await expect.poll(() => starred(page)).toBe(1);
    expect(await hook(page, 'alert-row').count()).toBe(2);
    await hook(page, 'nav-inbox').click();
    await hook(page, 'nav-starred').click();
    await expect.poll(() => hook(page, 'alert-row').count()).toBe(1);
  });
});

describe('a reminder', () => {
  it('is set to a time that is offered, moved to one that is typed, and taken away', async () => {
    const page = await open();
    await row(page, 39).click();
    await page.keyboard.press('r');
    await hook(page, 'remind-hour').click();
    await hook(page, 'remind').waitFor({ state: 'detached' });
    await hook(page, 'reminder').waitFor();
    expect(await asked(page, 'remind')).toEqual([{ id: 39, when: { when: 'hour' } }]);

    await row(page, 39).click({ button: 'right' });
    await hook(page, 'menu-remind').click();
    await hook(page, 'remind-day').fill('2031-02-03');
    for (const wrong of ['', '25', '8 o']) {
      await hook(page, 'remind-time').fill(wrong);
      await hook(page, 'remind-at').click();
      await page.getByText('Type a time such as 14:30.').waitFor();
    }
    await hook(page, 'remind-day').fill('2021-02-03');
    await hook(page, 'remind-time').fill('8');
    await hook(page, 'remind-at').click();
    await page.getByText('That time is over').waitFor();
    await hook(page, 'remind-day').fill('2031-02-03');
    await hook(page, 'remind-time').fill('0830');
    await page.keyboard.press('Enter');
    await hook(page, 'remind').waitFor({ state: 'detached' });
    const atMs = await page.evaluate(() => new Date(2031, 1, 3, 8, 30).getTime());
    expect((await asked(page, 'remind')).at(-1)).toEqual({ id: 39, when: { when: 'at', atMs } });

    await hook(page, 'remind-open').click();
    await hook(page, 'remind-never').click();
    await hook(page, 'reminder').waitFor({ state: 'detached' });
    expect(await hook(page, 'nav-reminders').count()).toBe(0);
  });

  it('that is due makes its alert unread and says why, until that is read', async () => {
    const page = await open();
    await page.evaluate(() => window.twin.mark({ which: 'ids', ids: [39] }, true));
    await page.evaluate(() => window.twin.remind(39, { when: 'hour' }));
    await page.evaluate(() => window.twin.remindNow(39));
    await row(page, 39).and(page.locator('[data-read="false"]')).waitFor();
    expect(await hook(page, 'row-reminder').getAttribute('aria-label')).toContain('Reminder from');
    await hook(page, 'nav-reminders').click();
    await row(page, 39).click();
    await row(page, 39).and(page.locator('[data-read="true"]')).waitFor();
    await hook(page, 'nav-reminders').waitFor({ state: 'detached' });
  });

  it('that can’t be set says so in its place', async () => {
    const page = await open();
    await row(page, 39).click();
    await hook(page, 'remind-open').click();
    await page.evaluate(() =>
      window.twin.problems.set('remind', { code: 'too_late', message: 'over', fields: [] }),
    );
    await hook(page, 'remind-hour').click();
    await hook(page, 'remind').getByRole('alert').waitFor();
    await hook(page, 'remind-hour').waitFor();
  });
});
