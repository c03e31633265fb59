import { describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { hook, painted, stage } from './stage';

const { open } = stage();

const listWidth = (page: Page): Promise<number> =>
  page.locator('section.list').evaluate((it) => (it as HTMLElement).offsetWidth);

const railWidth = (page: Page): Promise<number> =>
  page.locator('aside').evaluate((it) => (it as HTMLElement).offsetWidth);

async function drag(page: Page, column: string, by: number): Promise<void> {
  const box = (await hook(page, `divider-${column}`).boundingBox())!;
  const [x, y] = [box.x + box.width / 2, box.y + 200];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + by / 2, y);
  await page.mouse.move(x + by, y);
  await page.mouse.up();
}

describe('a column', () => {
  it('is dragged, and is as wide when the page comes back', async () => {
    const page = await open();
    const before = await listWidth(page);
    await drag(page, 'list', 90);
    expect(await listWidth(page)).toBe(before + 90);
    await drag(page, 'rail', -30);
    expect(await railWidth(page)).toBe(194);
    await page.reload();
    await painted(page);
    expect(await listWidth(page)).toBe(before + 90);
    expect(await railWidth(page)).toBe(194);
  });

  it('leaves room to read beside it, in a smaller window too', async () => {
    const page = await open();
    await drag(page, 'list', 700);
    const room = async () => (await page.locator('.list ~ section').boundingBox())!.width;
    expect(await room()).toBeGreaterThanOrEqual(300);
    await page.setViewportSize({ width: 900, height: 600 });
    await expect.poll(room).toBeGreaterThanOrEqual(300);
    await drag(page, 'list', -700);
    expect(await listWidth(page)).toBe(300);
  });

  it('is moved by keys, and goes back to its usual width', async () => {
    const page = await open();
    const before = await listWidth(page);
    await hook(page, 'divider-list').focus();
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => listWidth(page)).toBe(before + 16);
    expect(await hook(page, 'divider-list').getAttribute('aria-valuenow')).toBe(`${before + 16}`);
    await page.keyboard.press('Home');
    await expect.poll(() => listWidth(page)).toBe(300);
    await hook(page, 'divider-list').dblclick({ position: { x: 3, y: 300 } });
    await expect.poll(() => listWidth(page)).toBe(before);
  });
});
