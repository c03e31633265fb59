import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { SendOutcome } from '../../src/bindings/SendOutcome';
import { asked, hook, painted, stage } from './stage';

const { open } = stage();

async function compose(): Promise<Page> {
  const page = await open();
  await hook(page, 'nav-compose').click();
  return page;
}

async function toUser(answer?: SendOutcome): Promise<Page> {
  const page = await compose();
  if (answer !== undefined)
    await page.evaluate((outcome) => void window.twin.outcomes.push(outcome), answer);
  await hook(page, 'compose-user').click();
  await hook(page, 'compose-user-id').fill('4021');
  await hook(page, 'compose-title').fill('Hello');
  await hook(page, 'compose-send').click();
  await hook(page, 'compose-outcome').waitFor();
  return page;
}

/** The numbers of the lines of JSON that are marked as wrong. */
function marked(page: Page): Promise<string[]> {
  return page.locator('[data-testid="json-line"][data-wrong="true"]').allInnerTexts();
}

describe('composing', () => {
  it('previews the toast and the row while the message is written', async () => {
    const page = await compose();
    await hook(page, 'compose-title').fill('Maintenance tonight');
    await hook(page, 'compose-content').fill('Payments pause.');
    await page.getByText('As a toast').waitFor();
    for (const part of ['toast', 'row', 'alert'])
      expect(await hook(page, `preview-${part}`).innerText()).toContain('Maintenance tonight');
    await page.getByLabel('Content is hidden').check();
    expect(await hook(page, 'preview-toast').innerText()).not.toContain('Maintenance tonight');
    await hook(page, 'preview-zh-TW').click();
    await hook(page, 'preview-toast').getByText('標示為已讀').waitFor();
  });

  it('shows errors beside their fields, only after a field was left or a try to send', async () => {
    const page = await compose();
    await hook(page, 'compose-link').fill('htp://wrong');
    await page.waitForFunction(() => window.twin.calls.some(({ name }) => name === 'checkDraft'));
    expect(await hook(page, 'field-error').count()).toBe(0);
    await hook(page, 'compose-link').blur();
    await page.locator('[data-testid="field-error"][data-field="link"]').waitFor();
    expect(await hook(page, 'field-error').count()).toBe(1);
    await hook(page, 'compose-send').click();
    await page.locator('[data-testid="field-error"][data-field="title"]').waitFor();
    const focused = await page.evaluate(() => document.activeElement?.getAttribute('data-testid'));
    expect(focused).toBe('compose-title');
    expect(await asked(page, 'send')).toEqual([]);
  });

  it('brings what is wrong with JSON into view in the smallest window', async () => {
    const page = await open('', { width: 640, height: 480 });
    await hook(page, 'nav-compose').click();
    await hook(page, 'compose-json-toggle').click();
    await hook(page, 'compose-json').fill('{\n  "title": \n}');
    await page.locator('form .middle').evaluate((middle) => middle.scrollTo(0, 0));
    await hook(page, 'compose-send').click();
    await page.locator('[data-testid="compose-json"]:focus').waitFor();
    const error = await hook(page, 'field-error').boundingBox();
    const foot = await page.locator('footer').boundingBox();
    expect((error?.y ?? 480) + (error?.height ?? 0)).toBeLessThanOrEqual(foot?.y ?? 0);
  });

  it('brings a wrong field into view with its label', async () => {
    const page = await open('', { width: 640, height: 480 });
    await hook(page, 'nav-compose').click();
    await hook(page, 'compose-user').click();
    await hook(page, 'compose-title').fill('Tea');
    await page.locator('form .middle').evaluate((middle) => middle.scrollTo(0, 300));
    await hook(page, 'compose-send').click();
    await page.locator('[data-testid="compose-user-id"]:focus').waitFor();
    const label = (await page.getByText('User id', { exact: true }).boundingBox())!;
    const middle = (await page.locator('form .middle').boundingBox())!;
    expect(label.y).toBeGreaterThanOrEqual(middle.y);
  });

  it('says why there is no preview yet', async () => {
    const page = await compose();
    await page.getByText('Appears once there is a title.').waitFor();
    await hook(page, 'compose-title').fill('Tea');
    await hook(page, 'compose-link').fill('htp://wrong');
    await hook(page, 'compose-link').blur();
    await page.getByText('Appears once what is marked is put right.').waitFor();
  });

  it('counts characters as the market does', async () => {
    const page = await compose();
    await hook(page, 'compose-title').fill('茶壺🫖');
    await page.getByText('4 / 100').waitFor();
  });

  it('takes a kind from the list or by its name', async () => {
    const page = await compose();
    await hook(page, 'compose-kind').selectOption({ label: 'Another kind…' });
    await hook(page, 'compose-kind-other').fill('TEA_READY');
    await hook(page, 'compose-title').fill('Tea');
    await hook(page, 'compose-json-toggle').click();
    expect(JSON.parse(await hook(page, 'compose-json').inputValue())).toEqual({
      type: 'TEA_READY',
      title: 'Tea',
      content: '',
      isUrgent: false,
    });
  });

  it('loses no press to an error that appears when the field before is left', async () => {
    const page = await compose();
    const toggle = hook(page, 'compose-json-toggle');
    const error = page.locator('[data-testid="field-error"][data-field="title"]');
    await hook(page, 'compose-content').fill('Payments pause.');
    await page.waitForFunction(() => window.twin.calls.some(({ name }) => name === 'checkDraft'));
    await hook(page, 'compose-title').focus();
    const at = (await toggle.boundingBox())!;
    await page.mouse.move(at.x + at.width / 2, at.y + at.height / 2);
    await page.mouse.down();
    // As long as a finger takes.
    await page.waitForTimeout(300);
    expect(await toggle.boundingBox()).toEqual(at);
    await page.mouse.up();
    await hook(page, 'compose-json').waitFor();
    await toggle.click();
    await error.waitFor();
  });

  it('says nothing of a field as it was a moment ago', async () => {
    const page = await compose();
    await hook(page, 'compose-link').fill('htp://wrong');
    await page.waitForFunction(() => window.twin.calls.some(({ name }) => name === 'checkDraft'));
    await page.evaluate(() => {
      const found = new MutationObserver(() => {
        if (document.querySelector('[data-field="title"]')) document.title = 'flashed';
      });
      found.observe(document.body, { subtree: true, childList: true });
    });
    await page.locator('[data-testid="compose-title"]').focus();
    await page.evaluate(() => document.execCommand('insertText', false, 'Tea'));
    await hook(page, 'compose-link').focus();
    await page.waitForTimeout(400);
    expect(await page.title()).not.toBe('flashed');
  });

  it('edits the same message as JSON, says where it is wrong, and stays there if it must', async () => {
    const page = await compose();
    await hook(page, 'compose-title').fill('Tea');
    await hook(page, 'compose-json-toggle').click();
    await hook(page, 'compose-json').fill('{\n  "title": "Tea"\n  "content": ""\n}');
    await hook(page, 'compose-json').blur();
    const error = page.locator('[data-testid="field-error"][data-field="json"]');
    await error.waitFor();
    expect(await error.innerText()).toContain('Line 3, column');
    expect(await marked(page)).toEqual(['3']);
    await hook(page, 'compose-json').fill('{"title": 7}');
    await hook(page, 'compose-json-toggle').click();
    await page.getByText('“title” is of another type.').waitFor();
    await hook(page, 'compose-json').fill('{"title": "Green tea", "isUrgent": true}');
    await hook(page, 'compose-json-toggle').click();
    expect(await hook(page, 'compose-title').inputValue()).toBe('Green tea');
    expect(await hook(page, 'compose-urgent').isChecked()).toBe(true);
  });

  it('holds JSON to the rules of the form, and leads to where they are broken', async () => {
    const page = await compose();
    await hook(page, 'compose-json-toggle').click();
    const json = hook(page, 'compose-json');
    await json.fill('{\n  "title": "Tea",\n  "link": "htp://wrong",\n  "isUrgent": "yes"\n}');
    await hook(page, 'compose-send').click();
    await hook(page, 'field-error').first().waitFor();
    const told = await hook(page, 'field-error').allInnerTexts();
    expect(told).toEqual([
      'Line 3, column 11 Use https:// or a path such as /orders/123',
      'Line 4, column 15 This must be true or false.',
    ]);
    expect(await marked(page)).toEqual(['3', '4']);
    await hook(page, 'json-go').first().click();
    const at = await json.evaluate((area: HTMLTextAreaElement) => area.selectionStart);
    expect((await json.inputValue()).slice(at)).toMatch(/^"htp/);
    expect(await asked(page, 'send')).toEqual([]);
  });

  it('keeps what the form has no field for, and says the message in two languages', async () => {
    const page = await compose();
    await hook(page, 'compose-json-toggle').click();
    const order = '12345678901234567890';
    await hook(page, 'compose-json').fill(`{"title": "Tea", "orderId": ${order}}`);
    await hook(page, 'compose-json-toggle').click();
    await hook(page, 'compose-more').getByText(order).waitFor();
    await hook(page, 'compose-translate').filter({ hasText: '繁體中文' }).click();
    await hook(page, 'compose-translation-title').fill('茶');
    await hook(page, 'compose-json-toggle').click();
    const text = await hook(page, 'compose-json').inputValue();
    expect(text).toContain(`"orderId": ${order}`);
    expect(JSON.parse(text)).toMatchObject({ title: 'Tea', i18n: { 'zh-TW': { title: '茶' } } });
  });

  it('survives another view and a restart', async () => {
    const page = await compose();
    await hook(page, 'compose-title').fill('Half a thought');
    await hook(page, 'nav-inbox').click();
    await hook(page, 'nav-compose').click();
    expect(await hook(page, 'compose-title').inputValue()).toBe('Half a thought');
    // A new window begins with the inbox.
    await page.goto(page.url().replace(/#.*/, '&again'));
    await painted(page);
    await hook(page, 'alert-row').first().waitFor();
    await hook(page, 'nav-compose').click();
    expect(await hook(page, 'compose-title').inputValue()).toBe('Half a thought');
  });

  it('is before the eyes again when the page had to come back', async () => {
    const page = await compose();
    await hook(page, 'compose-title').fill('Half a thought');
    await page.reload();
    await painted(page);
    expect(await hook(page, 'compose-title').inputValue()).toBe('Half a thought');
    await hook(page, 'nav-settings').click();
    await hook(page, 'settings-data').click();
    await page.reload();
    await painted(page);
    await page.locator('[data-testid="settings"][data-section="data"]').waitFor();
  });
});

describe('sending to everyone', () => {
  it('asks for the word, names what goes where, and sends once', async () => {
    const page = await compose();
    await hook(page, 'compose-title').fill('Maintenance tonight');
    await hook(page, 'compose-send').getByText('380 connected').waitFor();
    await hook(page, 'compose-send').click();
    await hook(page, 'everyone-input').waitFor();
    await page.getByText('goes to every user of agoramarketapi.onrender.com').waitFor();
    await page.getByText('Connected now: 380.').waitFor();
    expect(await hook(page, 'everyone-confirm').isDisabled()).toBe(true);
    await hook(page, 'everyone-input').fill('someone');
    await page.keyboard.press('Enter');
    expect(await asked(page, 'send')).toEqual([]);
    const word = (await hook(page, 'everyone-word').textContent()) ?? '';
    await hook(page, 'everyone-input').fill(word);
    await hook(page, 'everyone-confirm').click();
    await page.locator('[data-testid="compose-outcome"][data-outcome="accepted"]').waitFor();
    expect(await hook(page, 'compose-outcome').innerText()).not.toContain('everyone');
    expect(await asked(page, 'send')).toHaveLength(1);
    expect(await hook(page, 'compose-title').inputValue()).toBe('Maintenance tonight');
    await hook(page, 'compose-new').click();
    expect(await hook(page, 'compose-title').inputValue()).toBe('');
  });

  it('is called off with Escape', async () => {
    const page = await compose();
    await hook(page, 'compose-title').fill('Oops');
    await hook(page, 'compose-send').click();
    await hook(page, 'everyone-input').press('Escape');
    await hook(page, 'compose-send').waitFor();
    expect(await hook(page, 'compose-title').inputValue()).toBe('Oops');
    expect(await asked(page, 'send')).toEqual([]);
  });
});

describe('the answer', () => {
  it('of a send to one user says to whom it went', async () => {
    const page = await toUser();
    await page.getByText('It went to user 4021').waitFor();
    expect(await asked(page, 'send')).toMatchObject([{ to: { type: 'user', userId: '4021' } }]);
  });

  it('that refuses gives the market’s words and leads back to the message', async () => {
    const page = await toUser({ outcome: 'refused', status: 403, message: 'Not an administrator' });
    await page.getByText('HTTP 403 · Not an administrator').waitFor();
    await page.getByText('The market lets this account send no messages.').waitFor();
    await hook(page, 'compose-resume').click();
    expect(await hook(page, 'compose-title').inputValue()).toBe('Hello');
    expect(await hook(page, 'compose-title').isEnabled()).toBe(true);

    // What would only be refused again is gone with the view, and comes back where it is said.
    await hook(page, 'nav-settings').click();
    await hook(page, 'nav-compose').waitFor({ state: 'detached' });
    expect(await page.getByRole('heading', { name: 'Administrator' }).count()).toBe(0);
    await hook(page, 'settings-account').click();
    await hook(page, 'composes').check();
    await hook(page, 'nav-compose').click();
    expect(await hook(page, 'compose-title').inputValue()).toBe('Hello');
  });

  it('asks to sign in where the market takes the session no longer, and loses nothing', async () => {
    const page = await toUser({ outcome: 'refused', status: 401, message: '未授權：請先登入' });
    await hook(page, 'compose-outcome').getByText('Nothing was delivered').waitFor();
    await hook(page, 'compose-sign-in').click();
    await hook(page, 'settings-pane').waitFor();
    await hook(page, 'nav-compose').click();
    await hook(page, 'compose-resume').click();
    expect(await hook(page, 'compose-title').inputValue()).toBe('Hello');
  });

  it('of a market that failed claims neither that it arrived nor that it did not', async () => {
    const page = await toUser({ outcome: 'refused', status: 500, message: 'Broken pipe' });
    await page.getByText('It may or may not have reached people.').waitFor();
    expect(await page.getByText('Nothing was delivered.').count()).toBe(0);
  });

  it('that was lost says that it may have been delivered, and nothing is repeated', async () => {
    const page = await toUser({ outcome: 'may_have_been_delivered', message: 'no answer' });
    await page.getByText("It won't be sent again by itself").waitFor();
    expect(await hook(page, 'compose-send').count()).toBe(0);
    expect(await asked(page, 'send')).toHaveLength(1);
  });

  it('that never was says that nothing left', async () => {
    const page = await toUser({ outcome: 'not_sent', message: 'no route' });
    await page.getByText('It never left this computer.').waitFor();
  });
});
