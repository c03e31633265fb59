import { describe, expect, it } from 'vitest';
import type { Locator, Page } from 'playwright-core';
import type { Preferences } from '../../src/bindings/Preferences';
import { row } from './rows';
import { asked, hook, painted, stage } from './stage';

const { open } = stage();

const menu = (page: Page): Locator => hook(page, 'menu');
const item = (page: Page, name: string): Locator => hook(page, `menu-${name}`);
const items = (page: Page): Promise<string[]> =>
  menu(page)
    .locator('[role^="menuitem"]')
    .evaluateAll((all) =>
      all.map((it) => (it as HTMLElement).dataset['testid']?.replace('menu-', '') ?? ''),
    );
const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const at = document.activeElement as HTMLElement;
    return at.dataset['testid'] ?? at.role ?? at.tagName;
  });
const clipboard = (page: Page): Promise<string> =>
  page.evaluate(() => navigator.clipboard.readText());
const right = { button: 'right' } as const;

/** What asks for a menu and isn't kept from the browser. */
async function watched(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(() => {
    const told = document.documentElement.dataset;
    told['natives'] = '0';
    window.addEventListener('contextmenu', (event) =>
      setTimeout(() => {
        if (!event.defaultPrevented) told['natives'] = String(Number(told['natives']) + 1);
      }),
    );
  });
  return () => page.evaluate(() => Number(document.documentElement.dataset['natives']));
}

describe("an alert's menu", () => {
  it('comes in the place of the browser’s, with what can be done with the alert', async () => {
    const page = await open();
    const natives = await watched(page);
    await row(page, 39).click(right);
    await menu(page).waitFor();
    expect(await items(page)).toEqual([
      'open',
      'read',
      'star',
      'remind',
      'open-link',
      'copy-number-20418',
      'copy-number-908722314410',
      'copy-link',
      'copy-text',
      'mute',
      'snooze-half_hour',
      'snooze-two_hours',
      'snooze-until_tomorrow',
      'delete',
    ]);
    expect(await natives()).toBe(0);
    expect(await asked(page, 'mark'), 'looking at its menu is not reading it').toEqual([]);
  });

  it('is walked by its keys, and gives the keyboard back', async () => {
    const page = await open();
    await row(page, 39).click(right);
    await expect.poll(() => focused(page)).toBe('menu-open');
    const walk: [string, string][] = [
      ['ArrowDown', 'menu-read'],
      ['End', 'menu-delete'],
      ['ArrowDown', 'menu-open'],
      ['ArrowUp', 'menu-delete'],
      ['Home', 'menu-open'],
      ['m', 'menu-read'],
      ['m', 'menu-mute'],
    ];
    for (const [key, at] of walk) {
      await page.keyboard.press(key);
      expect(await focused(page), key).toBe(at);
    }
    await page.keyboard.press('Escape');
    expect(await menu(page).count()).toBe(0);
    expect(await focused(page)).toBe('listbox');
    await page.locator('.current[data-id="39"]').waitFor();
    expect(await asked(page, 'alert'), 'no key was the list’s').toEqual([39]);
  });

  it('opens by the menu key and by Shift+F10, of the row that the keyboard is on', async () => {
    const page = await open();
    for (const key of ['ContextMenu', 'Shift+F10']) {
      await page.keyboard.press('ArrowDown');
      const at = await page.locator('.current').getAttribute('data-id');
      await page.keyboard.press(key);
      await menu(page).waitFor();
      const [box, around] = await Promise.all([
        menu(page).boundingBox(),
        row(page, Number(at)).boundingBox(),
      ]);
      expect(Math.abs(box!.y - (around!.y + around!.height)), 'it hangs on its row').toBeLessThan(
        12,
      );
      await page.keyboard.press('Tab');
      expect(await menu(page).count()).toBe(0);
      expect(await focused(page)).toBe('listbox');
    }
    expect(await asked(page, 'alert')).toEqual([40, 39]);
  });

  it('does what it says', async () => {
    const page = await open();
    const choose = async (name: string): Promise<void> => {
      await row(page, 39).click(right);
      await item(page, name).click();
      expect(await menu(page).count()).toBe(0);
    };
    await choose('read');
    await row(page, 39).and(page.locator('[data-read="true"]')).waitFor();
    await choose('unread');
    await choose('copy-number-20418');
    expect(await clipboard(page)).toBe('20418');
    await choose('copy-link');
    expect(await clipboard(page)).toMatch(/^https:.*\/orders\/20418$/);
    await choose('copy-text');
    expect(await clipboard(page)).toMatch(/^Shipped: order #20418\n手工茶壺/);
    await choose('open-link');
    expect(await asked(page, 'openLink')).toEqual([{ id: 39, asked: false }]);
    await choose('mute');
    const kept = async () =>
      ((await asked(page, 'setPreferences')) as Preferences[]).at(-1)?.rules.categories.orders;
    expect(await kept()).toMatchObject({ toast: false });
    await choose('mute');
    expect(await kept()).toMatchObject({ toast: true });
    await choose('snooze-two_hours');
    await choose('snooze-off');
    expect(await asked(page, 'snooze')).toEqual(['two_hours', 'off']);
    await choose('open');
    await hook(page, 'alert-detail').waitFor();
    await row(page, 39).click(right);
    expect(await items(page)).not.toContain('open');
    await item(page, 'delete').click();
    await row(page, 39).waitFor({ state: 'detached' });
    expect(await focused(page)).toBe('listbox');
  });

  it('says why something didn’t work', async () => {
    const page = await open();
    await page.evaluate(() =>
      window.twin.problems.set('setPreferences', { code: 'settings', message: 'full', fields: [] }),
    );
    await row(page, 39).click(right);
    await item(page, 'mute').click();
    await page.getByText('The settings can’t be saved').or(page.getByText('(full)')).waitFor();
  });

  it('of several is theirs, and another row’s begins anew', async () => {
    const page = await open();
    await row(page, 40).click({ modifiers: ['Control'] });
    await row(page, 38).click({ modifiers: ['Control'] });
    await row(page, 40).click(right);
    await menu(page).waitFor();
    expect(await items(page)).toEqual(['read', 'unread', 'delete']);
    await page.keyboard.press('Escape');
    await row(page, 39).click(right);
    await item(page, 'open').waitFor();
    expect(await hook(page, 'selection-bar').count()).toBe(0);
  });

  it('is in the window, wherever it is asked for', async () => {
    const page = await open('', { width: 640, height: 480 });
    const last = (await row(page, 37).boundingBox())!;
    await page.mouse.click(last.x + last.width - 4, last.y + 10, right);
    await menu(page).waitFor();
    const { x, y, width, height } = (await menu(page).boundingBox())!;
    expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
    expect(x + width).toBeLessThanOrEqual(640);
    expect(y + height).toBeLessThanOrEqual(480);
  });

  it('goes when the pointer is pressed elsewhere', async () => {
    const page = await open();
    await row(page, 39).click(right);
    await menu(page).waitFor();
    await hook(page, 'search').click();
    expect(await menu(page).count()).toBe(0);
    expect(await focused(page)).toBe('search');
  });
});

describe("the open alert's menu", () => {
  const text = '[data-testid="alert-detail"] [role="region"]';

  it('comes by the pointer and by the key from anywhere in it', async () => {
    const page = await open();
    const natives = await watched(page);
    await row(page, 39).click();
    await page.locator(`${text} h2`).click(right);
    await item(page, 'copy-number-20418').waitFor();
    await page.keyboard.press('Escape');
    await page.locator(text).focus();
    await page.keyboard.press('ContextMenu');
    await item(page, 'delete').waitFor();
    await page.keyboard.press('Escape');
    expect(await page.evaluate(() => document.activeElement?.role)).toBe('region');
    expect(await natives()).toBe(0);
  });

  it('copies what is selected', async () => {
    const page = await open();
    await row(page, 39).click();
    await page.locator(`${text} h2`).dblclick({ position: { x: 8, y: 12 } });
    await page.locator(`${text} h2`).click({ ...right, position: { x: 8, y: 12 } });
    await item(page, 'copy').click();
    expect((await clipboard(page)).trim()).toBe('Shipped');
  });
});

describe("a field's menu", () => {
  it('cuts, copies, pastes and selects, and Ctrl+Z takes it back', async () => {
    const page = await open();
    const natives = await watched(page);
    const search = hook(page, 'search');
    await search.fill('tea cups');
    const choose = async (name: string): Promise<void> => {
      await search.click(right);
      await item(page, name).click();
      expect(await focused(page)).toBe('search');
    };
    await search.click(right);
    expect(await item(page, 'cut').getAttribute('aria-disabled')).toBe('true');
    await page.keyboard.press('Escape');
    await choose('select-all');
    await choose('copy');
    expect(await clipboard(page)).toBe('tea cups');
    await choose('cut');
    await expect.poll(() => search.inputValue()).toBe('');
    await choose('paste');
    await expect.poll(() => search.inputValue()).toBe('tea cups');
    await page.keyboard.press('Control+z');
    expect(await search.inputValue()).toBe('');
    expect(await natives()).toBe(0);
  });

  it('opens by the key, and leaves what an input method composes alone', async () => {
    const page = await open();
    await hook(page, 'search').focus();
    await page.keyboard.press('Shift+F10');
    await menu(page).waitFor();
    await page.keyboard.press('Escape');
    expect(await focused(page)).toBe('search');
    const input = await page.context().newCDPSession(page);
    await input.send('Input.imeSetComposition', {
      text: 'ㄋㄧ',
      selectionStart: 2,
      selectionEnd: 2,
    });
    await page.keyboard.press('Shift+F10');
    await painted(page);
    expect(await menu(page).count()).toBe(0);
    await input.send('Input.insertText', { text: '你' });
    expect(await hook(page, 'search').inputValue()).toBe('你');
  });

  it('copies nothing of a concealed one', async () => {
    const page = await open('first');
    const password = page.locator('input[type="password"]').first();
    await password.fill('secret');
    await password.press('Control+a');
    await password.click(right);
    await menu(page).waitFor();
    for (const name of ['cut', 'copy'])
      expect(await item(page, name).getAttribute('aria-disabled'), name).toBe('true');
  });
});

describe('elsewhere', () => {
  it('there is no menu at all', async () => {
    const page = await open();
    const natives = await watched(page);
    for (const name of ['nav-inbox', 'nav-settings', 'connection', 'chip-unread'])
      await hook(page, name).click(right);
    await page.keyboard.press('ContextMenu');
    await painted(page);
    expect(await menu(page).count()).toBe(0);
    expect(await natives()).toBe(0);
  });

  it('text that can be selected can be copied', async () => {
    const page = await open();
    await hook(page, 'nav-settings').click();
    await hook(page, 'settings-diagnostics').click();
    const words = page.getByRole('table').locator('td').first();
    await words.click(right);
    await item(page, 'select-all').click();
    await words.click(right);
    await item(page, 'copy').click();
    expect(await clipboard(page)).not.toBe('');
  });
});
