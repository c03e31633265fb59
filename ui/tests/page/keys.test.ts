import { describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { BINDINGS, boundTo } from '../../src/lib/keys';
import { asked, hook, painted, stage } from './stage';

const { open } = stage();

const focused = (page: Page): Promise<string | undefined> =>
  page.evaluate(() => (document.activeElement as HTMLElement).dataset['testid']);
const isOpen = (page: Page): Promise<boolean> =>
  hook(page, 'key-sheet').evaluate((it) => (it as HTMLDialogElement).open);

describe('a key of the window', () => {
  it('leads to the search from anywhere, and from an alert that covers it', async () => {
    const page = await open('', { width: 700, height: 600 });
    await hook(page, 'nav-settings').click();
    await page.keyboard.press('Control+f');
    await expect.poll(() => focused(page)).toBe('search');
    await page.keyboard.press('Escape');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await hook(page, 'alert-detail').waitFor();
    await page.keyboard.press('Control+f');
    await expect.poll(() => focused(page)).toBe('search');
    expect(await hook(page, 'alert-detail').count()).toBe(0);
  });

  it('goes where it says, also from a field', async () => {
    const page = await open();
    await hook(page, 'search').focus();
    await page.keyboard.press('Control+,');
    await hook(page, 'settings').waitFor();
    expect(await page.title()).toBe('Settings · Agora');
    await page.keyboard.press('Control+n');
    await hook(page, 'compose-title').focus();
    expect(await page.title()).toBe('Compose · Agora');
    await page.keyboard.press('Control+w');
    await page.keyboard.press('Control+q');
    expect(await page.evaluate(() => window.twins.closings)).toBe(1);
    expect(await asked(page, 'quit')).toEqual([null]);
  });

  it('does nothing where it would be typed, or while an input method composes', async () => {
    const page = await open();
    await hook(page, 'search').focus();
    await page.keyboard.type('?');
    expect(await hook(page, 'search').inputValue()).toBe('?');
    const input = await page.context().newCDPSession(page);
    await input.send('Input.imeSetComposition', { text: 'ㄋ', selectionStart: 1, selectionEnd: 1 });
    await page.keyboard.press('Control+,');
    await page.keyboard.press('F1');
    await painted(page);
    expect(await isOpen(page)).toBe(false);
    expect(await hook(page, 'settings').count()).toBe(0);
  });

  it('composes for nobody who may not send', async () => {
    const page = await open();
    await page.evaluate(async () => {
      const { preferences } = window.twin.snapshot;
      await window.twin.setPreferences({ ...preferences, composes: false });
    });
    await hook(page, 'nav-compose').waitFor({ state: 'detached' });
    await page.keyboard.press('Control+n');
    await painted(page);
    expect(await page.title()).toBe('Inbox · Agora');
  });

  it('leads nowhere before the account is anybody’s, but to the sheet', async () => {
    const page = await open('first');
    await page.keyboard.press('Control+n');
    await page.keyboard.press('F1');
    expect(await isOpen(page)).toBe(true);
    expect(await page.title()).toBe('Agora');
  });
});

describe('the sheet of all keys', () => {
  it('names each that is bound, has them for itself, and gives the keyboard back', async () => {
    const page = await open();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('?');
    expect(await isOpen(page)).toBe(true);
    expect(await hook(page, 'key-sheet').locator('dt').count()).toBe(BINDINGS.length);
    await page.keyboard.press('j');
    await page.keyboard.press('Delete');
    expect(await asked(page, 'deleteAlerts')).toEqual([]);
    await page.keyboard.press('Escape');
    expect(await isOpen(page)).toBe(false);
    expect(await page.evaluate(() => document.activeElement?.role)).toBe('listbox');
    await page.locator('.current[data-id="40"]').waitFor();
  });

  it('names no single letter where they are switched off', async () => {
    const page = await open();
    await page.keyboard.press('F1');
    expect(await hook(page, 'key-sheet').getByText('J', { exact: true }).count()).toBe(1);
    await page.keyboard.press('F1');
    await page.keyboard.press('Control+,');
    await hook(page, 'settings-appearance').click();
    await hook(page, 'single-letters').uncheck();
    await page.keyboard.press('?');
    expect(await isOpen(page)).toBe(false);
    await page.keyboard.press('F1');
    expect(await hook(page, 'key-sheet').getByText('J', { exact: true }).count()).toBe(0);
  });
});

describe('the table of keys', () => {
  const press = (key: string, more = {}) =>
    ({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more }) as const;

  it('binds no key twice', () => {
    const all = BINDINGS.flatMap(({ presses }) => presses.map((each) => JSON.stringify(each)));
    expect(new Set(all).size).toBe(all.length);
  });

  it.each([
    [press('j'), 'down'],
    [press('j', { ctrlKey: true }), null],
    [press('f', { metaKey: true }), 'search'],
    [press('F', { ctrlKey: true }), 'search'],
    [press('f', { ctrlKey: true, altKey: true }), null],
    [press('f'), null],
    [press('?', { shiftKey: true }), 'keys'],
    [press('F10'), null],
    [press('F10', { shiftKey: true }), 'menu'],
    [press('+', { ctrlKey: true, shiftKey: true }), 'larger'],
  ])('%o is %s', (pressed, action) => {
    expect(boundTo(pressed, true)).toBe(action);
  });
});
