import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { asked, hook, stage } from './stage';

const { open } = stage();

const turnTo = (page: Page, name: string): Promise<void> =>
  page.locator(`[data-testid="account-turn"][data-account="${name}"]`).click();

const others = (page: Page): Promise<string[]> => hook(page, 'account-turn').allInnerTexts();

/** The whole of an account's inbox, by the heading of its badge. */
const unread = (page: Page): Promise<string> => hook(page, 'unread-count').innerText();

describe('several accounts', () => {
  it('stand in the rail, each with how it is, and a press turns to one', async () => {
    const page = await open('accounts=3');
    expect(await hook(page, 'owner').innerText()).toContain('lin-tea');
    expect(await page.title()).toBe('Inbox · lin-tea · Agora');
    await page.evaluate(() => window.twins.twin('3').become({ state: 'signed_out', reason: null }));
    const third = page.locator('[data-account="3"]');
    await third.filter({ hasText: 'Needs attention' }).waitFor();
    expect(await third.getAttribute('title')).toContain('Needs attention · 3 unread');

    await turnTo(page, '2');
    await hook(page, 'owner').filter({ hasText: '林記茶行' }).waitFor();
    expect(await page.title()).toBe('Inbox · 林記茶行 · Agora');
    expect((await others(page)).map((text) => text.split('\n')[1])).toEqual([
      'lin-tea',
      'متجر الشاي',
    ]);
    await hook(page, 'alert-row').nth(6).waitFor();
    // What arrives elsewhere is counted there, and is in no other list.
    const before = await unread(page);
    await page.evaluate(() => window.twin.arrive(2));
    await page.locator('[data-account="main"]').filter({ hasText: '4 unread' }).waitFor();
    expect([await unread(page), await hook(page, 'alert-row').count()]).toEqual([before, 7]);
  });

  it('have each their own calls, however late, and keep what was written', async () => {
    const page = await open('accounts=2');
    await hook(page, 'nav-compose').click();
    expect(await hook(page, 'compose-from').innerText()).toContain('lin-tea');
    await hook(page, 'compose-title').fill('From the first');
    await turnTo(page, '2');
    await hook(page, 'compose-from').filter({ hasText: '林記茶行' }).waitFor();
    expect(await hook(page, 'compose-title').inputValue()).toBe('');
    await hook(page, 'compose-title').fill('From the second');
    await turnTo(page, 'main');
    await hook(page, 'compose-from').filter({ hasText: 'lin-tea' }).waitFor();
    expect(await hook(page, 'compose-title').inputValue()).toBe('From the first');

    // Deleted here, turned away, come back: it can still be undone, and is so here.
    await hook(page, 'nav-inbox').click();
    await hook(page, 'alert-row').first().click();
    await page.keyboard.press('Delete');
    await hook(page, 'undo').waitFor();
    await turnTo(page, '2');
    await hook(page, 'alert-row').nth(6).waitFor();
    expect(await hook(page, 'undo').count()).toBe(0);
    await turnTo(page, 'main');
    await hook(page, 'undo').click();
    await page.waitForFunction(() => window.twin.calls.some(({ name }) => name === 'undoDelete'));
    const elsewhere = await page.evaluate(
      () => window.twins.twin('2').calls.filter(({ name }) => /delete/i.test(name)).length,
    );
    expect(elsewhere).toBe(0);
  });

  it('that are called alike are told apart by their markets', async () => {
    const page = await open('accounts=5');
    const alike = page.locator('[data-account="5"]');
    expect((await alike.innerText()).split('\n').slice(1, 3)).toEqual([
      'lin-tea',
      '127.0.0.1:8080',
    ]);
    expect(await page.locator('[data-account="2"] small').count()).toBe(0);
    await turnTo(page, '5');
    const first = page.locator('[data-account="main"] small');
    expect(await first.innerText()).toBe('agoramarketapi.onrender.com');
  });

  it('show nothing that went while another was looked at', async () => {
    const page = await open('accounts=2');
    await hook(page, 'alert-row').first().click();
    await hook(page, 'alert-detail').waitFor();
    const id = Number(await hook(page, 'alert-row').first().getAttribute('data-id'));
    await turnTo(page, '2');
    await hook(page, 'owner').filter({ hasText: '林記茶行' }).waitFor();
    await page.evaluate((id) => window.twin.deleteAlerts({ which: 'ids', ids: [id] }), id);
    await turnTo(page, 'main');
    await hook(page, 'owner').filter({ hasText: 'lin-tea' }).waitFor();
    await hook(page, 'alert-detail').waitFor({ state: 'detached' });
    await page.locator(`[data-testid="alert-row"][data-id="${id}"]`).waitFor({ state: 'detached' });
  });

  it('that are added speak and look as was chosen for all', async () => {
    const page = await open('accounts=2&language=zh-TW&theme=dark');
    await hook(page, 'nav-settings').click();
    await hook(page, 'account-add').click();
    await page.getByRole('heading', { level: 1, name: '新增帳號' }).waitFor();
    expect(await page.evaluate(() => document.documentElement.dataset['theme'])).toBe('dark');
  });

  it('are added with a way back, and signed in to beside the others', async () => {
    const page = await open('accounts=2');
    await turnTo(page, '2');
    await hook(page, 'nav-settings').click();
    await hook(page, 'account-add').click();
    await hook(page, 'first-start').waitFor();
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Add an account');
    expect(await hook(page, 'play-demo').count()).toBe(0);
    await hook(page, 'account-back').click();
    await hook(page, 'owner').filter({ hasText: '林記茶行' }).waitFor();

    await hook(page, 'nav-settings').click();
    await hook(page, 'account-add').click();
    await hook(page, 'sign-in-name').fill('lin-tea');
    await hook(page, 'sign-in-password').fill('dongding-4021');
    await page.keyboard.press('Enter');
    await hook(page, 'owner').waitFor();
    expect(await hook(page, 'account-turn').count()).toBe(2);
  });

  it('are renamed and left by their names', async () => {
    const page = await open('accounts=2');
    await hook(page, 'nav-settings').click();
    await hook(page, 'account-label').fill(' ');
    await hook(page, 'account-rename').click();
    await page.locator('[data-testid="field-error"][data-field="label"]').waitFor();
    await hook(page, 'account-label').fill('The shop');
    await page.keyboard.press('Enter');
    await hook(page, 'owner').filter({ hasText: 'The shop' }).waitFor();

    await turnTo(page, '2');
    await hook(page, 'account-forget').click();
    await page.getByText('Sign out of 林記茶行?').waitFor();
    await hook(page, 'account-forget-all').click();
    await hook(page, 'owner').filter({ hasText: 'The shop' }).waitFor();
    expect(await hook(page, 'account-turn').count()).toBe(0);
    expect(await page.title()).toBe('Inbox · Agora');
  });

  it('fit a narrow window, where words are in the tooltip', async () => {
    const page = await open('accounts=5', { width: 640, height: 700 });
    await page.evaluate(() => window.twins.twin('3').become({ state: 'paused', untilMs: null }));
    await page.locator('[data-state="paused"]').waitFor();
    const boxes = await hook(page, 'account-turn').evaluateAll((turns) =>
      turns.map((turn) => {
        const parts = [turn, ...turn.querySelectorAll('[aria-hidden]')];
        const right = Math.max(...parts.map((part) => part.getBoundingClientRect().right));
        return right <= turn.getBoundingClientRect().right;
      }),
    );
    expect(boxes).toEqual([true, true, true, true]);
    await turnTo(page, '4');
    await page.waitForFunction(() => document.title.includes('the-second-shop'));
  });
});

describe('the demo', () => {
  it('is one press away, says what it is, and is left with another', async () => {
    const page = await open('first');
    await hook(page, 'play-demo').click();
    await hook(page, 'owner').filter({ hasText: 'Demo' }).waitFor();
    await hook(page, 'nav-settings').click();
    expect(await hook(page, 'account-label').count()).toBe(0);
    await hook(page, 'demo-leave').click();
    await hook(page, 'first-start').waitFor();
    expect(await asked(page, 'playDemo')).toHaveLength(1);
  });

  it('says why where it can’t be started', async () => {
    const page = await open('first');
    await page.evaluate(() => {
      window.twin.problems.set('playDemo', { code: 'demo', message: 'not found', fields: [] });
    });
    await hook(page, 'play-demo').click();
    await hook(page, 'failed').filter({ hasText: "can't be started" }).waitFor();
    expect(await hook(page, 'play-demo').isEnabled()).toBe(true);
  });
});
