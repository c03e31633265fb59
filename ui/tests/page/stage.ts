/** One browser and one served page for a file of page tests. */
import { afterAll, beforeAll } from 'vitest';
import type { BrowserContext, Locator, Page } from 'playwright-core';
import { launch, servePage, type Browser } from '../chromium';

export interface Stage {
  /** Opens the page as `query` says the twin begins, with an empty profile's storage. */
  open(query?: string, size?: { width: number; height: number }): Promise<Page>;
  readonly url: string;
}

/** The element behind a test hook. */
export function hook(page: Page, name: string): Locator {
  return page.locator(`[data-testid="${name}"]`);
}

/** What the page asked of its backend, by the name of the call. */
export function asked(page: Page, name: string): Promise<unknown[]> {
  return page.evaluate(
    (wanted) =>
      window.twin.calls.filter((call) => call.name === wanted).map(({ argument }) => argument),
    name,
  );
}

/** Waits until the page has painted, as the window does before it is shown. */
export async function painted(page: Page): Promise<void> {
  await page.waitForFunction(() => window.twins.painting > 0);
}

/** Whose clock isn't the true one. It is that of all pages of a browser. */
let disturbed: BrowserContext | null = null;

/** Stops the page's clock and timers: time goes by with `page.clock.runFor` alone, until the next
 * page is opened. */
export async function stopClock(page: Page): Promise<void> {
  disturbed = page.context();
  await page.clock.install();
  await page.clock.pauseAt(await page.evaluate(() => Date.now() + 1_000));
}

/** Begins the page anew at another time, for what the time of day makes a difference to. */
export async function beginAt(page: Page, time: Date): Promise<void> {
  disturbed = page.context();
  await page.clock.setSystemTime(time);
  await page.reload();
  await painted(page);
}

/** With the page that is built in a folder; by default the one that most tests are of. */
export function stage(folder?: string): Stage {
  let browser: Browser;
  let server: Awaited<ReturnType<typeof servePage>>;

  beforeAll(async () => {
    server = await servePage(folder);
    browser = await launch();
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
  });

  return {
    get url() {
      return server.url;
    },
    async open(query = '', size = { width: 1280, height: 800 }) {
      for (const old of browser.context.pages().slice(1)) await old.close();
      await disturbed?.clock.resume();
      await disturbed?.clock.setSystemTime(Date.now());
      disturbed = null;
      const page = await browser.context.newPage();
      page.setDefaultTimeout(30_000);
      await page.setViewportSize(size);
      await page.emulateMedia({ reducedMotion: 'reduce' });
      await page.addInitScript(() => {
        // Once a tab: a draft has to survive a reload.
        if (sessionStorage.getItem('begun') === null) localStorage.clear();
        sessionStorage.setItem('begun', 'yes');
      });
      await page.goto(`${server.url}?${query}`);
      await painted(page);
      return page;
    },
  };
}
