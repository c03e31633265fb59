import { describe, expect, it } from 'vitest';
import { asked, hook, stage } from './stage';

const { open } = stage();

async function opened(query = '') {
  const page = await open(query);
  await hook(page, 'nav-settings').click();
  await hook(page, 'settings-diagnostics').click();
  await hook(page, 'timeline').waitFor();
  return page;
}

describe('the diagnostics', () => {
  it('show the last day as a picture and in words', async () => {
    const page = await opened();
    const label = await hook(page, 'timeline').locator('svg').getAttribute('aria-label');
    expect(label).toContain('in the last 24 hours: Connected 15 h 18 min · Asleep 6 h 36 min');
    const looks = await hook(page, 'timeline')
      .locator('rect.band')
      .evaluateAll((bands) =>
        bands.map((band) => [(band as SVGElement).dataset['look'], band.getAttribute('height')]),
      );
    // What a colour says a height does too.
    expect(new Map(looks as [string, string][]).size).toBe(4);
    expect(
      new Set(looks.filter(([look]) => look === 'open').map(([, height]) => height)).size,
    ).toBe(1);
    await hook(page, 'what-happened').click();
    const happened = await hook(page, 'happened').innerText();
    expect(happened).toContain('The computer slept for 6 h 36 min');
    expect(happened).toContain('The market is away for the moment');
    expect(happened).toContain('HTTP 503 · 8 s');
  });

  it('are told of what happens while they are open, and of nothing after', async () => {
    const page = await opened();
    const bars = hook(page, 'timeline').locator('rect.bar');
    const before = await bars.count();
    await page.evaluate(() => {
      const minute = Math.floor(Date.now() / 60_000) * 60_000;
      window.twin.live({ type: 'pulse', minute: [minute, 90], beats: [] });
    });
    await page.locator('figcaption', { hasText: 'at most 90 in a minute' }).waitFor();
    expect(await bars.count()).toBe(before + 1);
    await hook(page, 'heartbeats').click();
    await hook(page, 'beats').filter({ hasText: 'No heartbeat came yet.' }).waitFor();
    await hook(page, 'nav-inbox').click();
    await page.waitForFunction(() =>
      window.twin.calls.some(({ name }) => name === 'closeDiagnostics'),
    );
  });

  it('run each check once, say what to do, and run again', async () => {
    const page = await opened();
    await page.locator('[data-part="disk"][data-verdict="good"]').waitFor();
    const tray = page.locator('[data-part="tray"]');
    expect(await tray.innerText()).toContain('Not as it should be');
    expect(await tray.innerText()).toContain('AppIndicator');
    const parts = [
      'market',
      'stream',
      'toasts',
      'do_not_disturb',
      'tray',
      'keyring',
      'inbox',
      'disk',
    ];
    expect(await asked(page, 'check')).toEqual(parts);
    await hook(page, 'check-again').click();
    await page.waitForFunction(
      (all) => window.twin.calls.filter(({ name }) => name === 'check').length === all,
      2 * parts.length,
    );
  });

  it('show the report before it is copied', async () => {
    const page = await opened();
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await hook(page, 'report').click();
    const shown = await hook(page, 'report-text').inputValue();
    expect(shown).toContain('# Agora notifier: report');
    await hook(page, 'report-copy').click();
    await hook(page, 'report-said').filter({ hasText: 'Copied.' }).waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(shown);
    await page.keyboard.press('Tab');
    await hook(page, 'report-text').focus();
    await page.keyboard.press('Escape');
    await hook(page, 'report').waitFor();
  });

  it('say what went wrong', async () => {
    const page = await open();
    await page.evaluate(() => {
      window.twin.problems.set('openDiagnostics', { code: 'gone', message: '', fields: [] });
    });
    await hook(page, 'nav-settings').click();
    await hook(page, 'settings-diagnostics').click();
    await hook(page, 'failed').waitFor();
  });
});
