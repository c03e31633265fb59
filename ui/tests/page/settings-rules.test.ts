import { describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import type { Rules } from '../../src/bindings/Rules';
import { fail, keptRules, sections } from './settings';
import { asked, hook, stage, stopClock } from './stage';

const own = stage();
const { open } = own;
const settings = sections(own);

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

  it('has its columns named for as long as they are in view', async () => {
    const page = await open('', { width: 640, height: 480 });
    await hook(page, 'nav-settings').click();
    await hook(page, 'settings-alerts').click();
    const pane = hook(page, 'settings-pane');
    await pane.evaluate((element) => element.scrollTo(0, 200));
    const { y } = (await pane.boundingBox())!;
    const head = page.getByRole('columnheader', { name: 'Only urgent' });
    await expect.poll(async () => (await head.boundingBox())!.y).toBe(y);
    // A box that the keyboard goes back to isn't under them.
    await hook(page, 'rule-products-toast').focus();
    await hook(page, 'rule-security-toast').evaluate((box) => {
      const pane = box.closest('[data-testid="settings-pane"]')!;
      pane.scrollBy(0, box.getBoundingClientRect().top - pane.getBoundingClientRect().top);
    });
    await page.keyboard.press('Shift+Tab');
    const box = (await page.locator('input:focus').boundingBox())!;
    const { y: top, height } = (await head.boundingBox())!;
    expect(box.y).toBeGreaterThanOrEqual(top + height);
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
    await stopClock(page);
    await hook(page, 'rule-chat-toast').click();
    await hook(page, 'rule-orders-onlyUrgent').click();
    await page.clock.runFor(300);
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
    await stopClock(page);
    await page.evaluate(() => window.twin.resend());
    await page.clock.runFor(400);
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
