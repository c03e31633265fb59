/** What the tests of the settings share: the way to a section, and what was kept of the choices. */
import { expect } from 'vitest';
import type { Page } from 'playwright-core';
import type { Preferences } from '../../src/bindings/Preferences';
import type { ProblemCode } from '../../src/bindings/ProblemCode';
import type { Rules } from '../../src/bindings/Rules';
import { asked, hook, type Stage } from './stage';

/** Opens a section of the settings. */
export function sections({ open }: Stage) {
  return async (section: string, query?: string, size?: { width: number; height: number }) => {
    const page = await open(query, size);
    await hook(page, 'nav-settings').click();
    await hook(page, `settings-${section}`).click();
    return page;
  };
}

/** The next call of that name fails. */
export function fail(page: Page, name: string, code: ProblemCode = 'settings'): Promise<void> {
  return page.evaluate(
    ([call, why]) =>
      void window.twin.problems.set(call, { code: why, message: 'the disk is full', fields: [] }),
    [name, code] as const,
  );
}

/** What was chosen, every time that it was to be kept. */
export const kept = async (page: Page): Promise<Preferences[]> =>
  (await asked(page, 'setPreferences')) as Preferences[];

/** Waits until as many choices were kept, and gives the last one's rules. */
export async function keptRules(page: Page, times: number): Promise<Rules> {
  await page.waitForFunction(
    (wanted) => window.twin.calls.filter(({ name }) => name === 'setPreferences').length >= wanted,
    times,
  );
  const all = await kept(page);
  expect(all).toHaveLength(times);
  return all.at(-1)!.rules;
}
