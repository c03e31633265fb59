import { describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { drawn } from '../drawn';
import { row } from './rows';
import { asked, hook, painted, stage } from './stage';

const { open } = stage();

/** What has the keyboard, in words that a fault can be found by. */
const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const at = document.activeElement;
    if (at === null || at === document.body) return 'nothing';
    return (at as HTMLElement).dataset['testid'] ?? at.role ?? at.tagName;
  });

/** What can be pressed; of boxes to tick, which are all alike, the first. */
const PRESSED = ':is(button:not(:disabled), summary, tr:first-child [type="checkbox"])';

const views: [name: string, query: string, narrow: boolean, play: (page: Page) => Promise<void>][] =
  [
    ['the inbox', '', false, async () => {}],
    ['the inbox with an alert open', '', false, async (page) => row(page, 39).click()],
    ['the inbox that an alert covers', '', true, async (page) => row(page, 39).click()],
    [
      'the inbox with some selected, and something deleted',
      '',
      false,
      async (page) => {
        await page.keyboard.press('j');
        await page.keyboard.press('Delete');
        await hook(page, 'undo-bar').waitFor();
        await page.keyboard.press('Control+a');
        await hook(page, 'selection-bar').waitFor();
      },
    ],
    ['an empty inbox', 'alerts=0', false, async () => {}],
    [
      'a list that shows nothing',
      '',
      false,
      async (page) => {
        await hook(page, 'chip-unread').click();
        await hook(page, 'mark-all-read').click();
        await hook(page, 'chip-unread').click();
        await hook(page, 'chip-unread').click();
        await hook(page, 'empty').waitFor();
      },
    ],
    ['several accounts', 'accounts=3', false, async () => {}],
    [
      'composing',
      '',
      false,
      async (page) => {
        await hook(page, 'nav-compose').click();
        await hook(page, 'compose-title').fill('Maintenance');
      },
    ],
    ...['account', 'alerts', 'start', 'appearance', 'data', 'diagnostics', 'desktop'].map(
      (section): (typeof views)[number] => [
        `the settings, ${section}`,
        '',
        false,
        async (page) => {
          await hook(page, 'nav-settings').click();
          await page
            .locator(`[data-testid="settings-${section}"]`)
            .or(hook(page, 'settings-about'))
            .first()
            .click();
        },
      ],
    ),
    ['the first start', 'first', false, async () => {}],
  ];

describe('the keyboard stays on the page, whatever is pressed in', () => {
  it.each(views)('%s', async (name, query, narrow, play) => {
    const rail = name === 'the inbox' || name === 'several accounts';
    const size = { width: narrow ? 700 : 1280, height: 800 };
    const fell: string[] = [];
    let count = 1;
    for (let n = 0; n < count; n += 1) {
      const page = await open(query, size);
      await play(page);
      await drawn(page);
      // What stands in every view is pressed in the first.
      const all = page.locator(rail ? PRESSED : `main ${PRESSED}`);
      count = await all.count();
      const button = all.nth(n);
      if (!(await button.isVisible())) continue;
      const what = await button.evaluate(
        (it) => (it as HTMLElement).dataset['testid'] ?? it.ariaLabel ?? it.textContent ?? '',
      );
      await button.focus();
      await page.keyboard.press(
        await button.evaluate((it) => (it.matches('input') ? ' ' : 'Enter')),
      );
      await drawn(page);
      await page.waitForTimeout(30);
      if ((await focused(page)) === 'nothing') fell.push(what.trim());
    }
    expect(count).toBeGreaterThan(1);
    expect(fell).toEqual([]);
  });
});

describe('the keyboard', () => {
  it('goes on to what is nearest, where a button goes by its own press', async () => {
    const page = await open();
    await hook(page, 'nav-settings').click();
    await hook(page, 'settings-appearance').click();
    await hook(page, 'text-larger').click();
    await hook(page, 'text-usual').focus();
    await page.keyboard.press('Enter');
    await hook(page, 'text-usual').waitFor({ state: 'detached' });
    // Which of the two is nearer depends on how far the page had been drawn anew.
    expect(['text-larger', 'text-smaller']).toContain(await focused(page));
  });

  it('stays with what can’t be pressed for a moment', async () => {
    const page = await open();
    await hook(page, 'mark-all-read').focus();
    await page.keyboard.press('Enter');
    await hook(page, 'undo-bar').waitFor();
    expect(await focused(page)).toBe('mark-all-read');
    await page.keyboard.press('Enter');
    expect((await asked(page, 'markAllRead')).length).toBe(1);
  });

  it('may be on nothing for whoever presses beside everything', async () => {
    const page = await open();
    await hook(page, 'search').focus();
    await page.mouse.click(900, 700);
    expect(await focused(page)).toBe('nothing');
    await page.evaluate(() => window.twin.arrive(1));
    await row(page, 41).waitFor();
    await painted(page);
    expect(await focused(page)).toBe('nothing');
  });

  it('takes the open alert along', async () => {
    const page = await open();
    await row(page, 39).click();
    for (const [key, id] of [
      ['j', 38],
      ['ArrowDown', 37],
      ['k', 38],
    ] as const) {
      await page.keyboard.press(key);
      await page.locator(`[data-testid="alert-detail"][data-id="${id}"]`).waitFor();
    }
    await page.keyboard.press('Shift+ArrowDown');
    await hook(page, 'selection-bar').waitFor();
  });
});
