import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { Problem } from '../../src/bindings/Problem';
import { asked, hook, stage } from './stage';

const { open } = stage();

async function fill(page: Page, name = 'lin-tea', password = 'dongding-4021'): Promise<void> {
  await hook(page, 'sign-in-name').fill(name);
  await hook(page, 'sign-in-password').fill(password);
}

/** What the next sign-in, or sending of a code, comes to. */
async function refuse(page: Page, problem: Partial<Problem>, call = 'signIn'): Promise<void> {
  await page.evaluate(
    ([problem, call]) => {
      window.twin.problems.set(call, { code: 'invalid', message: '', fields: [], ...problem });
    },
    [problem, call] as const,
  );
}

const focused = (page: Page) =>
  page.evaluate(() => document.activeElement?.getAttribute('data-testid'));

describe('signing in', () => {
  it('takes name and password by Enter, to the market that is meant unless another is named', async () => {
    const page = await open('first');
    expect(await focused(page)).toBe('sign-in-name');
    await page.keyboard.type('lin-tea');
    await page.keyboard.press('Tab');
    await page.keyboard.type('dongding-4021');
    await page.keyboard.press('Enter');
    await hook(page, 'connection').waitFor();
    expect(await asked(page, 'signIn')).toEqual([
      {
        baseUrl: 'https://agoramarketapi.onrender.com/api',
        by: 'password',
        name: 'lin-tea',
        secret: 'dongding-4021',
        twoFactorCode: null,
        keepIn: 'keyring',
      },
    ]);
  });

  it('names what is missing, and goes to the first of it', async () => {
    const page = await open('first');
    await hook(page, 'sign-in-submit').click();
    await page.locator('[data-field="name"]').waitFor();
    await page.locator('[data-field="password"]').waitFor();
    expect(await focused(page)).toBe('sign-in-name');
  });

  it('shows a wrong address, which is folded away', async () => {
    const page = await open('first');
    await hook(page, 'sign-in-market').click();
    await hook(page, 'sign-in-base-url').fill('http://market.example/api');
    await hook(page, 'sign-in-market').click();
    await hook(page, 'sign-in-submit').click();
    await page.locator('[data-field="base_url"]').waitFor();
    expect(await hook(page, 'sign-in-base-url').isVisible()).toBe(true);
    await hook(page, 'field-mended').click();
    expect(await hook(page, 'sign-in-base-url').inputValue()).toBe('https://market.example/api');
    expect(await page.locator('[data-field="base_url"]').count()).toBe(0);
  });

  it('says that an address is a web page’s, and offers the other', async () => {
    const page = await open('first');
    const mended = 'https://market.example/api';
    const wrong = { rule: 'no_api', message: '', line: null, column: null, mended } as const;
    await refuse(page, { fields: [{ field: 'base_url', ...wrong }] });
    await fill(page);
    await page.keyboard.press('Enter');
    await page.getByText('This is the address of a web page.').waitFor();
    await hook(page, 'field-mended').click();
    await hook(page, 'sign-in-submit').click();
    const tries = () => asked(page, 'signIn') as Promise<{ baseUrl: string }[]>;
    await expect.poll(async () => (await tries()).at(-1)?.baseUrl).toBe(mended);
  });

  it('asks for the second step when the market does, and not again for somebody else', async () => {
    const page = await open('first');
    await refuse(page, { code: 'two_factor_wanted' });
    await fill(page);
    await page.keyboard.press('Enter');
    await hook(page, 'two-factor-code').waitFor();
    expect(await focused(page)).toBe('two-factor-code');
    await hook(page, 'sign-in-name').fill('mei');
    expect(await hook(page, 'two-factor-code').count()).toBe(0);
    await refuse(page, { code: 'two_factor_wanted' });
    await fill(page);
    await page.keyboard.press('Enter');
    await hook(page, 'two-factor-code').fill('246810');
    await page.keyboard.press('Enter');
    await hook(page, 'connection').waitFor();
    expect((await asked(page, 'signIn')).at(-1)).toMatchObject({ twoFactorCode: '246810' });
  });

  it('goes by an email and the code that is sent there', async () => {
    const page = await open('first');
    await hook(page, 'sign-in-switch').click();
    expect(await focused(page)).toBe('sign-in-email');
    await hook(page, 'sign-in-email').fill('tea@agora.example');
    await hook(page, 'send-code').click();
    await page.getByText('A code is on its way to tea@agora.example.').waitFor();
    expect(await focused(page)).toBe('email-code');
    await hook(page, 'email-code').fill('135790');
    await page.keyboard.press('Enter');
    await hook(page, 'connection').waitFor();
    expect(await asked(page, 'signIn')).toMatchObject([
      { by: 'email', name: 'tea@agora.example', secret: '135790' },
    ]);
  });

  it.each([
    [{ code: 'account_locked', message: 'locked until noon' }, 'locked until noon'],
    [{ code: 'too_many_tries', message: '30' }, 'Try again in 30 s.'],
    [{ code: 'too_many_tries' }, 'Wait a few minutes'],
    [{ code: 'no_sign_in' }, 'This market has no sign-in.'],
    [{ code: 'no_answer', message: 'timed out' }, 'timed out'],
    [{ code: 'captcha_wanted' }, 'Sign in with a code by email instead.'],
    [{ code: 'keyring_locked' }, 'Unlock it, in the window that it may have opened'],
    [{ code: 'keyring_denied' }, 'Try again and allow it.'],
  ] as const)('says what to do about %o, and keeps what was typed', async (problem, words) => {
    const page = await open('first');
    await refuse(page, problem);
    await fill(page);
    await hook(page, 'sign-in-submit').click();
    await page.getByText(words).waitFor();
    expect(await hook(page, 'sign-in-password').inputValue()).toBe('dongding-4021');
  });

  it('says at its field that name and password do not fit', async () => {
    const page = await open('first');
    const wrong = { rule: 'wrong', message: '', line: null, column: null, mended: null } as const;
    await refuse(page, { fields: [{ field: 'password', ...wrong }] });
    await fill(page);
    await hook(page, 'sign-in-submit').click();
    await page.locator('[data-field="password"]').getByText("don't fit together").waitFor();
    expect(await focused(page)).toBe('sign-in-password');
  });

  it('stays until the app quits where the person says so, and no keyring is there', async () => {
    const page = await open('first');
    await refuse(page, { code: 'keyring_unavailable' });
    await fill(page);
    await page.keyboard.press('Enter');
    await hook(page, 'account-memory').click();
    await hook(page, 'connection').waitFor();
    expect(await asked(page, 'signIn')).toMatchObject([
      { keepIn: 'keyring' },
      { keepIn: 'memory' },
    ]);
  });

  it('is at hand in the settings, and open where the market has ended the session', async () => {
    const page = await open();
    await hook(page, 'nav-settings').click();
    expect(await hook(page, 'sign-in-submit').isVisible()).toBe(false);
    await page.evaluate(() =>
      window.twin.become({
        state: 'signed_out',
        reason: { code: 'unauthorized', status: 401, detail: null },
      }),
    );
    await fill(page);
    await page.keyboard.press('Enter');
    await page.locator('[data-testid="connection"][data-state="connected"]').waitFor();
    expect(await hook(page, 'sign-in-submit').isVisible()).toBe(false);
  });
});
