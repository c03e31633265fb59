import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { build } from 'vite';
import { scenes } from '../scenes';
import { hook, painted, stage } from './stage';

const stages = stage();

it('asks nothing of any other host and breaks no policy', async () => {
  const page = await stages.open();
  const strangers: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(stages.url)) strangers.push(request.url());
  });
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  for (const scene of scenes) {
    await page.evaluate(() => localStorage.clear());
    await page.goto(`${stages.url}?${scene.query ?? ''}`);
    await painted(page);
    await scene.play?.(page);
  }
  expect(strangers).toEqual([]);
  expect(complaints).toEqual([]);
});

it('says once that it has painted', async () => {
  const page = await stages.open();
  await hook(page, 'alert-row').first().click();
  await hook(page, 'alert-detail').waitFor();
  expect(await page.evaluate(() => window.twins.painting)).toBe(1);
});

it('fits its window in both directions', async () => {
  for (const width of [640, 760, 899, 900, 980, 1600]) {
    const page = await stages.open('', { width, height: 480 });
    for (const view of ['nav-inbox', 'nav-compose', 'nav-settings']) {
      await hook(page, view).click();
      const overflow = await page.evaluate(() =>
        [...document.querySelectorAll('main, main *')]
          .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
          .map((element) => element.outerHTML.slice(0, 120)),
      );
      expect(overflow, `${view} at ${width}`).toEqual([]);
    }
  }
});

it('cuts counts short where only icons have room, and says them whole', async () => {
  const page = await stages.open('alerts=0', { width: 640, height: 480 });
  await page.evaluate(() => {
    for (let n = 0; n < 120; n += 1) window.twin.arrive(1);
  });
  await page.waitForFunction(
    () => document.querySelector('[data-testid="unread-count"]')?.textContent === '99+',
  );
  expect(await hook(page, 'nav-inbox').getAttribute('title')).toBe('Inbox · 120 unread');
  expect(await hook(page, 'nav-inbox').innerText()).toContain('120 unread');
  const orders = page.getByRole('button', { name: 'Orders' });
  const icon = await orders.locator('svg').boundingBox();
  const count = await orders.getByText('99+').boundingBox();
  expect(count?.x).toBeGreaterThanOrEqual((icon?.x ?? 640) + (icon?.width ?? 0));
  await page.setViewportSize({ width: 980, height: 680 });
  await page.waitForFunction(
    () => document.querySelector('[data-testid="unread-count"]')?.textContent === '120',
  );
});

it('ships without a trace of the in-memory twin', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'agora-dist-'));
  await build({ logLevel: 'error', build: { outDir: folder, emptyOutDir: true } });
  const names = await readdir(join(folder, 'assets'));
  const scripts = await Promise.all(
    names
      .filter((name) => name.endsWith('.js'))
      .map((name) => readFile(join(folder, 'assets', name), 'utf8')),
  );
  await rm(folder, { recursive: true });
  const shipped = scripts.join();
  expect(shipped).toContain('inbox_page');
  for (const trace of ['twin', 'Lin Mei-hua', '林美華']) expect(shipped).not.toContain(trace);
});
