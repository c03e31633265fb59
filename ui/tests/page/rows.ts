/** The rows of the inbox's list as they are seen, and the lists that the page asked for. */
import { expect } from 'vitest';
import type { Locator, Page } from 'playwright-core';
import type { List } from '../../src/bindings/List';
import type { PageRequest } from '../../src/bindings/PageRequest';
import { asked, hook } from './stage';

/** The row of an alert. */
export function row(page: Page, id: number): Locator {
  return page.locator(`[data-testid="alert-row"][data-id="${id}"]`);
}

/** The alerts that have a row, from the top down. */
export function rowIds(page: Page): Promise<number[]> {
  return hook(page, 'alert-row').evaluateAll((rows) =>
    rows
      .map((row) => ({
        id: Number((row as HTMLElement).dataset['id']),
        y: row.getBoundingClientRect().y,
      }))
      .sort((a, b) => a.y - b.y)
      .map(({ id }) => id),
  );
}

/** Waits until these alerts have rows, and no other. */
export const rowsBecome = (page: Page, ids: number[]) =>
  expect.poll(() => rowIds(page)).toEqual(ids);

/** Every list of which a page was asked for. */
export const lists = async (page: Page): Promise<List[]> =>
  ((await asked(page, 'inboxPage')) as PageRequest[]).map(({ list }) => list);
