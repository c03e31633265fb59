import { describe, expect, it } from 'vitest';
import { rowsBecome } from './rows';
import { asked, hook, stage } from './stage';

const { open } = stage();
const narrow = { width: 640, height: 480 };

describe('the list', () => {
  it('draws only the rows in view, of however many', async () => {
    const page = await open('alerts=5000');
    expect(await hook(page, 'alert-row').count()).toBeLessThan(30);
    const list = page.getByRole('listbox');
    for (let n = 0; n < 5; n += 1) {
      await list.evaluate((element) => element.scrollTo(0, element.scrollHeight));
      await page.waitForFunction(
        (pages) => window.twin.calls.filter(({ name }) => name === 'inboxPage').length >= pages,
        n + 2,
      );
    }
    expect(await hook(page, 'alert-row').count()).toBeLessThan(35);
  });

  it('takes in an alert at the top while nothing is being read', async () => {
    const page = await open();
    const id = await page.evaluate(() => window.twin.arrive(2));
    await hook(page, 'alert-row').first().waitFor();
    expect(await hook(page, 'alert-row').first().getAttribute('data-id')).toBe(String(id));
    expect(await hook(page, 'unread-count').textContent()).toBe('4');
    expect(await hook(page, 'new-alerts').count()).toBe(0);
  });

  it('does not move while it is scrolled: a pill says how many are new', async () => {
    const page = await open('alerts=80');
    const list = page.getByRole('listbox');
    await list.evaluate((element) => element.scrollTo(0, 900));
    await page.waitForFunction(
      () =>
        Number(document.querySelector('[data-testid="alert-row"]')?.getAttribute('data-id')) < 75,
    );
    const before = await hook(page, 'alert-row').first().getAttribute('data-id');
    await page.evaluate(() => [0, 1, 2].forEach((n) => window.twin.arrive(n)));
    await hook(page, 'new-alerts').waitFor();
    expect(await hook(page, 'new-alerts').innerText()).toBe('3 new alerts');
    expect(await hook(page, 'alert-row').first().getAttribute('data-id')).toBe(before);
    await hook(page, 'new-alerts').click();
    await page.locator('[data-testid="alert-row"][data-id="83"]').waitFor();
    expect(await list.evaluate((element) => element.scrollTop)).toBe(0);
    expect(await hook(page, 'new-alerts').count()).toBe(0);
  });

  it('holds new alerts back while one is open', async () => {
    const page = await open();
    await hook(page, 'alert-row').nth(1).click();
    await hook(page, 'alert-detail').waitFor();
    await page.evaluate(() => window.twin.arrive(2));
    await hook(page, 'new-alerts').waitFor();
    await page.keyboard.press('Escape');
    await hook(page, 'new-alerts').waitFor({ state: 'detached' });
    expect(await hook(page, 'alert-row').first().getAttribute('data-id')).toBe('41');
  });

  it('narrows to a category and to unread ones, and leads out again', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'Chat' }).click();
    await page.getByRole('heading', { name: 'Chat' }).waitFor();
    await page.waitForFunction(
      () => document.querySelectorAll('[data-testid="alert-row"]').length === 5,
    );
    await hook(page, 'chip-unread').click();
    await page.getByText('All read').waitFor();
    await page.getByRole('button', { name: 'Show all alerts' }).click();
    await page.waitForFunction(
      () => document.querySelectorAll('[data-testid="alert-row"]').length > 9,
    );
  });

  it('says since when it is what a toast has summed up, on one line beside a large count', async () => {
    const page = await open('', { width: 980, height: 680 });
    await page.evaluate(() => {
      for (let n = 0; n < 60; n += 1) window.twin.arrive(n);
      const list = {
        category: null,
        unread: true,
        urgent: false,
        starred: false,
        reminders: false,
        toMs: null,
        toldMs: null,
        search: '',
      };
      window.twin.clickSummary({ ...list, fromMs: new Date().setHours(0, 3, 0, 0) });
    });
    await hook(page, 'chip-date').getByText('since 00:03').waitFor();
    await hook(page, 'mark-all-read')
      .getByText(/^\d\d$/)
      .waitFor();
    const [first, last] = await Promise.all(
      ['chip-unread', 'chip-date'].map((chip) => hook(page, chip).boundingBox()),
    );
    expect(last!.y).toBe(first!.y);
  });

  it('shows exactly what came in quiet, and leads back to the others', async () => {
    const page = await open();
    await page.evaluate(() => window.twin.clickAfterQuiet([40, 37, 12]));
    await rowsBecome(page, [40, 37, 12]);
    await hook(page, 'after-quiet').getByText('While you were quiet').waitFor();
    // What comes meanwhile isn't of it.
    await page.evaluate(() => window.twin.arrive(0));
    await hook(page, 'unread-count').getByText('4').waitFor();
    await rowsBecome(page, [40, 37, 12]);
    await hook(page, 'after-quiet-away').click();
    await page.waitForFunction(
      () => document.querySelectorAll('[data-testid="alert-row"]').length > 9,
    );
    expect(await hook(page, 'after-quiet').count()).toBe(0);
  });

  it('shows what a snapshot in another language brings', async () => {
    const page = await open();
    await hook(page, 'nav-settings').click();
    await hook(page, 'settings-appearance').click();
    await hook(page, 'language-zh-TW').click();
    await page.waitForFunction(() => document.documentElement.lang === 'zh-TW');
    await hook(page, 'nav-inbox').click();
    await page.getByText('已出貨：訂單 #20418').first().waitFor();
  });

  it('says what will appear where there is nothing', async () => {
    const page = await open('alerts=0');
    await page.getByText('No alerts yet').waitFor();
    await page.evaluate(() => window.twin.arrive(0));
    await hook(page, 'alert-row').waitFor();
  });

  it('says that the inbox could not be read', async () => {
    const page = await open();
    await page.evaluate(() => {
      window.twin.problems.set('inboxPage', { code: 'inbox', message: 'disk', fields: [] });
    });
    await hook(page, 'chip-urgent').click();
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('alert').locator('p').innerText()).toBe(
      "The inbox can't be read or written. (disk)",
    );
  });
});

describe('an alert', () => {
  it('is marked read once it was shown, and unread again by hand', async () => {
    const page = await open();
    const first = hook(page, 'alert-row').first();
    expect(await first.getAttribute('data-read')).toBe('false');
    await first.click();
    await page.locator('[data-testid="alert-row"][data-id="40"][data-read="true"]').waitFor();
    expect(await hook(page, 'unread-count').textContent()).toBe('2');
    await hook(page, 'mark-read').click();
    await page.locator('[data-testid="alert-row"][data-id="40"][data-read="false"]').waitFor();
    const which = { which: 'ids', ids: [40] };
    expect(await asked(page, 'mark')).toEqual([
      { which, read: true },
      { which, read: false },
    ]);
  });

  it('keeps its line breaks and opens its link through the program', async () => {
    const page = await open();
    await hook(page, 'alert-row').first().click();
    await hook(page, 'open-link').click();
    expect(await asked(page, 'openLink')).toEqual([{ id: 40, asked: false }]);
    expect(await hook(page, 'alert-detail').innerText()).toContain('password.\nChrome');
  });

  it('has its full time on one line in the window as it first is', async () => {
    const page = await open('', { width: 980, height: 680 });
    await hook(page, 'alert-row').first().click();
    const time = hook(page, 'alert-detail').locator('time');
    expect(await time.innerText()).toMatch(/^\w{3},? \d+ \w+( \d{4})?, \d\d:\d\d:\d\d$/);
    expect((await time.boundingBox())!.height).toBeLessThan(20);
  });

  it('does not offer to open a link that is refused, and says why', async () => {
    const page = await open();
    await hook(page, 'alert-row').nth(7).click();
    expect(await hook(page, 'open-link').isDisabled()).toBe(true);
    await page.getByText('neither https nor on this computer').waitFor();
  });

  it('asks before it opens a link that leads away from the market', async () => {
    const page = await open();
    await hook(page, 'alert-row').nth(5).click();
    await hook(page, 'open-link').click();
    await page.getByText('away from the market to tea-wholesale.example').waitFor();
    expect(await asked(page, 'openLink')).toEqual([]);
    // Who presses Enter once too often stays.
    expect(await hook(page, 'stay').evaluate((it) => it === document.activeElement)).toBe(true);
    await page.keyboard.press('Enter');
    await hook(page, 'stay').waitFor({ state: 'detached' });
    expect(await asked(page, 'openLink')).toEqual([]);
    await hook(page, 'open-link').click();
    await hook(page, 'open-away').click();
    expect(await asked(page, 'openLink')).toEqual([{ id: 35, asked: true }]);
  });

  it("warns of a host that resembles the market's own", async () => {
    const page = await open();
    await page.evaluate(() =>
      window.twin.arrive(5, undefined, {
        url: 'https://agoramarket-login.example/',
        host: 'agoramarket-login.example',
        opens: 'after_asking',
        resembles: 'agoramarket.example',
        why: null,
      }),
    );
    await hook(page, 'alert-row').first().click();
    await hook(page, 'open-link').click();
    await page.getByText("isn't the market's own agoramarket.example").waitFor();
    expect(await hook(page, 'stay').evaluate((it) => it === document.activeElement)).toBe(true);
    await hook(page, 'open-away').click();
    expect(await asked(page, 'openLink')).toEqual([{ id: 41, asked: true }]);
  });

  it('says what became of its toast', async () => {
    const page = await open();
    await hook(page, 'alert-row').nth(1).click();
    expect(await hook(page, 'toast').innerText()).toBe('No toast: quiet hours until 08:00.');
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.locator('[data-testid="alert-detail"][data-id="38"]').waitFor();
    expect(await hook(page, 'toast').count()).toBe(0);
  });

  it('says so when its link was refused after all', async () => {
    const page = await open();
    await hook(page, 'alert-row').first().click();
    await page.evaluate(() => {
      window.twin.problems.set('openLink', { code: 'link_refused', message: '', fields: [] });
    });
    await hook(page, 'open-link').click();
    expect(await page.getByRole('alert').innerText()).toBe('This link may not be opened.');
  });

  it('shows the event as received and copies it', async () => {
    const page = await open();
    await hook(page, 'alert-row').first().click();
    await page.getByText('Event as received').click();
    await page.getByRole('button', { name: 'Copy' }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(JSON.parse(copied)).toMatchObject({ type: 'SUSPICIOUS_LOGIN_ATTEMPT' });
  });

  it('selects the event where the clipboard is closed to the page', async () => {
    const page = await open();
    await hook(page, 'alert-row').first().click();
    await page.getByText('Event as received').click();
    await page.evaluate(() => {
      navigator.clipboard.writeText = () => Promise.reject(new DOMException('no'));
    });
    await page.getByRole('button', { name: 'Copy' }).click();
    await page.getByText('copy it with the keyboard').waitFor();
    expect(await page.evaluate(() => String(getSelection()))).toContain('SUSPICIOUS_LOGIN');
  });

  it('opens from wherever one is when its toast is clicked', async () => {
    const page = await open();
    await hook(page, 'nav-settings').click();
    await page.evaluate(() => window.twin.clickToast(39));
    await page.locator('[data-testid="alert-detail"][data-id="39"]').waitFor();
  });

  it('opened by a toast has no ring around its text until the keyboard leads there', async () => {
    const page = await open('', narrow);
    await page.evaluate(() => window.twin.clickToast(39));
    const text = page.locator('[data-testid="alert-detail"] [role="region"]');
    await page.locator('[data-testid="alert-detail"] [role="region"]:focus').waitFor();
    const ring = () => text.evaluate((element) => getComputedStyle(element).outlineStyle);
    expect(await ring()).toBe('none');
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Tab');
    await page.locator('[data-testid="alert-detail"] [role="region"].tabbed:focus').waitFor();
    expect(await ring()).toBe('solid');
  });

  it('is text, whatever it holds', async () => {
    const page = await open();
    await page.evaluate(() =>
      window.twin.arrive(3, { title: '<img src=x onerror=alert(1)>', content: '<b>bold</b>' }),
    );
    await hook(page, 'alert-row').first().click();
    await page.getByText('<b>bold</b>').first().waitFor();
    expect(await page.locator('main img, main b').count()).toBe(0);
  });

  it('covers the list in a narrow window and gives it back', async () => {
    const page = await open('', narrow);
    await hook(page, 'alert-row').nth(1).click();
    await hook(page, 'alert-detail').waitFor();
    expect(await page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('region');
    await page.keyboard.press('j');
    await page.locator('[data-testid="alert-detail"][data-id="38"]').waitFor();
    await hook(page, 'detail-back').click();
    await hook(page, 'alert-detail').waitFor({ state: 'detached' });
    expect(await page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('listbox');
  });
});

describe('the keyboard', () => {
  it('does everything in the inbox', async () => {
    const page = await open();
    await page.keyboard.press('j');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('k');
    await page.keyboard.press('j');
    await page.keyboard.press('u');
    await page.locator('[data-testid="alert-row"][data-id="39"][data-read="true"]').waitFor();
    await page.keyboard.press('Enter');
    await page.locator('[data-testid="alert-detail"][data-id="39"]').waitFor();
    await page.keyboard.press('Escape');
    await hook(page, 'alert-detail').waitFor({ state: 'detached' });
  });

  it('keeps the row it is on in view', async () => {
    const page = await open('alerts=90');
    await page.getByRole('listbox').focus();
    for (let n = 0; n < 30; n += 1) await page.keyboard.press('j');
    const active = await page.getByRole('listbox').getAttribute('aria-activedescendant');
    expect(active).toMatch(/-61$/);
    const box = await page.locator('[data-testid="alert-row"][data-id="61"]').boundingBox();
    expect(box?.y).toBeLessThanOrEqual(800 - 60);
    expect(box?.y).toBeGreaterThan(0);
  });

  it('types letters in fields instead of moving about', async () => {
    const page = await open('', narrow);
    await hook(page, 'nav-compose').click();
    await hook(page, 'compose-title').fill('');
    await hook(page, 'compose-title').pressSequentially('jku');
    expect(await hook(page, 'compose-title').inputValue()).toBe('jku');
    expect(await asked(page, 'mark')).toEqual([]);
  });

  it('reaches every view from the start of the page', async () => {
    const page = await open();
    const seen = new Set<string>();
    for (let n = 0; n < 40; n += 1) {
      await page.keyboard.press('Tab');
      const name = await page.evaluate(() => document.activeElement?.getAttribute('data-testid'));
      if (name) seen.add(name);
    }
    for (const name of ['quiet', 'reconnect', 'nav-inbox', 'nav-compose', 'nav-settings'])
      expect(seen, name).toContain(name);
  });
});
