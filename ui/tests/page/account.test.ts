import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { asked, hook, stage } from './stage';

const { open } = stage();

/** Opens what is there for who has a token and no wish to sign in. */
async function byHand(page: Page): Promise<Page> {
  await hook(page, 'other-ways').click();
  return page;
}

const first = async (size?: { width: number; height: number }): Promise<Page> =>
  byHand(await open('first', size));

describe('the first start', () => {
  it('names the field and the rule, and sends nothing away that is wrong', async () => {
    const page = await first();
    await hook(page, 'account-base-url').fill('http://market.example/api');
    await hook(page, 'account-user-id').fill('tea');
    await hook(page, 'account-save').click();
    await page.locator('[data-testid="field-error"][data-field="base_url"]').waitFor();
    await page.locator('[data-testid="field-error"][data-field="user_id"]').waitFor();
    const focused = await page.evaluate(() => document.activeElement?.getAttribute('data-testid'));
    expect(focused).toBe('account-base-url');
    await hook(page, 'account-base-url').fill('http://127.0.0.1:8080/api');
    expect(await page.locator('[data-field="base_url"]').count()).toBe(0);
    await hook(page, 'account-user-id').fill('4021');
    await page.keyboard.press('Enter');
    await hook(page, 'connection').waitFor();
    expect(await asked(page, 'saveAccount')).toHaveLength(2);
  });

  it('has the market filled in and takes a client id by hand', async () => {
    const page = await first();
    expect(await hook(page, 'account-base-url').inputValue()).toContain('onrender.com/api');
    await hook(page, 'account-by-hand').click();
    await hook(page, 'account-client-id').fill('kiosk 7');
    await hook(page, 'account-token').fill('secret');
    await hook(page, 'account-save').click();
    await hook(page, 'connection').waitFor();
    expect(await asked(page, 'saveAccount')).toMatchObject([
      { userId: null, clientId: 'kiosk 7', token: 'secret', keepIn: 'keyring' },
    ]);
  });

  it('asks before a token is held in memory only', async () => {
    const page = await first();
    await page.evaluate(() => {
      window.twin.problems.set('saveAccount', {
        code: 'keyring_unavailable',
        message: '',
        fields: [],
      });
    });
    await hook(page, 'account-user-id').fill('4021');
    await hook(page, 'account-token').fill('secret');
    await hook(page, 'account-save').click();
    await hook(page, 'account-memory').click();
    await hook(page, 'connection').waitFor();
    expect(await asked(page, 'saveAccount')).toMatchObject([
      { keepIn: 'keyring' },
      { keepIn: 'memory', token: 'secret' },
    ]);
  });

  it('offers to make a default keyring where there is none, or memory only', async () => {
    for (const keepIn of ['new_keyring', 'memory']) {
      const page = await first();
      await page.evaluate(() => {
        window.twin.problems.set('saveAccount', { code: 'keyring_empty', message: '', fields: [] });
      });
      await hook(page, 'account-user-id').fill('4021');
      await hook(page, 'account-token').fill('secret');
      await hook(page, 'account-save').click();
      await page.getByText('There is no default keyring yet').waitFor();
      await hook(page, keepIn === 'memory' ? 'account-memory' : 'account-make-keyring').click();
      await hook(page, 'connection').waitFor();
      expect(await asked(page, 'saveAccount')).toMatchObject([
        { keepIn: 'keyring' },
        { keepIn, token: 'secret' },
      ]);
    }
  });

  it('brings that question into view, with the keyboard on its answer', async () => {
    const page = await first({ width: 980, height: 480 });
    await page.evaluate(() => {
      window.twin.problems.set('saveAccount', {
        code: 'keyring_unavailable',
        message: '',
        fields: [],
      });
    });
    await hook(page, 'account-user-id').fill('4021');
    await hook(page, 'account-token').fill('secret');
    await page.keyboard.press('Enter');
    await page.locator('[data-testid="account-memory"]:focus').waitFor();
    const box = await hook(page, 'account-memory').boundingBox();
    expect((box?.y ?? 480) + (box?.height ?? 0)).toBeLessThanOrEqual(480);
  });

  it('promises no keyring where there is none', async () => {
    const page = await first();
    await page.getByText("Kept in the system's keyring").waitFor();
    await page.evaluate(() => window.twin.lack([{ code: 'no_keyring', detail: null }]));
    await page.getByText('There is no keyring here').waitFor();
    expect(await page.getByText("Kept in the system's keyring").count()).toBe(0);
  });

  it.each([
    ['keyring_locked', 'Unlock it, in the window that it may have opened, and try again.'],
    ['keyring_denied', 'Try again and allow it.'],
  ] as const)(
    'tries again where it is %s, or keeps the token in memory only',
    async (code, words) => {
      const page = await first();
      const refuse = () =>
        page.evaluate((code) => {
          window.twin.problems.set('saveAccount', { code, message: '', fields: [] });
        }, code);
      await refuse();
      await hook(page, 'account-user-id').fill('4021');
      await hook(page, 'account-token').fill('secret');
      await hook(page, 'account-save').click();
      await page.getByText(words).waitFor();
      await refuse();
      await hook(page, 'account-ask-again').click();
      await hook(page, 'account-memory').click();
      await hook(page, 'connection').waitFor();
      expect(await asked(page, 'saveAccount')).toMatchObject([
        { keepIn: 'keyring' },
        { keepIn: 'keyring', token: 'secret' },
        { keepIn: 'memory', token: 'secret' },
      ]);
    },
  );

  it('says what else went wrong', async () => {
    const page = await first();
    await page.evaluate(() => {
      window.twin.problems.set('saveAccount', { code: 'already_here', message: '', fields: [] });
    });
    await hook(page, 'account-user-id').fill('4021');
    await hook(page, 'account-save').click();
    await page.getByText('This account is here already.').waitFor();
  });
});

describe('after the first account', () => {
  const connect = async (size?: { width: number; height: number }) => {
    const page = await first(size);
    await hook(page, 'account-user-id').fill('4021');
    await page.keyboard.press('Enter');
    await hook(page, 'first-test').waitFor();
    return page;
  };

  it('offers a test, which ends in a sentence', async () => {
    const page = await connect();
    await hook(page, 'send-test').click();
    await page.evaluate(() =>
      window.twin.test({
        running: false,
        throughMarket: true,
        hops: [
          { name: 'accepted', state: 'passed', afterMs: 84, detail: null },
          { name: 'received', state: 'passed', afterMs: 131, detail: null },
          { name: 'committed', state: 'passed', afterMs: 139, detail: null },
          { name: 'shown', state: 'failed', afterMs: null, detail: 'No notification daemon runs.' },
        ],
      }),
    );
    await hook(page, 'first-test').getByText('but no toast was shown').waitFor();
    await hook(page, 'first-test').getByText('No notification daemon runs.').waitFor();
    await page.getByRole('button', { name: 'Done' }).click();
    await hook(page, 'first-test').waitFor({ state: 'detached' });
    expect(await asked(page, 'sendTest')).toHaveLength(1);
  });

  it('lets it be skipped, and offers it to nobody who had an account', async () => {
    const page = await connect({ width: 640, height: 480 });
    await page.getByRole('button', { name: 'Skip' }).click();
    await hook(page, 'first-test').waitFor({ state: 'detached' });
    expect(await asked(page, 'sendTest')).toEqual([]);
    expect(await hook(await open(), 'first-test').count()).toBe(0);
  });

  it('says beside the language when it could not be kept', async () => {
    const page = await open('first');
    await page.evaluate(() => {
      const problem = { code: 'settings' as const, message: 'read-only', fields: [] };
      window.twin.problems.set('setPreferences', problem);
    });
    await hook(page, 'language-zh-TW').click();
    await hook(page, 'failed').getByText('read-only').waitFor();
    expect(await hook(page, 'language-en').getByRole('radio').isChecked()).toBe(true);
  });
});

describe('the settings', () => {
  it('keep the token when its field is left empty, and remove it when asked', async () => {
    const page = await open();
    await hook(page, 'nav-settings').click();
    await byHand(page);
    await hook(page, 'account-save').click();
    await page.getByText('Saved.').waitFor();
    await page.getByRole('button', { name: 'Remove the token' }).count();
    expect(await asked(page, 'saveAccount')).toMatchObject([{ token: null, userId: '4021' }]);
  });

  it('remove the token when asked', async () => {
    const page = await open();
    await hook(page, 'nav-settings').click();
    await byHand(page);
    await page.getByRole('button', { name: 'Remove the token' }).click();
    await hook(page, 'account-save').click();
    await page.getByText('Saved.').waitFor();
    expect(await asked(page, 'saveAccount')).toMatchObject([{ token: '' }]);
  });

  it('never show the token, and reveal only what is being typed', async () => {
    const page = await open();
    await hook(page, 'nav-settings').click();
    await byHand(page);
    expect(await hook(page, 'account-token').inputValue()).toBe('');
    expect(await hook(page, 'account-token').getAttribute('type')).toBe('password');
    await page.getByRole('button', { name: 'Show the token' }).click();
    expect(await hook(page, 'account-token').getAttribute('type')).toBe('text');
  });

  it.each([true, false])('sign out after asking back, the inbox too: %s', async (all) => {
    const page = await open();
    await hook(page, 'nav-settings').click();
    await hook(page, 'account-forget').click();
    expect(await asked(page, 'forgetAccount')).toEqual([]);
    await hook(page, all ? 'account-forget-all' : 'account-forget-confirm').click();
    await hook(page, 'first-start').waitFor();
    expect(await asked(page, 'forgetAccount')).toEqual([all]);
  });

  it.each([
    ['locked', 'The keyring is locked'],
    ['denied', 'The keyring was not unlocked'],
    ['empty', "The keyring with the access token isn't open"],
    ['unavailable', "The keyring isn't there"],
  ] as const)('say of a token whose keyring is %s what to do', async (token, title) => {
    const page = await open();
    await hook(page, 'nav-settings').click();
    await hook(page, 'settings-account').click();
    expect(await hook(page, 'account-keyring').count()).toBe(0);
    await page.evaluate((token) => window.twin.keep(token), token);
    const said = hook(page, 'account-keyring');
    await said.getByText(title, { exact: true }).waitFor();
    await said.getByRole('button', { name: 'Reconnect' }).click();
    expect(await asked(page, 'reconnect')).toHaveLength(1);
  });

  it('change the theme and the language at once', async () => {
    const page = await open();
    await hook(page, 'nav-settings').click();
    await hook(page, 'settings-appearance').click();
    await hook(page, 'theme-dark').click();
    await page.locator('html[data-theme="dark"]').waitFor();
    await hook(page, 'language-zh-TW').click();
    await page.getByRole('heading', { name: '設定' }).waitFor();
    expect(await asked(page, 'setPreferences')).toMatchObject([
      { language: 'en', theme: 'dark' },
      { language: 'zh-TW', theme: 'dark' },
    ]);
  });
});
