import { describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { row } from './rows';
import { beginAt, hook, stage } from './stage';

const { open } = stage();

const orders = (page: Page) => page.getByRole('navigation').getByRole('button', { name: 'Orders' });

describe('the rail', () => {
  it.each([1280, 700])('says which categories are muted, at %i px', async (width) => {
    const page = await open('', { width, height: 700 });
    expect(await orders(page).locator('.muted').count()).toBe(0);
    await row(page, 39).click({ button: 'right' });
    await hook(page, 'menu-mute').click();
    await orders(page).locator('.muted').waitFor();
    expect(await orders(page).getAttribute('title')).toContain('Muted: no toasts');
    await expect.poll(() => orders(page).innerText()).toContain('Muted: no toasts');
    await row(page, 39).click({ button: 'right' });
    await hook(page, 'menu-mute').click();
    await orders(page).locator('.muted').waitFor({ state: 'detached' });
  });

  it.each([1280, 700])('says that it is a quiet hour, and until when, at %i px', async (width) => {
    const page = await open('', { width, height: 700 });
    await beginAt(page, new Date('2026-11-23T23:30:00'));
    expect(await hook(page, 'quiet-now').count()).toBe(0);
    await hook(page, 'nav-settings').click();
    await hook(page, 'settings-alerts').click();
    await hook(page, 'quiet-on').check();
    await hook(page, 'quiet-now').getByText('Quiet hours until').waitFor();
  });
});
