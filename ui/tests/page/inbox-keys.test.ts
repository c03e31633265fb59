import { describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import type { Preferences } from '../../src/bindings/Preferences';
import { row } from './rows';
import { asked, hook, stage } from './stage';

const { open } = stage();

const selectedText = (page: Page): Promise<string> =>
  page.evaluate(() => getSelection()?.toString() ?? '');
const text = '[data-testid="alert-detail"] [role="region"]';

describe('single letters', () => {
  const letters = (page: Page) => hook(page, 'single-letters');
  const off = async (page: Page): Promise<void> => {
    await hook(page, 'nav-settings').click();
    await hook(page, 'settings-appearance').click();
    await letters(page).uncheck();
    await hook(page, 'nav-inbox').click();
  };

  it('do nothing once they are switched off, while the other keys go on', async () => {
    const page = await open();
    await off(page);
    await row(page, 40).waitFor();
    for (const key of ['j', 'u', '/']) await page.keyboard.press(key);
    expect(await page.locator('.current').count()).toBe(0);
    expect(await hook(page, 'search').evaluate((it) => it === document.activeElement)).toBe(false);
    await page.keyboard.press('ArrowDown');
    await page.locator('.current[data-id="40"]').waitFor();
    await page.keyboard.press('k');
    await page.keyboard.press('u');
    await page.keyboard.press('ArrowDown');
    await page.locator('.current[data-id="39"]').waitFor();
    expect(await asked(page, 'mark')).toEqual([]);
    await page.keyboard.press('Delete');
    await row(page, 39).waitFor({ state: 'detached' });
  });

  it('are no longer named where they do nothing', async () => {
    const page = await open();
    await page.getByText('mark with U').waitFor();
    expect(await page.locator('kbd').count()).toBe(1);
    await off(page);
    await page.getByText('Move with the arrow keys').waitFor();
    expect(await page.getByText('mark with U').count()).toBe(0);
    expect(await page.locator('kbd').count()).toBe(0);
  });

  it('stay switched off, and can be switched on again', async () => {
    const page = await open();
    await off(page);
    expect(((await asked(page, 'setPreferences')) as Preferences[]).at(-1)?.singleLetters).toBe(
      false,
    );
    await page.keyboard.press('j');
    await page.keyboard.press('ArrowDown');
    await page.locator('.current[data-id="40"]').waitFor();
    await hook(page, 'nav-settings').click();
    await hook(page, 'settings-appearance').click();
    expect(await letters(page).isChecked()).toBe(false);
    await letters(page).check();
    await hook(page, 'nav-inbox').click();
    await page.keyboard.press('j');
    await page.locator('.current[data-id="39"]').waitFor();
  });
});

describe('a row', () => {
  const stands = (page: Page, id: number) =>
    row(page, id).evaluate((it) => [it.ariaPosInSet, it.ariaSetSize].map(Number));

  it('says which one of how many it is', async () => {
    const page = await open('alerts=3000');
    await row(page, 3_000).waitFor();
    expect(await stands(page, 3_000)).toEqual([1, 3_000]);
    expect(await stands(page, 2_997)).toEqual([4, 3_000]);
    await page.getByRole('listbox').press('End');
    await row(page, 1).waitFor();
    expect(await stands(page, 1)).toEqual([3_000, 3_000]);
  });

  it('of a search says so where all was found', async () => {
    const page = await open();
    await hook(page, 'search').fill('tea');
    await row(page, 40).waitFor({ state: 'detached' });
    const rows = await hook(page, 'alert-row').evaluateAll((all) =>
      all.map((it) => [it.ariaPosInSet, it.ariaSetSize].map(Number)),
    );
    expect(rows.map(([nth]) => nth)).toEqual(rows.map((_, n) => n + 1));
    expect(new Set(rows.map(([, size]) => size))).toEqual(new Set([rows.length]));
  });
});

describe('Ctrl+A', () => {
  const nothingSelected = async (page: Page): Promise<void> => {
    expect(await hook(page, 'selection-bar').count()).toBe(0);
  };

  it('with the keyboard in the text of an alert selects that text', async () => {
    const page = await open();
    await row(page, 39).click();
    await page.locator(text).focus();
    await page.keyboard.press('Control+a');
    const title = await page.locator(`${text} h2`).innerText();
    const content = await page.locator(`${text} .content`).innerText();
    expect(await selectedText(page)).toContain(title);
    expect(await selectedText(page)).toContain(content.split('\n').at(-1));
    expect(await selectedText(page)).not.toContain(await hook(page, 'source').innerText());
    await nothingSelected(page);
  });

  it('with some of the text selected selects all of it', async () => {
    const page = await open();
    await row(page, 39).click();
    await page.locator(`${text} h2`).dblclick();
    // As where a click on text gives it no focus.
    await page.evaluate(() => (document.activeElement as HTMLElement).blur());
    await page.keyboard.press('Control+a');
    expect(await selectedText(page)).toContain(await page.locator(`${text} h2`).innerText());
    await nothingSelected(page);
  });

  it('in the raw event selects the event', async () => {
    const page = await open();
    await row(page, 39).click();
    await page.locator('summary').click();
    await page.locator('pre').click();
    await page.locator('pre').dblclick();
    await page.keyboard.press('Control+a');
    expect((await selectedText(page)).trim()).toBe((await page.locator('pre').innerText()).trim());
    await nothingSelected(page);
  });

  it('elsewhere selects the list, whatever is still selected in the text', async () => {
    const page = await open();
    await row(page, 39).click();
    await page.locator(`${text} h2`).dblclick();
    await page.getByRole('listbox').focus();
    await page.keyboard.press('Control+a');
    await hook(page, 'selection-bar').waitFor();
  });

  it('selects no list that the alert covers', async () => {
    const page = await open('', { width: 700, height: 600 });
    await row(page, 39).click();
    await hook(page, 'detail-back').focus();
    await page.keyboard.press('Control+a');
    await nothingSelected(page);
  });
});
