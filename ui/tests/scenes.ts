/** Every view of the page, each with how to get there: for pictures and for accessibility checks. */
import type { Page } from 'playwright-core';

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

async function compose(page: Page, title: string): Promise<void> {
  await page.click(hook('nav-compose'));
  await page.selectOption(hook('compose-kind'), 'SYSTEM_MAINTENANCE_START');
  await page.fill(hook('compose-title'), title);
  await page.fill(
    hook('compose-content'),
    'Payments are paused for an hour. Orders and messages go on as usual.',
  );
  await page.getByText('02:00').nth(1).waitFor();
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
    name: 'inbox-refused-link',
    play: async (page) => {
      await openRow(page, 7);
      await page.locator('summary').last().click();
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
    name: 'compose-confirm',
    play: async (page) => {
      await compose(page, maintenance);
      await page.click(hook('compose-send'));
      await page.locator(hook('compose-confirm-input')).waitFor();
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
  { name: 'settings', play: (page) => page.click(hook('nav-settings')) },
  {
    name: 'settings-end',
    play: async (page) => {
      await page.evaluate(() => {
        window.twin.lack([{ code: 'no_keyring', detail: 'org.freedesktop.secrets: no owner' }]);
      });
      await page.click(hook('nav-settings'));
      await page.click(hook('account-forget'));
      await page.locator(hook('settings')).evaluate((pane) => pane.scrollTo(0, 10_000));
    },
  },
  { name: 'first-start', query: 'first' },
  {
    name: 'first-start-errors',
    query: 'first',
    play: async (page) => {
      await page.fill(hook('account-base-url'), 'http://market.example/api');
      await page.click(hook('account-save'));
      await page.locator(hook('field-error')).first().waitFor();
    },
  },
];
