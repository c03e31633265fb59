import { describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { fail, kept, sections } from './settings';
import { asked, hook, stage } from './stage';

const own = stage();
const { open } = own;
const settings = sections(own);

describe('starting with the computer', () => {
  const withComputer = (page: Page) => hook(page, 'start-with-computer');
  const shows = async (page: Page, on: boolean): Promise<void> => {
    const state = on ? ':checked' : ':not(:checked)';
    await page.locator(`[data-testid="start-with-computer"]:enabled${state}`).waitFor();
  };

  it('is asked of the desktop and shown as it says', async () => {
    const page = await settings('start');
    await shows(page, false);
    await withComputer(page).check();
    await shows(page, true);
    expect(await asked(page, 'startWithComputer')).toEqual([true]);
    await withComputer(page).uncheck();
    await shows(page, false);
    expect(await asked(page, 'startWithComputer')).toEqual([true, false]);
  });

  it("shows what was switched in the desktop's own settings once the person comes back", async () => {
    const page = await settings('start');
    await shows(page, false);
    await page.evaluate(() => (window.twin.desktop.starts = true));
    await page.evaluate(() => window.dispatchEvent(new Event('focus')));
    await shows(page, true);
  });

  it('says that the desktop refused, what to do, and shows what is so', async () => {
    const page = await settings('start');
    await shows(page, false);
    await fail(page, 'startWithComputer', 'start_refused');
    await withComputer(page).click();
    await page.getByText('Allow the app to run in the background').waitFor();
    await shows(page, false);
    await withComputer(page).check();
    await shows(page, true);
    expect(await hook(page, 'failed').count()).toBe(0);
  });

  it("says that it can't be found out, and can't be switched then", async () => {
    const page = await open();
    await fail(page, 'startsWithComputer', 'start');
    await hook(page, 'nav-settings').click();
    await hook(page, 'settings-start').click();
    await page.getByText("It can't be found out or changed").waitFor();
    expect(await withComputer(page).isDisabled()).toBe(true);
  });

  it('in the tray is a choice of its own, which is kept', async () => {
    const page = await settings('start');
    expect(await hook(page, 'start-hidden').isChecked()).toBe(true);
    await hook(page, 'start-hidden').uncheck();
    expect((await kept(page)).at(-1)?.startHidden).toBe(false);
    await fail(page, 'setPreferences');
    await hook(page, 'start-hidden').click();
    await hook(page, 'failed').waitFor();
    expect(await hook(page, 'start-hidden').isChecked()).toBe(false);
  });
});

describe('the size of text', () => {
  const size = (page: Page, percent: number) =>
    page.locator('[data-testid="text-size"]', { hasText: `${percent} %` }).waitFor();

  it('goes up and down by steps, no further than it can, and back', async () => {
    const page = await settings('appearance');
    await size(page, 100);
    expect(await hook(page, 'text-usual').count()).toBe(0);
    for (const percent of [110, 125, 150, 175, 200]) {
      await hook(page, 'text-larger').click();
      await size(page, percent);
    }
    expect(await hook(page, 'text-larger').getAttribute('aria-disabled')).toBe('true');
    await hook(page, 'text-usual').click();
    await size(page, 100);
    await hook(page, 'text-smaller').click();
    await size(page, 90);
    expect(await hook(page, 'text-smaller').getAttribute('aria-disabled')).toBe('true');
    expect((await kept(page)).map(({ textSize }) => textSize)).toEqual([
      110, 125, 150, 175, 200, 100, 90,
    ]);
  });

  it('follows Ctrl with plus, minus and 0 wherever the person is', async () => {
    const page = await open();
    const sizes = async () => (await kept(page)).map(({ textSize }) => textSize);
    await hook(page, 'search').focus();
    for (const key of ['Control+=', 'Control++', 'Control+-', 'Control+0', 'Control+0'])
      await page.keyboard.press(key);
    // A key alone is text, and what is beyond the smallest is nothing.
    await page.keyboard.press('-');
    await page.waitForFunction(() => window.twin.calls.at(-1)?.name !== 'setPreferences');
    expect(await sizes()).toEqual([110, 125, 110, 100]);
    expect(await hook(page, 'search').inputValue()).toBe('-');
  });

  it('can be changed before anybody has signed in', async () => {
    const page = await open('first');
    await page.keyboard.press('Control+=');
    await page.waitForFunction(() =>
      window.twin.calls.some(({ name }) => name === 'setPreferences'),
    );
    expect((await kept(page)).at(-1)?.textSize).toBe(110);
  });
});
