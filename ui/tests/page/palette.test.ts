import { describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { asked, hook, painted, stage } from './stage';

const { open } = stage();

const focused = (page: Page): Promise<string | undefined> =>
  page.evaluate(() => (document.activeElement as HTMLElement).dataset['testid']);
const isOpen = (page: Page): Promise<boolean> =>
  hook(page, 'palette').evaluate((it) => (it as HTMLDialogElement).open);
const selected = (page: Page): Promise<string> =>
  page.locator('[data-testid="palette-entry"][aria-selected="true"]').innerText();

async function type(page: Page, text: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await expect.poll(() => focused(page)).toBe('palette-input');
  await page.keyboard.insertText(text);
}

describe('the palette', () => {
  it('opens and closes by its key, from a field too, and gives the keyboard back', async () => {
    const page = await open();
    await hook(page, 'search').focus();
    await page.keyboard.press('Control+k');
    await expect.poll(() => focused(page)).toBe('palette-input');
    await page.keyboard.press('Control+k');
    expect(await isOpen(page)).toBe(false);
    expect(await focused(page)).toBe('search');
    await page.keyboard.press('Control+k');
    await page.keyboard.press('Escape');
    expect(await isOpen(page)).toBe(false);
    expect(await focused(page)).toBe('search');
  });

  it('has the keys for itself: letters are typed, arrows move in it alone', async () => {
    const page = await open();
    await page.keyboard.press('ArrowDown');
    await page.locator('.current[data-id="40"]').waitFor();
    await type(page, '');
    await page.keyboard.type('set');
    await expect.poll(() => selected(page)).toContain('Settings');
    const input = hook(page, 'palette-input');
    const before = await input.getAttribute('aria-activedescendant');
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => input.getAttribute('aria-activedescendant')).not.toBe(before);
    const active = await input.getAttribute('aria-activedescendant');
    expect(await page.locator(`[id="${active}"]`).getAttribute('aria-selected')).toBe('true');
    await page.keyboard.press('Control+,');
    expect(await hook(page, 'settings').count()).toBe(0);
    await page.keyboard.press('Escape');
    await page.locator('.current[data-id="40"]').waitFor();
    expect(await asked(page, 'mark')).toEqual([]);
  });

  it('leads to a category, and to a single setting with the keyboard on it', async () => {
    const page = await open();
    await type(page, 'money');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.title()).toBe('Money · Agora');
    await type(page, '隱藏');
    await page.keyboard.press('Enter');
    await expect.poll(() => focused(page)).toBe('hide-content');
    await type(page, 'keep alerts');
    await page.keyboard.press('Enter');
    await expect.poll(() => focused(page)).toBe('keep-days');
  });

  it('does what it says, and stays with the reason where that fails', async () => {
    const page = await open();
    await type(page, 'snooze');
    await page.keyboard.press('Enter');
    await expect.poll(() => asked(page, 'snooze')).toEqual(['half_hour']);
    await expect.poll(() => isOpen(page)).toBe(false);
    await page.evaluate(() =>
      window.twin.problems.set('snooze', { code: 'settings', message: 'read-only', fields: [] }),
    );
    await type(page, 'snooze');
    await page.keyboard.press('Enter');
    await hook(page, 'failed').waitFor();
    expect(await isOpen(page)).toBe(true);
  });

  it('finds an order and a person, and shows what says so with the newest open', async () => {
    const page = await open();
    await type(page, '204');
    await hook(page, 'palette-entry').filter({ hasText: '#20418' }).click();
    await hook(page, 'alert-detail').waitFor();
    expect(await hook(page, 'search').inputValue()).toBe('#20418');
    await type(page, '陳');
    await expect.poll(() => selected(page)).toContain('陳偉 Chen Wei');
    await page.keyboard.press('Enter');
    await expect.poll(() => hook(page, 'search').inputValue()).toBe('陳偉 Chen Wei');
  });

  it('searches for what means nothing else', async () => {
    const page = await open();
    await type(page, 'lantern');
    await page.keyboard.press('Enter');
    await expect.poll(() => hook(page, 'search').inputValue()).toBe('lantern');
  });

  it('takes no syllable of an input method for letters, and no key of it', async () => {
    const page = await open();
    await type(page, '');
    const entries = await hook(page, 'palette-entry').count();
    const input = await page.context().newCDPSession(page);
    await input.send('Input.imeSetComposition', { text: 'ㄗ', selectionStart: 1, selectionEnd: 1 });
    await painted(page);
    expect(await hook(page, 'palette-entry').count()).toBe(entries);
    await input.send('Input.insertText', { text: '暫停' });
    await expect.poll(() => selected(page)).toContain('Snooze');
    expect(await isOpen(page)).toBe(true);
  });

  it('is nobody’s before the account is', async () => {
    const page = await open('first');
    await page.keyboard.press('Control+k');
    expect(await isOpen(page)).toBe(false);
  });
});
