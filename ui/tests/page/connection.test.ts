import { describe, expect, it } from 'vitest';
import type { NoticeCode } from '../../src/bindings/NoticeCode';
import type { ReasonCode } from '../../src/bindings/ReasonCode';
import type { StatusView } from '../../src/bindings/StatusView';
import { row } from './rows';
import { asked, hook, stage, stopClock } from './stage';

const { open } = stage();

const reason = (code: ReasonCode, detail: string | null = null) => ({ code, status: 401, detail });

describe('the connection', () => {
  it('says each state in words, with a shape of its own', async () => {
    const page = await open();
    const states: [StatusView, string][] = [
      [{ state: 'connecting' }, 'Connecting…'],
      [{ state: 'connected', sinceMs: 0, heardMs: Date.now() }, 'Connected'],
      [{ state: 'no_network' }, 'No network'],
      [
        { state: 'waiting', untilMs: Date.now() + 60_000, reason: reason('dns') },
        'Reconnecting in',
      ],
      [
        { state: 'checking', checkedMs: Date.now(), reason: reason('held_back') },
        'Checking every two minutes',
      ],
      [{ state: 'paused', untilMs: null }, 'Disconnected'],
      [{ state: 'signed_out', reason: reason('unauthorized') }, 'Signed out'],
      [{ state: 'refused', reason: reason('gone') }, 'Refused'],
      [{ state: 'no_inbox' }, 'Not receiving'],
    ];
    const shapes = new Set<string>();
    for (const [status, words] of states) {
      await page.evaluate((next) => window.twin.become(next), status);
      const card = page.locator(`[data-testid="connection"][data-state="${status.state}"]`);
      await card.waitFor();
      expect(await card.innerText()).toContain(words);
      shapes.add(await card.locator('svg').first().innerHTML());
    }
    expect(shapes.size).toBe(states.length);
  });

  it('counts down to the next try and offers to try now', async () => {
    const page = await open();
    await stopClock(page);
    await page.evaluate(() =>
      window.twin.become({
        state: 'waiting',
        untilMs: Date.now() + 8_000,
        reason: { code: 'server_error', status: 503, detail: null },
      }),
    );
    await page.getByText('Reconnecting in 8 s').waitFor();
    await page.clock.runFor(3_000);
    await page.getByText('Reconnecting in 5 s').waitFor();
    await page.getByText('HTTP 503').waitFor();
    await page.clock.runFor(6_000);
    await page.getByText('Reconnecting…').first().waitFor();
    await page.getByRole('button', { name: 'Try now' }).click();
    expect(await asked(page, 'reconnect')).toHaveLength(1);
  });

  it('says why live alerts do not come, what to do, and when it last looked', async () => {
    const page = await open();
    await stopClock(page);
    const check = (code: ReasonCode) =>
      page.evaluate(
        (which) =>
          window.twin.become({
            state: 'checking',
            checkedMs: Date.now() - 70_000,
            reason: { code: which, status: null, detail: null },
          }),
        code,
      );
    await check('held_back');
    await page.getByText('such as a proxy, holds live alerts back. Try another network').waitFor();
    await page.getByText('last checked 1 min ago').waitFor();
    await page.getByRole('button', { name: 'Try now' }).waitFor();
    await check('connections_taken');
    await page.getByText("Close the app where it isn't needed").waitFor();
    await check('rejected');
    await page.getByText("Live alerts don't come through meanwhile.").waitFor();
  });

  it('has a sentence for a reason it does not know', async () => {
    const page = await open();
    await page.evaluate(() =>
      window.twin.become({
        state: 'waiting',
        untilMs: Date.now() + 8_000,
        reason: { code: 'moon_phase' as ReasonCode, status: null, detail: 'Full moon' },
      }),
    );
    await page.getByText('The connection failed.').first().waitFor();
    await page.getByText('Full moon').waitFor();
  });

  it('offers quiet first, and asks for how long before it disconnects', async () => {
    const page = await open();
    await hook(page, 'quiet').focus();
    await page.keyboard.press('Enter');
    await hook(page, 'menu').waitFor();
    const items = await page.getByRole('menuitem').allInnerTexts();
    expect(items).toEqual(['30 minutes', '2 hours', 'Until tomorrow 08:00', 'Disconnect…']);
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Disconnect for how long?' });
    await dialog.waitFor();
    expect(await dialog.innerText()).toContain('nothing is received');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(await asked(page, 'pause')).toEqual([]);
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-testid'))).toBe(
      'quiet',
    );

    await hook(page, 'quiet').click();
    await hook(page, 'menu-disconnect').click();
    await hook(page, 'disconnect-two_hours').click();
    await page.locator('[data-testid="connection"][data-state="paused"]').waitFor();
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-testid'))).toBe(
      'connect',
    );
    expect(await hook(page, 'connection').innerText()).toMatch(
      /Disconnected until (tomorrow )?\d\d:\d\d/,
    );
    await hook(page, 'connect').click();
    await page.locator('[data-testid="connection"][data-state="connected"]').waitFor();
    expect(await asked(page, 'pause')).toEqual([
      { choice: 'two_hours', all: false },
      { choice: 'off', all: false },
    ]);
  });

  it('disconnects all accounts where that is wished, and a click beside the question keeps them', async () => {
    const page = await open('accounts=2');
    await hook(page, 'quiet').click();
    await hook(page, 'menu-disconnect').click();
    await page.mouse.click(5, 5);
    await hook(page, 'disconnect').waitFor({ state: 'detached' });
    await hook(page, 'quiet').click();
    await hook(page, 'menu-disconnect').click();
    await hook(page, 'disconnect-all').check();
    await hook(page, 'disconnect-until_connected').click();
    await hook(page, 'disconnect').waitFor({ state: 'detached' });
    expect(await asked(page, 'pause')).toEqual([{ choice: 'until_connected', all: true }]);
  });

  it('asks when the tray does', async () => {
    const page = await open();
    await page.evaluate(() => window.twin.askToDisconnect());
    await hook(page, 'disconnect').waitFor();
  });

  it('leads to the account when only that can help', async () => {
    const page = await open();
    await page.evaluate(() =>
      window.twin.become({
        state: 'signed_out',
        reason: { code: 'unauthorized', status: 401, detail: 'JWT expired' },
      }),
    );
    await page.getByText('Sign in again.').waitFor();
    await page.getByText('HTTP 401 · JWT expired').waitFor();
    await hook(page, 'connection').getByRole('button', { name: 'Sign in' }).click();
    await hook(page, 'settings').waitFor();
    expect(await hook(page, 'sign-in-name').isVisible()).toBe(true);
  });

  it('does not blame the account when the inbox cannot be used', async () => {
    const page = await open();
    await page.evaluate(() => window.twin.become({ state: 'no_inbox' }));
    await page.getByText('See the notice about the inbox.').waitFor();
    const card = await hook(page, 'connection').innerText();
    expect(card).toContain('Not receiving');
    expect(card).not.toContain('Refused');
    expect(await page.getByRole('button', { name: 'Check the account' }).count()).toBe(0);
  });

  it('sends a person to the proxy, not to the account, where the proxy wants a sign-in', async () => {
    const page = await open();
    await page.evaluate(() =>
      window.twin.become({
        state: 'refused',
        reason: { code: 'proxy_auth', status: 407, detail: null },
      }),
    );
    await page.getByText("Check the proxy in the system's settings.").waitFor();
    expect(await page.getByRole('button', { name: 'Check the account' }).count()).toBe(0);
  });

  it('says why connecting can take long only once it does', async () => {
    const page = await open();
    await stopClock(page);
    await page.evaluate(() => window.twin.become({ state: 'connecting' }));
    await page.locator('[data-testid="connection"][data-state="connecting"]').waitFor();
    await page.clock.runFor(4_900);
    const hint = page.getByText('A sleeping market can take a minute.');
    expect(await hint.count()).toBe(0);
    await page.clock.runFor(200);
    await hint.waitFor();
    await page.evaluate(() => window.twin.become({ state: 'paused', untilMs: null }));
    await page.evaluate(() => window.twin.become({ state: 'connecting' }));
    await hint.waitFor({ state: 'detached' });
  });

  it('is one line over the content in a narrow window', async () => {
    const page = await open('', { width: 640, height: 480 });
    expect(await hook(page, 'connection').count()).toBe(1);
    const box = await hook(page, 'connection').boundingBox();
    expect(box?.height).toBeLessThan(50);
    expect(await hook(page, 'connection').innerText()).toContain('Connected');
  });
});

describe('notices', () => {
  it('are shown though the page has no words for them', async () => {
    const page = await open();
    await page.evaluate(() =>
      window.twin.lack([{ code: 'moon_phase' as NoticeCode, detail: 'Full moon' }]),
    );
    await hook(page, 'notice').locator('summary').click();
    await page.getByText('Something is wrong here').waitFor();
    await page.getByText('Full moon').waitFor();
  });

  it('say what is missing and what to do, and can be put away when nothing is lost', async () => {
    const page = await open();
    await page.evaluate(() =>
      window.twin.lack([
        { code: 'no_toasts', detail: null },
        { code: 'inbox_full', detail: 'disk is full' },
      ]),
    );
    await hook(page, 'notice').nth(1).waitFor();
    await hook(page, 'notice').first().locator('summary').click();
    await page.getByText('install one, such as dunst').waitFor();
    await page.getByRole('button', { name: 'Hide' }).click();
    expect(await hook(page, 'notice').count()).toBe(1);
    expect(await hook(page, 'notice').getAttribute('data-code')).toBe('inbox_full');
    await hook(page, 'nav-settings').click();
    await hook(page, 'settings-about').click();
    expect(await hook(page, 'notice').count()).toBe(2);
    await hook(page, 'nav-inbox').click();
    await row(page, 40).waitFor();
    expect(await hook(page, 'notice').count(), 'it stays away').toBe(1);
  });

  it('set a foreign or broken file aside, and never a newer one', async () => {
    const page = await open();
    const lack = (code: 'inbox_foreign' | 'inbox_broken' | 'inbox_newer' | 'inbox_locked') =>
      page.evaluate((which) => window.twin.lack([{ code: which, detail: null }]), code);
    for (const code of ['inbox_newer', 'inbox_locked'] as const) {
      await lack(code);
      await page.locator(`[data-testid="notice"][data-code="${code}"] summary`).click();
      expect(await hook(page, 'set-aside').count()).toBe(0);
    }
    await lack('inbox_broken');
    await page.locator('[data-code="inbox_broken"] summary').click();
    await page.evaluate(() => {
      const problem = { code: 'inbox' as const, message: 'read-only', fields: [] };
      window.twin.problems.set('setInboxAside', problem);
    });
    await hook(page, 'set-aside').click();
    await hook(page, 'notice').getByRole('alert').getByText('read-only').waitFor();
    await lack('inbox_foreign');
    await page.locator('[data-code="inbox_foreign"] summary').click();
    await hook(page, 'set-aside').click();
    await page.locator('[data-code="inbox_set_aside"] summary').click();
    await page.getByText('inbox.db.bad').waitFor();
    expect(await asked(page, 'setInboxAside')).toHaveLength(2);
    await page.getByRole('button', { name: 'Hide' }).click();
    expect(await hook(page, 'notice').count()).toBe(0);
  });
});
