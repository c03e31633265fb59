import { describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import type { Preferences } from '../../src/bindings/Preferences';
import type { Rules } from '../../src/bindings/Rules';
import { scenes } from '../scenes';
import { asked, hook, stage } from './stage';

const { open } = stage();

async function settings(section: string, query = '', size?: { width: number; height: number }) {
  const page = await open(query, size);
  await hook(page, 'nav-settings').click();
  await hook(page, `settings-${section}`).click();
  return page;
}

/** The next call of that name fails. */
function fail(page: Page, name: string, code = 'settings'): Promise<void> {
  return page.evaluate(
    ([call, why]) =>
      void window.twin.problems.set(call!, { code: why!, message: 'the disk is full', fields: [] }),
    [name, code],
  );
}

const kept = async (page: Page): Promise<Preferences[]> =>
  (await asked(page, 'setPreferences')) as Preferences[];

/** Waits until as many choices were kept, and gives the last one's rules. */
async function keptRules(page: Page, times: number): Promise<Rules> {
  await page.waitForFunction(
    (wanted) => window.twin.calls.filter(({ name }) => name === 'setPreferences').length >= wanted,
    times,
  );
  const all = await kept(page);
  expect(all).toHaveLength(times);
  return all.at(-1)!.rules;
}

describe('the sections', () => {
  it.each([640, 1280])('are all within reach of the keyboard at %d px', async (width) => {
    const page = await open('', { width, height: 600 });
    await hook(page, 'nav-settings').focus();
    await page.keyboard.press('Enter');
    await page.locator('[data-testid="settings"][data-section="account"]').waitFor();
    for (const section of ['account', 'alerts', 'appearance', 'data', 'about']) {
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
    await page.getByRole('button', { name: 'Check the account' }).click();
    await hook(page, 'account-save').waitFor();
  });

  it.each(scenes.filter(({ name }) => /^(settings|first|notices|snoozed)/.test(name)))(
    'leave no placeholder unfilled: $name',
    async (scene) => {
      for (const language of ['en', 'zh-TW']) {
        const page = await open(`language=${language}&${scene.query ?? ''}`);
        await scene.play?.(page);
        expect(await page.locator('body').innerText()).not.toMatch(/\{\w+\}/);
      }
    },
  );
});

describe('what becomes a toast', () => {
  it('is kept at once for its category, and leaves the others as they are', async () => {
    const page = await settings('alerts');
    await page.getByRole('checkbox', { name: 'Chat: Sound' }).click();
    expect((await keptRules(page, 1)).categories).toMatchObject({
      chat: { toast: true, sound: false, onlyUrgent: false },
      orders: { toast: true, sound: true, onlyUrgent: false },
    });
    await page.getByRole('checkbox', { name: 'Chat: Toast' }).click();
    expect((await keptRules(page, 2)).categories.chat).toEqual({
      toast: false,
      sound: false,
      onlyUrgent: false,
    });
    expect(await page.getByRole('checkbox', { name: 'Chat: Only urgent' }).isDisabled()).toBe(true);
    await page.getByText('Urgent are security warnings').waitFor();
  });

  it('can be set with the keyboard alone', async () => {
    const page = await settings('alerts');
    await hook(page, 'rule-orders-toast').focus();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    expect((await keptRules(page, 1)).categories.orders?.onlyUrgent).toBe(true);
    await page.keyboard.press('Tab');
    await page.locator('[data-testid="rule-delivery-toast"]:focus').waitFor();
  });

  it('shows what really holds, and why, when it could not be kept', async () => {
    const page = await settings('alerts');
    await fail(page, 'setPreferences');
    await hook(page, 'rule-money-toast').click();
    const row = page.locator('tr', { has: hook(page, 'rule-money-toast') });
    await row.getByRole('alert').waitFor();
    expect(await row.getByRole('alert').innerText()).toContain('the disk is full');
    expect(await hook(page, 'rule-money-toast').isChecked()).toBe(true);
    expect(await hook(page, 'rule-money-sound').isDisabled()).toBe(false);
    await hook(page, 'rule-money-sound').click();
    expect((await keptRules(page, 2)).categories.money).toEqual({
      toast: true,
      sound: false,
      onlyUrgent: false,
    });
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  it('goes back to the defaults, and forth again', async () => {
    const page = await settings('alerts');
    await page.getByText('These are the defaults.').waitFor();
    await hook(page, 'rule-chat-toast').click();
    await hook(page, 'defaults').click();
    expect((await keptRules(page, 2)).categories.chat?.toast).toBe(true);
    await hook(page, 'defaults-undo').click();
    expect((await keptRules(page, 3)).categories.chat?.toast).toBe(false);
    expect(await hook(page, 'rule-chat-toast').isChecked()).toBe(false);
  });

  it('says that urgent alerts come through, and that content is hidden', async () => {
    const page = await settings('alerts');
    await page.getByRole('switch', { name: /Urgent alerts come through/ }).click();
    expect((await keptRules(page, 1)).urgentPasses).toBe(false);
    await page.getByRole('switch', { name: /Hide the content/ }).click();
    expect(await keptRules(page, 2)).toMatchObject({ urgentPasses: false, hideContent: true });
  });

  it('shows again that urgent alerts come through when that could not be changed', async () => {
    const page = await settings('alerts');
    await fail(page, 'setPreferences');
    await hook(page, 'urgent-passes').click();
    await hook(page, 'failed').waitFor();
    expect(await hook(page, 'urgent-passes').isChecked()).toBe(true);
  });
});

describe('quiet hours', () => {
  it('say when they end on the next day, in both languages', async () => {
    const page = await settings('alerts');
    await hook(page, 'quiet-on').click();
    const said = hook(page, 'quiet-said');
    await said.getByText('Every day, from 22:00 until 08:00 the next day.').waitFor();
    await hook(page, 'quiet-from').fill('07:15');
    await hook(page, 'quiet-from').blur();
    await said.getByText('Every day, from 07:15 until 08:00.').waitFor();
    expect((await keptRules(page, 2)).quiet).toMatchObject({ on: true, from: 435, to: 480 });

    const chinese = await settings('alerts', 'language=zh-TW');
    await hook(chinese, 'quiet-on').click();
    await chinese.getByText('每天 22:00 到隔天 08:00。').waitFor();
  });

  it('begin on the days that are pressed, Monday first', async () => {
    const page = await settings('alerts');
    await hook(page, 'quiet-on').click();
    const names = await page
      .getByRole('group', { name: 'Days on which they begin' })
      .getByRole('button')
      .evaluateAll((all) => all.map((button) => button.getAttribute('title')));
    expect(names[0]).toBe('Monday');
    expect(names[6]).toBe('Sunday');
    await page.getByRole('button', { name: 'Saturday' }).click();
    await page.getByRole('button', { name: 'Sunday' }).press('Enter');
    expect((await keptRules(page, 3)).quiet.days).toEqual([
      true,
      true,
      true,
      true,
      true,
      false,
      false,
    ]);
    expect(await page.getByRole('button', { name: 'Sunday' }).getAttribute('aria-pressed')).toBe(
      'false',
    );
    await page.getByText('Monday to Friday, from').waitFor();
  });

  it('keep no time that is none', async () => {
    const page = await settings('alerts');
    await hook(page, 'quiet-on').click();
    await keptRules(page, 1);
    await hook(page, 'quiet-to').fill('');
    await hook(page, 'quiet-to').blur();
    expect(await hook(page, 'quiet-to').inputValue()).toBe('08:00');
    await keptRules(page, 1);
  });

  it('are off again when they could not be kept', async () => {
    const page = await settings('alerts');
    await fail(page, 'setPreferences');
    await hook(page, 'quiet-on').click();
    await hook(page, 'failed').waitFor();
    expect(await hook(page, 'quiet-on').isChecked()).toBe(false);
    expect(await hook(page, 'quiet-fields').count()).toBe(0);
  });
});

describe('the preview of the rules', () => {
  const trial = (page: Page) => hook(page, 'rules-trial');

  it('is asked with the rules as they are changed, once for several changes', async () => {
    const page = await settings('alerts');
    await trial(page)
      .getByText(/of your last 30 days' 40 alerts would have been toasts \(\d+ with sound\)/)
      .waitFor();
    await hook(page, 'rule-chat-toast').click();
    await hook(page, 'rule-orders-onlyUrgent').click();
    await trial(page).getByText('in categories without toasts').waitFor();
    const previews = (await asked(page, 'previewRules')) as Rules[];
    expect(previews).toHaveLength(2);
    expect(previews[1]?.categories).toMatchObject({
      chat: { toast: false },
      orders: { onlyUrgent: true },
    });
    expect(await trial(page).innerText()).toContain('not urgent enough');
  });

  it('asks nothing when a snapshot says the same again', async () => {
    const page = await settings('alerts');
    await trial(page).getByText('40 alerts').waitFor();
    await page.evaluate(() => window.twin.resend());
    await page.waitForTimeout(400);
    expect(await asked(page, 'previewRules')).toHaveLength(1);
  });

  it('says why there is none', async () => {
    const page = await open('alerts=0');
    await hook(page, 'nav-settings').click();
    await hook(page, 'settings-alerts').click();
    await trial(page).getByText('There are no alerts of the last 30 days').waitFor();
    await fail(page, 'previewRules', 'inbox');
    await hook(page, 'rule-chat-toast').click();
    await trial(page).getByText("The inbox can't be read or written.").waitFor();
  });

  it('stays in sight while the rules are', async () => {
    const page = await settings('alerts', '', { width: 640, height: 480 });
    await trial(page).getByText('40 alerts').waitFor();
    const box = await trial(page).boundingBox();
    expect((box?.y ?? 999) + (box?.height ?? 999)).toBeLessThanOrEqual(481);
  });
});

describe("the market's web site", () => {
  it('is kept when the field is left, and empty means the default', async () => {
    const page = await settings('alerts');
    const field = hook(page, 'web-site');
    expect(await field.getAttribute('placeholder')).toBe('https://agoramarket.example');
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
    expect(await hook(page, 'web-site-in-use').innerText()).toContain('agoramarket.example');
    await hook(page, 'web-site').fill('http://127.0.0.1:5173');
    await hook(page, 'web-site').press('Enter');
    await hook(page, 'field-error').waitFor({ state: 'detached' });
  });
});

describe('snoozing', () => {
  it('is said in the settings and beside the connection, and ended from both', async () => {
    const page = await settings('alerts');
    await page.clock.setFixedTime(new Date(2026, 10, 23, 14, 0));
    await hook(page, 'snooze-half_hour').click();
    await hook(page, 'snooze').getByText('Snoozed until 14:30').waitFor();
    await hook(page, 'snoozed').getByText('Toasts snoozed until 14:30').waitFor();
    await hook(page, 'snooze-off').click();
    await hook(page, 'snoozed').waitFor({ state: 'detached' });
    await hook(page, 'snooze-two_hours').click();
    await hook(page, 'snoozed-end').click();
    await hook(page, 'snooze-until_tomorrow').click();
    await hook(page, 'snooze').getByText('tomorrow 08:00').waitFor();
    expect(await asked(page, 'snooze')).toEqual([
      'half_hour',
      'off',
      'two_hours',
      'off',
      'until_tomorrow',
    ]);
  });

  it('is over when its time is, without being told', async () => {
    const page = await settings('alerts');
    await page.clock.setFixedTime(new Date(2026, 10, 23, 14, 0));
    await hook(page, 'snooze-half_hour').click();
    await hook(page, 'snoozed').waitFor();
    await page.clock.setFixedTime(new Date(2026, 10, 23, 14, 30));
    await hook(page, 'snoozed').waitFor({ state: 'detached' });
    await hook(page, 'snooze-half_hour').waitFor();
  });

  it('says when it could not be', async () => {
    const page = await settings('alerts');
    await fail(page, 'snooze', 'internal');
    await hook(page, 'snooze-two_hours').click();
    await page.getByText('Something went wrong in the app.').waitFor();
    await page.evaluate(() => window.twin.snooze('two_hours'));
    await fail(page, 'snooze', 'internal');
    await hook(page, 'snoozed-end').click();
    await hook(page, 'snoozed').getByRole('alert').waitFor();
  });

  it('is a line over the content in a narrow window', async () => {
    const page = await open('', { width: 640, height: 480 });
    await page.evaluate(() => window.twin.snooze('two_hours'));
    expect(await hook(page, 'snoozed').count()).toBe(1);
    expect((await hook(page, 'snoozed').boundingBox())?.height).toBeLessThan(34);
  });
});

describe('the test', () => {
  const hop = (name: string, afterMs: number) =>
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
    await fail(page, 'sendTest', 'not_connected');
    await hook(page, 'send-test').click();
    await page.getByText('There is no connection.').waitFor();
    expect(await hook(page, 'send-test').isEnabled()).toBe(true);
  });
});

describe('keeping', () => {
  it('asks before a shorter time deletes, and keeps a longer one at once', async () => {
    const page = await settings('data');
    const select = hook(page, 'keep-days');
    expect(await select.inputValue()).toBe('90');
    await select.selectOption('365');
    await page.getByText('Alerts older than 365 days are deleted.').waitFor();
    await page.getByText('kept longer: 1,460 days (four times as long').waitFor();
    await select.selectOption('30');
    await page.getByText('Delete alerts older than 30 days?').waitFor();
    expect((await kept(page)).map(({ keepDays }) => keepDays)).toEqual([365]);
    await page.getByRole('button', { name: 'Cancel' }).click();
    expect(await select.inputValue()).toBe('365');
    await select.selectOption('30');
    await page.locator('[data-testid="keep-shorter"]:focus').waitFor();
    await page.keyboard.press('Enter');
    await hook(page, 'keep-shorter').waitFor({ state: 'detached' });
    await select.selectOption('null');
    await page.getByText('Alerts stay until you delete them.').waitFor();
    expect((await kept(page)).map(({ keepDays }) => keepDays)).toEqual([365, 30, null]);
  });

  it('shows what really holds when it could not be kept', async () => {
    const page = await settings('data');
    await fail(page, 'setPreferences');
    await hook(page, 'keep-days').selectOption('365');
    await hook(page, 'failed').waitFor();
    expect(await hook(page, 'keep-days').inputValue()).toBe('90');
  });
});

describe('the export', () => {
  it('says how much is where, and shows it', async () => {
    const page = await settings('data');
    await hook(page, 'export-json').click();
    await page.getByText('40 alerts were written to:').waitFor();
    expect(await hook(page, 'export-path').innerText()).toMatch(/\.jsonl$/);
    await hook(page, 'export-show').click();
    expect(await asked(page, 'exportInbox')).toMatchObject([
      { format: 'json_lines', list: { category: null, unread: false, search: '' } },
    ]);
    expect(await asked(page, 'showExport')).toHaveLength(1);
  });

  it('says why there is none, and why it is not shown', async () => {
    const page = await settings('data');
    await fail(page, 'exportInbox', 'inbox');
    await hook(page, 'export-csv').click();
    await page.getByText('the disk is full').waitFor();
    expect(await hook(page, 'export-show').count()).toBe(0);
    await hook(page, 'export-csv').click();
    await fail(page, 'showExport', 'internal');
    await hook(page, 'export-show').click();
    await page.getByText('Something went wrong in the app.').waitFor();
  });
});

describe('deleting everything', () => {
  it('wants a typed word, in both languages, and nothing else does', async () => {
    for (const [language, word] of [
      ['en', 'Delete'],
      ['zh-TW', '刪除'],
    ] as const) {
      const page = await settings('data', `language=${language}`);
      await hook(page, 'delete-everything').click();
      await page.locator('[data-testid="delete-input"]:focus').waitFor();
      expect(await hook(page, 'delete-confirm').isDisabled()).toBe(true);
      await page.keyboard.press('Enter');
      await page.keyboard.type('everything');
      await page.keyboard.press('Enter');
      expect(await asked(page, 'deleteEverything')).toEqual([]);
      await hook(page, 'delete-input').fill(word);
      await page.keyboard.press('Enter');
      await hook(page, 'delete-everything').waitFor();
      expect(await asked(page, 'deleteEverything')).toHaveLength(1);
      expect(await hook(page, 'delete-everything').isDisabled()).toBe(true);
    }
  });

  it('says what it touches and what not, and can be left with Escape', async () => {
    const page = await settings('data');
    await hook(page, 'delete-everything').click();
    await page.getByText('Delete all 40 alerts for good?').waitFor();
    await page.getByText("What the market keeps isn't touched").waitFor();
    await page.keyboard.press('Escape');
    await hook(page, 'delete-input').waitFor({ state: 'detached' });
    expect(await asked(page, 'deleteEverything')).toEqual([]);
  });

  it('says why it failed, where it was asked', async () => {
    const page = await settings('data');
    await fail(page, 'deleteEverything', 'inbox');
    await hook(page, 'delete-everything').click();
    await hook(page, 'delete-input').fill('delete');
    await hook(page, 'delete-confirm').click();
    await page.getByText("The inbox can't be read or written.").waitFor();
    expect(await hook(page, 'delete-input').count()).toBe(1);
  });
});
