import type { Page } from 'playwright-core';

/** Waits until what the page is by now has been drawn: whatever follows from a scroll has happened. */
export async function drawn(page: Page): Promise<void> {
  await page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
  );
}
