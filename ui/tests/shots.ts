/**
 * Pictures of every view in both themes, every language and two sizes: `npm run shots -- DIR`, or
 * only of the scenes whose names begin so: `npm run shots -- DIR settings`.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setup } from './build-page';
import { launch, servePage } from './chromium';
import { languages } from './languages';
import { scenes } from './scenes';

const sizes = [
  { width: 640, height: 480 },
  { width: 1280, height: 800 },
];
// A Monday afternoon, so that pictures of different days are alike.
const moment = new Date('2026-11-23T14:07:00');

export async function shoot(folder: string, beginning = ''): Promise<void> {
  await setup();
  await mkdir(folder, { recursive: true });
  const server = await servePage();
  const browser = await launch();
  for (const scene of scenes.filter(({ name }) => name.startsWith(beginning)))
    for (const theme of ['light', 'dark'])
      for (const language of languages)
        for (const size of sizes) {
          const page = await browser.context.newPage();
          await page.setViewportSize(size);
          await page.emulateMedia({ reducedMotion: 'reduce' });
          await page.clock.setFixedTime(moment);
          await page.addInitScript(() => localStorage.clear());
          const query = `theme=${theme}&language=${language}&${scene.query ?? ''}`;
          await page.goto(`${server.url}?${query}`);
          await page.waitForFunction(() => window.twins.painting > 0);
          await scene.play?.(page);
          await page.waitForTimeout(60);
          const name = `${scene.name}-${theme}-${language}-${size.width}x${size.height}.png`;
          await page.screenshot({ path: join(folder, name) });
          await page.close();
        }
  await browser.close();
  await server.close();
}
