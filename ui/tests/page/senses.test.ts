/** What people set their system to, because they see or bear less: what axe doesn't ask for. */
import { describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { languages } from '../languages';
import { scenes } from '../scenes';
import { audit } from './audit';
import { hook, stage } from './stage';

const { open } = stage();

/** Text and controls that reach out of the window, or that something cuts off without saying so. */
const outside = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const found: string[] = [];
    const scrolls = document.documentElement.scrollWidth - innerWidth;
    if (scrolls > 0) found.push(`the page is ${scrolls} px too wide`);
    for (const element of document.querySelectorAll<HTMLElement>('#app *')) {
      const says = [...element.childNodes].some(
        (node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim(),
      );
      if (!says && !element.matches('button, input, select, textarea')) continue;
      if (element.closest('.visually-hidden, mark') || !element.checkVisibility()) continue;
      const { left, right } = element.getBoundingClientRect();
      const { overflowX, textOverflow } = getComputedStyle(element);
      const cut =
        element.scrollWidth > element.clientWidth + 1 &&
        // A field shows the part of its text where the caret is.
        !element.matches('input, textarea') &&
        ['hidden', 'clip'].includes(overflowX) &&
        textOverflow !== 'ellipsis';
      if (left < -1 || right > innerWidth + 1 || cut)
        found.push(`${element.outerHTML.slice(0, 120)} from ${left} to ${right}`);
    }
    return found;
  });

/** Pairs of controls that lie on each other. */
const overlaps = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const controls = [...document.querySelectorAll<HTMLElement>('button, input, select, textarea')]
      .filter((one) => one.checkVisibility() && !one.closest('.visually-hidden, [inert]'))
      .map((one) => ({ one, box: one.getBoundingClientRect() }))
      // What is scrolled away is on nothing that can be seen.
      .filter(({ one, box }) => {
        const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
        return one.contains(document.elementFromPoint(x, y));
      });
    return controls.flatMap(({ one, box }, n) =>
      controls.slice(n + 1).flatMap(({ one: other, box: its }) => {
        const across = Math.min(box.right, its.right) - Math.max(box.left, its.left);
        const down = Math.min(box.bottom, its.bottom) - Math.max(box.top, its.top);
        // What stands at a field's own end, where nothing is typed, covers nothing of it.
        const end = parseFloat(getComputedStyle(one).paddingRight) + 2;
        const beside = one.matches('input') && box.right - its.left <= end;
        const within = beside || one.contains(other) || other.contains(one);
        return across > 1 && down > 1 && !within
          ? [`${one.outerHTML.slice(0, 80)} on ${other.outerHTML.slice(0, 80)}`]
          : [];
      }),
    );
  });

describe.each(scenes)('$name', (scene) => {
  // The narrowest window, 640 px wide, with everything in it at twice its size.
  it.each(languages)('flows into 320 px, in %s', async (language) => {
    const page = await open(`theme=light&language=${language}&${scene.query ?? ''}`, {
      width: 640,
      height: 480,
    });
    await scene.play?.(page);
    await page.setViewportSize({ width: 320, height: 256 });
    await expect.poll(() => outside(page), { timeout: 3_000 }).toEqual([]);
    expect(await overlaps(page)).toEqual([]);
  });

  it.each(['light', 'dark'])(
    'has seven to one where more contrast is asked for, %s',
    async (theme) => {
      const page = await open(`theme=${theme}&language=en&${scene.query ?? ''}`);
      await page.emulateMedia({ contrast: 'more', reducedMotion: 'reduce' });
      await scene.play?.(page);
      const options = { runOnly: { type: 'rule' as const, values: ['color-contrast-enhanced'] } };
      expect(await audit(page, options)).toEqual([]);
    },
  );

  it('moves nothing where less motion is asked for', async () => {
    const page = await open(`theme=light&language=en&${scene.query ?? ''}`);
    await scene.play?.(page);
    expect(await moving(page)).toEqual([]);
  });
});

/** What would take time to change, or changes by itself. */
const moving = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const lasts = (times: string) => times.split(',').some((time) => parseFloat(time) > 0);
    return [...document.querySelectorAll('#app *')].flatMap((element) =>
      [undefined, '::before', '::after'].flatMap((part) => {
        const style = getComputedStyle(element, part);
        const named = style.animationName !== 'none' && lasts(style.animationDuration);
        return named || lasts(style.transitionDuration)
          ? [`${element.outerHTML.slice(0, 100)} ${part ?? ''}`]
          : [];
      }),
    );
  });

it('moves where nobody minds, so that the check above can tell', async () => {
  const page = await open('theme=light&language=en');
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  expect(await moving(page)).not.toEqual([]);
});

describe("with the system's own colours", () => {
  async function forced(query = ''): Promise<Page> {
    const page = await open(`theme=light&language=en&${query}`);
    await page.emulateMedia({ forcedColors: 'active', reducedMotion: 'reduce' });
    return page;
  }

  const look = (page: Page, selector: string) =>
    page
      .locator(selector)
      .first()
      .evaluate((element) => {
        const {
          backgroundColor,
          color,
          outlineStyle,
          outlineWidth,
          borderTopStyle,
          borderTopColor,
        } = getComputedStyle(element);
        const outline = `${outlineStyle} ${outlineWidth}`;
        const canvas = document.createElement('span');
        document.body.append(canvas);
        canvas.style.cssText = 'forced-color-adjust: none; background: Canvas; color: Highlight';
        const { backgroundColor: ground, color: highlight } = getComputedStyle(canvas);
        canvas.remove();
        return {
          backgroundColor,
          color,
          outline,
          borderTopStyle,
          borderTopColor,
          ground,
          highlight,
        };
      });

  it.each([
    ['a filter', '[data-testid="chip-unread"]', '[data-testid="chip-urgent"]', ''],
    ['a view', '[data-testid="nav-inbox"]', '[data-testid="nav-settings"]', ''],
  ])('%s that is on differs from one that is not', async (_, on, off) => {
    const page = await forced();
    await hook(page, 'chip-unread').click();
    const [is, not] = [await look(page, on), await look(page, off)];
    expect(is.backgroundColor).toBe(is.highlight);
    expect(not.backgroundColor).not.toBe(not.highlight);
  });

  it('shows which row is selected, and which are unread', async () => {
    const page = await forced();
    await hook(page, 'alert-row').nth(1).click();
    const row = await look(page, '[data-testid="alert-row"][aria-selected="true"]');
    expect(row.backgroundColor).toBe(row.highlight);
    const dot = await look(page, '[data-read="false"][aria-selected="false"] .dot');
    expect(dot.backgroundColor).toBe(dot.highlight);
  });

  it('shows where the keyboard is in the list', async () => {
    const page = await forced();
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    expect((await look(page, '.current')).outline).toBe('solid 2px');
  });

  it('shows whether a switch is on, and its edge', async () => {
    const page = await forced();
    await hook(page, 'nav-settings').click();
    await hook(page, 'settings-alerts').click();
    const off = await look(page, '[role="switch"]:not(:checked)');
    expect(off.borderTopStyle).toBe('solid');
    const on = await look(page, '[role="switch"]:checked');
    expect(on.backgroundColor).toBe(on.highlight);
    expect(off.backgroundColor).not.toBe(off.highlight);
  });

  it('shows which of a few is chosen', async () => {
    const page = await forced();
    await hook(page, 'nav-settings').click();
    await hook(page, 'settings-appearance').click();
    const chosen = await look(page, 'label:has(> [type="radio"]:checked)');
    expect(chosen.backgroundColor).toBe(chosen.highlight);
  });

  it('gives every field an edge, and the one with the keyboard an outline', async () => {
    const page = await forced();
    await hook(page, 'nav-compose').click();
    for (const name of ['compose-kind', 'compose-title', 'compose-content', 'compose-link']) {
      const selector = `[data-testid="${name}"]`;
      const before = await look(page, selector);
      expect(before.borderTopStyle, name).toBe('solid');
      expect(before.borderTopColor, name).not.toBe(before.ground);
      await page.locator(selector).focus();
      expect((await look(page, selector)).outline, name).toMatch(/^solid [2-9]px$/);
    }
  });

  it('shows the keyboard on whatever it comes to', async () => {
    const page = await forced();
    for (let n = 0; n < 25; n += 1) {
      await page.keyboard.press('Tab');
      const shown = await page.evaluate(() => {
        const focus = document.activeElement;
        if (focus === null || focus === document.body) return 'nowhere';
        // A ring may be that of what holds it, or be drawn beside it.
        const holders = [focus, focus.parentElement, focus.closest('.frame')].filter(Boolean);
        const rings = holders.some(
          (one) => getComputedStyle(one as Element).outlineStyle === 'solid',
        );
        const drawn = holders.some(
          (one) => getComputedStyle(one as Element, '::after').borderTopStyle === 'solid',
        );
        const row = document.getElementById(focus.getAttribute('aria-activedescendant') ?? '');
        const inRow = row !== null && getComputedStyle(row).outlineStyle === 'solid';
        return rings || drawn || inRow ? 'shown' : focus.outerHTML.slice(0, 120);
      });
      expect(['shown', 'nowhere']).toContain(shown);
    }
  });
});
