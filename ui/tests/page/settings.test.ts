import { describe, expect, it } from 'vitest';
import type { HopName } from '../../src/bindings/HopName';
import { SECTIONS } from '../../src/features/settings/sections';
import { languages } from '../languages';
import { scenes } from '../scenes';
import { fail, kept, sections } from './settings';
import { asked, hook, stage } from './stage';

const own = stage();
const { open } = own;
const settings = sections(own);

describe('the sections', () => {
  it.each([640, 1280])('are all within reach of the keyboard at %d px', async (width) => {
    const page = await open('', { width, height: 600 });
    await hook(page, 'nav-settings').focus();
    await page.keyboard.press('Enter');
    await page.locator('[data-testid="settings"][data-section="account"]').waitFor();
    for (const section of SECTIONS) {
      await page.keyboard.press('Tab');
      if (section === 'account') await hook(page, 'settings-account').focus();
      await page.locator(`[data-testid="settings-${section}"]:focus`).waitFor();
      await page.keyboard.press('Enter');
      await page.locator(`[data-testid="settings"][data-section="${section}"]`).waitFor();
    }
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - window.innerWidth,
    );
    expect(overflow).toBeLessThanOrEqual(0);
  });

  it('lead to the account from wherever the settings are', async () => {
    const page = await settings('data');
    await page.evaluate(() =>
      window.twin.become({
        state: 'signed_out',
        reason: { code: 'unauthorized', status: 401, detail: null },
      }),
    );
    await hook(page, 'connection').getByRole('button', { name: 'Sign in' }).click();
    await hook(page, 'sign-in-submit').waitFor();
  });

  it.each(scenes.filter(({ name }) => /^(settings|first|notices|snoozed)/.test(name)))(
    'leave no placeholder unfilled: $name',
    async (scene) => {
      for (const language of languages) {
        const page = await open(`language=${language}&${scene.query ?? ''}`);
        await scene.play?.(page);
        expect(await page.locator('body').innerText()).not.toMatch(/\{\w+\}/);
      }
    },
  );
});

describe("the market's web site", () => {
  it('is kept when the field is left, and empty means the default', async () => {
    const page = await settings('alerts');
    const field = hook(page, 'web-site');
    expect(await field.getAttribute('placeholder')).toBe('https://agoramarket.purrtechllc.com/');
    expect(await field.inputValue()).toBe('');
    await field.fill(' https://tea.example ');
    await field.press('Tab');
    await page.waitForFunction(() =>
      window.twin.calls.some(({ name }) => name === 'setPreferences'),
    );
    expect((await kept(page)).at(-1)?.webSite).toBe('https://tea.example');
    await field.fill('');
    await field.press('Enter');
    await page.locator('[data-testid="web-site"][placeholder]').waitFor();
    expect((await kept(page)).at(-1)?.webSite).toBeNull();
  });

  it('is refused beside the field, and says what is still in use', async () => {
    const page = await settings('alerts');
    await hook(page, 'web-site').fill('http://tea.example');
    await hook(page, 'web-site').press('Enter');
    await page.locator('[data-testid="field-error"][data-field="web_site"]').waitFor();
    expect(await hook(page, 'web-site').inputValue()).toBe('http://tea.example');
    expect(await hook(page, 'web-site').getAttribute('aria-invalid')).toBe('true');
    expect(await hook(page, 'web-site-in-use').innerText()).toContain(
      'agoramarket.purrtechllc.com',
    );
    await hook(page, 'web-site').fill('http://127.0.0.1:5173');
    await hook(page, 'web-site').press('Enter');
    await hook(page, 'field-error').waitFor({ state: 'detached' });
  });
});

describe('the test', () => {
  const hop = (name: HopName, afterMs: number) =>
    ({ name, state: 'passed', afterMs, detail: null }) as const;

  it('shows each place it comes through with its time', async () => {
    const page = await settings('alerts');
    await hook(page, 'send-test').click();
    await hook(page, 'test-steps').waitFor();
    expect(await hook(page, 'send-test').isDisabled()).toBe(true);
    await page.evaluate(
      (hops) => window.twin.test({ running: false, throughMarket: true, hops: [...hops] }),
      [hop('accepted', 84), hop('received', 131), hop('committed', 139), hop('shown', 162)],
    );
    expect(await hook(page, 'test-steps').locator('li').allInnerTexts()).toEqual([
      'Accepted\n84 ms',
      'Received\n131 ms',
      'Kept\n139 ms',
      'Shown\n162 ms',
    ]);
    await page.getByText('It works: the toast was shown 162 ms after').waitFor();
    await hook(page, 'send-test').click();
    expect(await asked(page, 'sendTest')).toHaveLength(2);
  });

  it('says where it stopped and why', async () => {
    const page = await settings('alerts');
    await page.evaluate(
      (hops) => window.twin.test({ running: false, throughMarket: true, hops: [...hops] }),
      [
        hop('accepted', 84),
        hop('received', 131),
        hop('committed', 139),
        {
          name: 'shown',
          state: 'failed',
          afterMs: null,
          detail: 'Quiet hours until 08:00',
        } as const,
      ],
    );
    await page.getByText('It is in the inbox, but no toast was shown.').waitFor();
    await page.getByText('Quiet hours until 08:00').waitFor();
    await page.locator('[data-hop="shown"][data-state="failed"]').waitFor();
  });

  it('says when the market refused and a local one was shown', async () => {
    const page = await settings('alerts');
    await page.evaluate(
      (hops) => window.twin.test({ running: false, throughMarket: false, hops: [...hops] }),
      [
        { name: 'accepted', state: 'failed', afterMs: null, detail: 'HTTP 403' } as const,
        { name: 'received', state: 'failed', afterMs: null, detail: 'It was not sent.' } as const,
        hop('committed', 139),
        hop('shown', 162),
      ],
    );
    await page.getByText("It didn't go through the market.").waitFor();
    await page.getByText('HTTP 403').waitFor();
    await page.getByText('not reached').waitFor();
  });

  it('says why it could not be sent at all', async () => {
    const page = await settings('alerts');
    await fail(page, 'sendTest', 'gone');
    await hook(page, 'send-test').click();
    await page.getByText("The app's background program has ended.").waitFor();
    expect(await hook(page, 'send-test').isEnabled()).toBe(true);
  });
});
