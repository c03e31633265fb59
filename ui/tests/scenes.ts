/** Every view of the page, each with how to get there: for pictures and for accessibility checks. */
import type { Page } from 'playwright-core';
import type { HopName } from '../src/bindings/HopName';
import type { ProblemCode } from '../src/bindings/ProblemCode';
import { drawn } from './drawn';

export interface Scene {
  readonly name: string;
  /** What the address says of how the twin begins. */
  readonly query?: string;
  readonly play?: (page: Page) => Promise<void>;
}

const hook = (name: string): string => `[data-testid="${name}"]`;

async function openRow(page: Page, n: number): Promise<void> {
  await page.locator(hook('alert-row')).nth(n).click();
  await page.locator(hook('alert-detail')).waitFor();
}

/** What the market says to the next sign-in. */
async function refuse(page: Page, code: ProblemCode, message: string): Promise<void> {
  await page.evaluate(
    ([code, message]) => window.twin.problems.set('signIn', { code, message, fields: [] }),
    [code, message] as const,
  );
}

async function compose(page: Page, title: string): Promise<void> {
  await page.click(hook('nav-compose'));
  await page.selectOption(hook('compose-kind'), 'SYSTEM_MAINTENANCE_START');
  await page.fill(hook('compose-title'), title);
  await page.fill(
    hook('compose-content'),
    'Payments are paused for an hour. Orders and messages go on as usual.',
  );
  await page.locator(hook('preview-row')).waitFor();
}

async function settings(page: Page, section: string): Promise<void> {
  await page.click(hook('nav-settings'));
  await page.click(hook(`settings-${section}`));
}

async function search(page: Page, en: string, zh: string): Promise<void> {
  const language = await page.evaluate(() => document.documentElement.lang);
  await page.keyboard.press('/');
  await page.keyboard.insertText(language === 'en' ? en : zh);
  await page
    .locator(`mark, ${hook('empty')}`)
    .first()
    .waitFor();
}

/** A day on which an inbox of so many alerts, one a minute, had some. */
async function jump(page: Page, daysAgo: number): Promise<void> {
  const day = await page.evaluate((days) => {
    const date = new Date(Date.now() - days * 86_400_000);
    return date.toLocaleDateString('sv');
  }, daysAgo);
  await page.click(hook('go-to-day'));
  await page.fill(hook('day'), day);
  await page.click(hook('day-go'));
  await page.locator(hook('day-panel')).waitFor({ state: 'detached' });
}

const maintenance = 'Maintenance tonight from 02:00 to 03:00';

export const scenes: readonly Scene[] = [
  { name: 'inbox' },
  {
    name: 'inbox-open',
    play: async (page) => {
      await openRow(page, 0);
      await page.evaluate(() => {
        window.twin.arrive(2);
        window.twin.arrive(3);
      });
      // In a narrow window it waits under the detail.
      await page.locator(hook('new-alerts')).waitFor({ state: 'attached' });
    },
  },
  {
    name: 'inbox-scrolled',
    play: async (page) => {
      await page.getByRole('listbox').evaluate((list) => list.scrollTo(0, 470));
      await drawn(page);
      await page.evaluate(() => window.twin.arrive(2));
      await page.locator(hook('new-alerts')).waitFor();
    },
  },
  {
    name: 'inbox-refused-link',
    play: async (page) => {
      await openRow(page, 7);
      await page.locator('summary').last().click();
    },
  },
  {
    name: 'inbox-menu',
    play: async (page) => {
      await page.locator(hook('alert-row')).nth(1).click({ button: 'right' });
      await page.locator(hook('menu')).waitFor();
      await page.keyboard.press('End');
    },
  },
  {
    name: 'inbox-search-menu',
    play: async (page) => {
      await search(page, 'order', '訂單');
      await page.click(hook('search'), { button: 'right' });
      await page.locator(hook('menu')).waitFor();
    },
  },
  {
    name: 'inbox-dated',
    play: async (page) => {
      const language = await page.evaluate(() => document.documentElement.lang);
      await page.fill(hook('search'), language === 'en' ? 'order last week' : '訂單 上週');
      await page.locator(hook('date-away')).waitFor();
    },
  },
  {
    name: 'inbox-quiet',
    play: async (page) => {
      await page.evaluate(async () => {
        const { preferences } = window.twin.snapshot;
        const { rules } = preferences;
        const off = { toast: false, sound: true, onlyUrgent: false };
        const quiet = { ...rules.quiet, on: true, from: 0, to: 0 };
        const categories = { ...rules.categories, chat: off, system: off };
        await window.twin.setPreferences({
          ...preferences,
          rules: { ...rules, quiet, categories },
        });
      });
      await page.locator(hook('quiet-now')).waitFor();
    },
  },
  {
    name: 'keys',
    play: async (page) => {
      await page.keyboard.press('F1');
      await page.locator(`${hook('key-sheet')}[open]`).waitFor();
    },
  },
  {
    name: 'palette',
    play: async (page) => {
      await page.keyboard.press('Control+k');
      await page.locator(hook('palette-entry')).first().waitFor();
    },
  },
  {
    name: 'palette-letters',
    play: async (page) => {
      await page.keyboard.press('Control+k');
      await page.keyboard.insertText('Chen');
      await page.locator(hook('palette-entry')).filter({ hasText: '陳偉' }).waitFor();
    },
  },
  {
    name: 'inbox-followed',
    play: async (page) => {
      await page.evaluate(async () => {
        await window.twin.star([38, 36], true);
        await window.twin.remind(39, { when: 'at', atMs: Date.now() + 93_600_000 });
        await window.twin.remind(37, { when: 'hour' });
        window.twin.remindNow(37);
      });
      await page.click('[data-id="37"]');
      await page.waitForSelector(hook('reminder'));
    },
  },
  {
    name: 'inbox-starred',
    play: async (page) => {
      await page.evaluate(() => window.twin.star([38, 36], true));
      await page.click(hook('nav-starred'));
    },
  },
  {
    name: 'inbox-reminders-empty',
    play: async (page) => {
      await page.evaluate(() => window.twin.remind(38, { when: 'hour' }));
      await page.click(hook('nav-reminders'));
      await page.evaluate(() => window.twin.remind(38, { when: 'never' }));
      await page.click(hook('chip-unread'));
      await page.click(hook('chip-unread'));
      await page.waitForSelector(hook('empty'));
    },
  },
  {
    name: 'remind',
    play: async (page) => {
      await page.evaluate(() =>
        window.twin.remind(39, { when: 'at', atMs: Date.now() + 93_600_000 }),
      );
      await page.click('[data-id="39"]');
      await page.click(hook('remind-open'));
      await page.waitForSelector(hook('remind-hour'));
      await page.fill(hook('remind-time'), '25');
      await page.click(hook('remind-at'));
    },
  },
  { name: 'inbox-empty', query: 'alerts=0' },
  {
    name: 'inbox-filtered',
    play: async (page) => {
      await page.click(hook('chip-urgent'));
      await page.keyboard.press('j');
    },
  },
  {
    name: 'inbox-search',
    query: 'alerts=120',
    play: (page) => search(page, 'order', '訂單'),
  },
  {
    name: 'inbox-search-one-character',
    query: 'alerts=120',
    play: async (page) => {
      await search(page, 'tea', '茶');
      await page.keyboard.press('Enter');
      await page.keyboard.press('j');
      await page.keyboard.press('Enter');
      await page.locator(hook('alert-detail')).waitFor();
    },
  },
  { name: 'inbox-search-empty', play: (page) => search(page, 'lantern', '燈籠') },
  {
    name: 'inbox-search-stopped',
    query: 'alerts=400000',
    play: async (page) => {
      await page.keyboard.press('/');
      await page.keyboard.insertText('coupon lantern');
      await page.locator(hook('search-on')).waitFor();
    },
  },
  {
    name: 'inbox-of-a-million',
    query: 'alerts=1000000',
    play: async (page) => {
      await jump(page, 340);
      await page.evaluate(() => window.twin.arrive(1));
      await page.locator(hook('new-alerts')).waitFor();
    },
  },
  {
    name: 'inbox-selection',
    play: async (page) => {
      await page
        .locator(hook('alert-row'))
        .nth(1)
        .click({ modifiers: ['ControlOrMeta'] });
      await page
        .locator(hook('alert-row'))
        .nth(4)
        .click({ modifiers: ['Shift'] });
      await page.locator(hook('selection-bar')).waitFor();
    },
  },
  {
    name: 'inbox-selection-all',
    query: 'alerts=12345',
    play: async (page) => {
      await page.keyboard.press('Control+a');
      await page.click(hook('selection-export'));
    },
  },
  {
    name: 'inbox-undo',
    play: async (page) => {
      await page.keyboard.press('j');
      await page.keyboard.press('j');
      await page.keyboard.press('Delete');
      await page.locator(hook('undo-bar')).waitFor();
    },
  },
  {
    name: 'inbox-dates',
    play: async (page) => {
      await page.click(hook('chip-date'));
      await page.click(hook('date-7'));
    },
  },
  {
    name: 'inbox-storm',
    play: async (page) => {
      await page.evaluate(() => {
        for (let n = 0; n < 5; n += 1) window.twin.arrive(n);
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
        window.twin.clickSummary({ ...list, fromMs: Date.now() - 60_000 });
      });
      await page.locator(hook('chip-unread')).and(page.locator('[aria-pressed="true"]')).waitFor();
    },
  },
  {
    name: 'inbox-after-quiet',
    play: async (page) => {
      await page.evaluate(() => window.twin.clickAfterQuiet([40, 39, 37, 12]));
      await page.locator(hook('after-quiet')).waitFor();
    },
  },
  {
    name: 'inbox-exported',
    play: async (page) => {
      await page.click(hook('export'));
      await page.click(hook('export-csv'));
      await page.locator(hook('exported')).waitFor();
    },
  },
  {
    name: 'inbox-link-away',
    play: async (page) => {
      await openRow(page, 5);
      await page.click(hook('open-link'));
    },
  },
  {
    name: 'inbox-link-resembles',
    play: async (page) => {
      await page.evaluate(() =>
        window.twin.arrive(5, undefined, {
          url: 'https://agoramarket-login.example/',
          host: 'agoramarket-login.example',
          opens: 'after_asking',
          resembles: 'agoramarket.example',
          why: null,
        }),
      );
      await openRow(page, 0);
      await page.click(hook('open-link'));
    },
  },
  {
    name: 'inbox-link-look-alike',
    play: async (page) => {
      await page.evaluate(() =>
        window.twin.arrive(5, undefined, {
          url: null,
          host: 'https://\u0430g\u043eramarket.example/login',
          opens: 'never',
          resembles: null,
          why: 'look_alike',
        }),
      );
      await openRow(page, 0);
    },
  },
  {
    name: 'waiting-and-notices',
    play: async (page) => {
      await page.evaluate(() => {
        window.twin.become({
          state: 'waiting',
          untilMs: Date.now() + 8_000,
          reason: { code: 'server_error', status: 503, detail: null },
        });
        window.twin.lack([
          { code: 'no_toasts', detail: null },
          { code: 'inbox_full', detail: 'database or disk is full' },
        ]);
      });
      await page
        .locator(`${hook('notice')} summary`)
        .first()
        .click();
    },
  },
  {
    name: 'checking',
    play: async (page) => {
      await page.evaluate(() => {
        window.twin.become({
          state: 'checking',
          checkedMs: Date.now() - 70_000,
          reason: { code: 'held_back', status: null, detail: null },
        });
      });
    },
  },
  {
    name: 'signed-out',
    play: async (page) => {
      await page.evaluate(() => {
        window.twin.become({
          state: 'signed_out',
          reason: { code: 'unauthorized', status: 401, detail: 'JWT expired at 2026-11-23' },
        });
      });
    },
  },
  { name: 'compose-empty', play: (page) => page.click(hook('nav-compose')) },
  {
    name: 'compose-errors',
    play: async (page) => {
      await compose(page, maintenance);
      await page.click(hook('compose-user'));
      await page.fill(hook('compose-link'), 'htp://agoramarket.example/notice/88');
      await page.click(hook('compose-send'));
      await page.locator(hook('field-error')).first().waitFor();
    },
  },
  {
    name: 'compose-two-languages',
    play: async (page) => {
      await compose(page, maintenance);
      await page.fill(hook('compose-link'), '/notice/88');
      await page.locator(hook('compose-translate')).last().click();
      await page.fill(hook('compose-translation-title'), '今晚 02:00 到 03:00 維護');
      await page.fill(hook('compose-translation-content'), '付款暫停一小時，訂單與訊息照常。');
      await page.click(hook('compose-json-toggle'));
      const text = await page.inputValue(hook('compose-json'));
      const more = text.replace(/\n}$/, ',\n  "windowId": 12345678901234567890\n}');
      await page.fill(hook('compose-json'), more);
      await page.click(hook('compose-json-toggle'));
      await page.click(hook('preview-zh-TW'));
    },
  },
  {
    name: 'compose-json-wrong',
    play: async (page) => {
      await page.click(hook('nav-compose'));
      await page.click(hook('compose-json-toggle'));
      await page.fill(
        hook('compose-json'),
        '{\n  "title": "Tea",\n  "link": "htp://wrong",\n  "isUrgent": "yes"\n}',
      );
      await page.locator(hook('compose-json')).blur();
      await page.locator(hook('field-error')).first().waitFor();
    },
  },
  {
    name: 'compose-confirm',
    play: async (page) => {
      await compose(page, maintenance);
      await page.click(hook('compose-send'));
      await page.locator(hook('everyone-input')).waitFor();
    },
  },
  {
    name: 'compose-json-maybe',
    play: async (page) => {
      await compose(page, maintenance);
      await page.click(hook('compose-user'));
      await page.fill(hook('compose-user-id'), '4021');
      await page.click(hook('compose-json-toggle'));
      await page.evaluate(() => {
        window.twin.outcomes.push({
          outcome: 'may_have_been_delivered',
          message: 'no answer within 30 s',
        });
      });
      await page.click(hook('compose-send'));
      await page.locator(hook('compose-outcome')).waitFor();
    },
  },
  {
    name: 'first-start-mended',
    query: 'first',
    play: async (page) => {
      await page.click(hook('sign-in-market'));
      await page.fill(hook('sign-in-base-url'), 'http://market.example/api');
      await page.click(hook('sign-in-submit'));
      await page.locator(hook('field-mended')).waitFor();
    },
  },
  {
    name: 'live',
    play: async (page) => {
      await page.click(hook('nav-live'));
      await page.locator(hook('live-numbers')).waitFor();
      await page.fill(hook('live-user-id'), '4021');
      await page.click(hook('live-look'));
      await page.click(hook('live-end'));
      await page.locator(hook('live-end-input')).waitFor();
    },
  },
  { name: 'sent-empty', play: (page) => page.click(hook('nav-sent')) },
  {
    name: 'sent-list',
    play: async (page) => {
      await page.evaluate(() => {
        const atMs = Date.now();
        const when = { atMs, seenMs: null, tries: 1 };
        const counts = { total: 2194, notTried: 939, underWay: 0, accepted: 1197 };
        window.twin.sendings = [
          {
            id: 3,
            madeMs: atMs,
            dueMs: null,
            to: { type: 'list' },
            account: '4021',
            baseUrl: 'https://agoramarketapi.onrender.com/api',
            json: '{\n  "title": "颱風：今天北部不配送"\n}',
            state: 'halted',
            halt: 'slept',
            resumesMs: null,
            counts: { ...counts, refused: 21, maybe: 37, notSent: 0, seen: 0 },
            perSecond: 0,
            leftS: null,
          },
        ];
        window.twin.lines = [
          { line: 1, userId: '4021', outcome: 'accepted', status: 200, why: null, ...when },
          { line: 2, userId: '4031', outcome: 'maybe', status: null, why: 'timed out', ...when },
          {
            line: 3,
            userId: '4038',
            outcome: 'refused',
            status: 404,
            why: 'no such user',
            ...when,
          },
        ];
      });
      await page.click(hook('nav-sent'));
      await page.click(hook('sending'));
      await page.locator(hook('sent-line')).first().waitFor();
    },
  },
  {
    name: 'live-missing',
    play: async (page) => {
      await page.evaluate(() => void (window.twin.liveNow = { said: 'missing' }));
      await page.click(hook('nav-live'));
      await page.locator(hook('live-problem')).waitFor();
    },
  },
  { name: 'settings', play: (page) => settings(page, 'account') },
  {
    name: 'settings-forget',
    play: async (page) => {
      await settings(page, 'account');
      await page.click(hook('account-forget'));
      await page.locator(hook('settings-pane')).evaluate((pane) => pane.scrollTo(0, 10_000));
    },
  },
  {
    name: 'settings-alerts',
    play: async (page) => {
      await settings(page, 'alerts');
      await page.click(hook('rule-chat-toast'));
      await page.click(hook('rule-products-onlyUrgent'));
    },
  },
  {
    name: 'settings-alerts-quiet',
    play: async (page) => {
      await settings(page, 'alerts');
      await page.click(hook('rule-chat-toast'));
      await page.click(hook('quiet-on'));
      await page.click(hook('quiet-day-5'));
      await page.click(hook('quiet-day-6'));
      await page.waitForTimeout(400);
      await page.locator(hook('rules-trial')).scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'settings-alerts-end',
    play: async (page) => {
      await page.evaluate(() => {
        const hop = (name: HopName, afterMs: number) =>
          ({ name, state: 'passed', afterMs, detail: null }) as const;
        window.twin.test({
          running: false,
          throughMarket: true,
          hops: [
            hop('accepted', 412),
            hop('received', 508),
            hop('committed', 511),
            {
              name: 'shown',
              state: 'failed',
              afterMs: null,
              detail: 'org.freedesktop.Notifications: no owner',
            },
          ],
        });
        return window.twin.snooze('until_tomorrow');
      });
      await settings(page, 'alerts');
      await page.fill(hook('web-site'), 'http://market.example');
      await page.keyboard.press('Enter');
      await page.locator(hook('field-error')).waitFor();
      await page.locator(hook('settings-pane')).evaluate((pane) => pane.scrollTo(0, 10_000));
    },
  },
  { name: 'settings-appearance', play: (page) => settings(page, 'appearance') },
  {
    name: 'settings-start',
    play: async (page) => {
      await settings(page, 'start');
      await page.locator(`${hook('start-with-computer')}:enabled`).check();
    },
  },
  {
    name: 'settings-start-refused',
    play: async (page) => {
      await page.evaluate(() =>
        window.twin.problems.set('startWithComputer', {
          code: 'start_refused',
          message: 'no',
          fields: [],
        }),
      );
      await settings(page, 'start');
      await page.locator(`${hook('start-with-computer')}:enabled`).click();
      await page.locator(hook('failed')).waitFor();
    },
  },
  {
    name: 'settings-data',
    play: async (page) => {
      await settings(page, 'data');
      await page.click(hook('export-csv'));
      await page.locator(hook('export-path')).waitFor();
    },
  },
  {
    name: 'settings-data-questions',
    play: async (page) => {
      await settings(page, 'data');
      await page.selectOption(hook('keep-days'), '7');
      await page.click(hook('delete-everything'));
    },
  },
  {
    name: 'settings-about',
    play: async (page) => {
      await page.evaluate(() => {
        window.twin.lack([{ code: 'no_keyring', detail: 'org.freedesktop.secrets: no owner' }]);
      });
      await settings(page, 'about');
    },
  },
  {
    name: 'notices-settings',
    play: async (page) => {
      await page.evaluate(() => {
        const folder = '/home/mei/.config/agora-notifier';
        window.twin.lack([
          {
            code: 'settings_broken',
            detail: `the settings file ${folder}/settings.json can't be read`,
          },
          {
            code: 'settings_set_aside',
            detail: `${folder}/settings.damaged-1.json: expected value at line 1`,
          },
        ]);
      });
      for (const n of [0, 1])
        await page
          .locator(`${hook('notice')} summary`)
          .nth(n)
          .click();
    },
  },
  {
    name: 'notices-inbox',
    play: async (page) => {
      await page.evaluate(() => {
        window.twin.become({ state: 'no_inbox' });
        window.twin.lack([
          { code: 'inbox_foreign', detail: '/home/mei/.local/share/agora/inbox.db' },
          { code: 'inbox_set_aside', detail: '/home/mei/.local/share/agora/inbox.db.bad' },
        ]);
      });
      for (const n of [0, 1])
        await page
          .locator(`${hook('notice')} summary`)
          .nth(n)
          .click();
    },
  },
  {
    name: 'quiet-menu',
    play: (page) => page.click(hook('quiet')),
  },
  {
    name: 'disconnect',
    query: 'accounts=2',
    async play(page) {
      await page.click(hook('quiet'));
      await page.click(hook('menu-disconnect'));
    },
  },
  { name: 'snoozed', play: (page) => page.evaluate(() => window.twin.snooze('two_hours')) },
  {
    name: 'diagnostics',
    play: async (page) => {
      await settings(page, 'diagnostics');
      await page.locator('[data-part="disk"][data-verdict]').waitFor();
    },
  },
  {
    name: 'diagnostics-report',
    play: async (page) => {
      await settings(page, 'diagnostics');
      await page.locator('[data-part="disk"][data-verdict]').waitFor();
      await page.click(hook('what-happened'));
      await page.click(hook('heartbeats'));
      await page.click(hook('report'));
      await page.locator(hook('report-text')).waitFor();
    },
  },
  { name: 'accounts', query: 'accounts=2' },
  {
    name: 'accounts-five',
    query: 'accounts=5',
    play: async (page) => {
      await page.evaluate(() => {
        window.twins.twin('2').become({ state: 'connecting' });
        window.twins.twin('3').become({ state: 'signed_out', reason: null });
        window.twins.twin('4').become({ state: 'paused', untilMs: null });
      });
      await page.locator('[data-state="paused"]').waitFor();
    },
  },
  {
    name: 'accounts-add',
    query: 'accounts=2',
    play: async (page) => {
      await settings(page, 'account');
      await page.click(hook('account-add'));
      await page.locator(hook('first-start')).waitFor();
    },
  },
  {
    name: 'accounts-settings',
    query: 'accounts=2',
    play: async (page) => {
      await settings(page, 'account');
      await page.click(hook('account-forget'));
    },
  },
  {
    name: 'accounts-compose',
    query: 'accounts=2',
    play: (page) => compose(page, maintenance),
  },
  {
    name: 'demo',
    query: 'first',
    play: async (page) => {
      await page.click(hook('play-demo'));
      await page.locator(hook('owner')).waitFor();
      await settings(page, 'account');
    },
  },
  { name: 'first-start', query: 'first' },
  {
    name: 'first-test',
    query: 'first',
    play: async (page) => {
      await page.fill(hook('sign-in-name'), 'lin-tea');
      await page.fill(hook('sign-in-password'), 'dongding-4021');
      await page.click(hook('sign-in-submit'));
      await page.click(hook('send-test'));
      await page.locator(hook('test-steps')).waitFor();
    },
  },
  {
    name: 'first-start-errors',
    query: 'first',
    play: async (page) => {
      await page.click(hook('sign-in-market'));
      await page.fill(hook('sign-in-base-url'), 'http://market.example/api');
      await page.click(hook('sign-in-submit'));
      await page.locator(hook('field-error')).first().waitFor();
    },
  },
  {
    name: 'first-start-second-step',
    query: 'first',
    play: async (page) => {
      await refuse(page, 'two_factor_wanted', '請輸入雙因素驗證碼');
      await page.fill(hook('sign-in-name'), 'lin-tea');
      await page.fill(hook('sign-in-password'), 'dongding-4021');
      await page.click(hook('sign-in-submit'));
      await page.locator(hook('two-factor-code')).waitFor();
    },
  },
  {
    name: 'first-start-email',
    query: 'first',
    play: async (page) => {
      await page.click(hook('sign-in-switch'));
      await page.fill(hook('sign-in-email'), 'tea@agora.example');
      await page.click(hook('send-code'));
    },
  },
  {
    name: 'first-start-locked',
    query: 'first',
    play: async (page) => {
      await refuse(page, 'account_locked', '帳號已鎖定，請聯繫客服');
      await page.fill(hook('sign-in-name'), 'lin-tea');
      await page.fill(hook('sign-in-password'), 'dongding-4021');
      await page.click(hook('sign-in-submit'));
      await page.getByText('帳號已鎖定').waitFor();
    },
  },
  ...(['locked', 'denied', 'empty', 'unavailable'] as const).map((state) => ({
    name: `first-start-keyring-${state}`,
    query: 'first',
    play: async (page: Page) => {
      await refuse(page, `keyring_${state}`, '');
      await page.fill(hook('sign-in-name'), 'lin-tea');
      await page.fill(hook('sign-in-password'), 'dongding-4021');
      await page.click(hook('sign-in-submit'));
      await page.locator(hook('account-memory')).waitFor();
    },
  })),
  ...(['locked', 'denied', 'empty', 'unavailable'] as const).map((token) => ({
    name: `settings-keyring-${token}`,
    play: async (page: Page) => {
      const code = token === 'unavailable' ? 'keyring_away' : (`keyring_${token}` as const);
      await page.evaluate(
        ([token, code]) => {
          window.twin.keep(token);
          window.twin.become({
            state: 'signed_out',
            reason: { code: 'no_token', status: null, detail: null },
          });
          window.twin.lack([{ code, detail: null }]);
        },
        [token, code] as const,
      );
      await settings(page, 'account');
    },
  })),
  {
    name: 'first-start-other-ways',
    query: 'first',
    play: (page) => page.click(hook('other-ways')),
  },
  {
    name: 'settings-signed-out',
    play: async (page) => {
      await page.evaluate(() =>
        window.twin.become({
          state: 'signed_out',
          reason: { code: 'unauthorized', status: 401, detail: null },
        }),
      );
      await page.click(hook('nav-settings'));
    },
  },
];
