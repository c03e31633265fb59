import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { Live } from '../../src/bindings/Live';
import type { LiveNumbers } from '../../src/bindings/LiveNumbers';
import { asked, hook, stage, stopClock } from './stage';

const { open } = stage();

async function live(said?: Live<LiveNumbers>): Promise<Page> {
  const page = await open();
  await stopClock(page);
  if (said !== undefined) await page.evaluate((live) => void (window.twin.liveNow = live), said);
  await hook(page, 'nav-live').click();
  return page;
}

const count = async (page: Page): Promise<number> => (await asked(page, 'liveNumbers')).length;

describe('the live view', () => {
  it('shows the market’s numbers, and asks only while it is open', async () => {
    const page = await live();
    await hook(page, 'live-numbers').getByText('412').waitFor();
    await page.clock.runFor(15_000);
    expect(await count(page)).toBe(4);
    await hook(page, 'live-chart').getByText('412 to 412').waitFor();
    await hook(page, 'nav-inbox').click();
    await page.clock.runFor(60_000);
    expect(await count(page)).toBe(4);
  });

  it('says what a market without numbers can do, and asks it no further', async () => {
    const page = await live({ said: 'missing' });
    await page.getByText('Writing messages works all the same.').waitFor();
    await page.clock.runFor(600_000);
    expect(await count(page)).toBe(1);
    expect(await hook(page, 'live-end').count()).toBe(0);
  });

  it('asks one that doesn’t answer less and less often', async () => {
    const page = await live({ said: 'no_answer', message: 'timed out' });
    await page.getByText('timed out').waitFor();
    // After 10, 20, 40, 80, 120 and 120 s.
    await page.clock.runFor(400_000);
    expect(await count(page)).toBe(7);
    await page.evaluate(() => {
      const numbers = { users: 1, connections: 2, mostConnections: null, messages: 3, errors: 0 };
      window.twin.liveNow = { said: 'this', live: numbers };
    });
    await hook(page, 'live-again').click();
    await hook(page, 'live-numbers').waitFor();
  });

  it('looks up one user', async () => {
    const page = await live();
    await hook(page, 'live-user-id').fill('4021');
    await hook(page, 'live-look').click();
    await page.getByText('User 4021 is connected · 2 devices · since 2026-11-23 09:12').waitFor();
    await hook(page, 'live-user-id').fill('7');
    await hook(page, 'live-look').click();
    await page.getByText("User 7 isn't connected").waitFor();
    await hook(page, 'live-user-id').fill('seven');
    await hook(page, 'live-look').click();
    await page.locator('[data-testid="field-error"][data-field="user_id"]').waitFor();
  });

  it('disconnects everyone only behind the word, once what that does was said', async () => {
    const page = await live();
    await hook(page, 'live-end').click();
    await page.getByText('End 412 connections to agoramarketapi.onrender.com?').waitFor();
    expect(await hook(page, 'live-end-confirm').isDisabled()).toBe(true);
    await hook(page, 'live-end-input').press('Escape');
    expect(await asked(page, 'disconnectEveryone')).toEqual([]);
    await hook(page, 'live-end').click();
    await hook(page, 'live-end-input').fill('disconnect');
    await hook(page, 'live-end-confirm').click();
    await hook(page, 'live-ended').waitFor();
    expect(await asked(page, 'disconnectEveryone')).toHaveLength(1);
  });
});
