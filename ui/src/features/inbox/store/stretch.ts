/**
 * The stretch of a list that is held in memory: rows without a gap, newest first, and where to go on
 * at both ends. It grows by pages at either end and is cut at the other. Pure.
 */
import type { AlertRow } from '../../../bindings/AlertRow';
import type { InboxPage } from '../../../bindings/InboxPage';
import { merge, type Rows } from './rows';

/** The most rows that are held. */
export const ROWS_KEPT = 1_500;

export interface Stretch {
  readonly rows: Rows;
  /** Whether nothing newer is in the list, but for what waits behind the pill. */
  readonly atNewest: boolean;
  /** The key to go on from upwards; `null` at the newest, and in a search, which only goes down. */
  readonly newer: number | null;
  /** The key to go on from downwards; `null` at the oldest. */
  readonly older: number | null;
}

export const nothing: Stretch = { rows: [], atNewest: true, newer: null, older: null };

/** The newest page of a list. */
export function newest(page: InboxPage): Stretch {
  return { rows: page.alerts, atNewest: true, newer: null, older: page.next };
}

/** A page from anywhere else in a list, before what is above it was looked at. */
export function elsewhere(page: InboxPage, searching: boolean): Stretch {
  const first = page.alerts[0]?.id ?? null;
  return { rows: page.alerts, atNewest: false, newer: searching ? null : first, older: page.next };
}

/** The oldest page of a list. */
export function oldest(page: InboxPage): Stretch {
  return { rows: page.alerts, atNewest: page.next === null, newer: page.next, older: null };
}

/** With the next older page. What is too much goes at the top. */
export function append(stretch: Stretch, page: InboxPage, searching: boolean): Stretch {
  const rows = merge(stretch.rows, page.alerts);
  const grown = { ...stretch, rows, older: page.next };
  if (rows.length <= ROWS_KEPT) return grown;
  const kept = rows.slice(-ROWS_KEPT);
  const first = kept[0]?.id ?? null;
  return { ...grown, rows: kept, atNewest: false, newer: searching ? null : first };
}

/** With the next newer page. What is too much goes at the bottom. */
export function prepend(stretch: Stretch, page: InboxPage): Stretch {
  const rows = merge(stretch.rows, page.alerts);
  return cutBelow({ ...stretch, rows, newer: page.next, atNewest: page.next === null });
}

/** With rows that arrived. */
export function takeIn(stretch: Stretch, fresh: Rows): Stretch {
  return cutBelow({ ...stretch, rows: merge(stretch.rows, fresh) });
}

/** Where a row stands that isn't held: above all others, among them, or below, where it is pulled in time. */
export function placeOf(stretch: Stretch, row: AlertRow): 'above' | 'among' | 'below' {
  const first = stretch.rows[0];
  const last = stretch.rows.at(-1);
  if (first === undefined || row.id > first.id) return 'above';
  if (last !== undefined && row.id < last.id && stretch.older !== null) return 'below';
  return 'among';
}

function cutBelow(stretch: Stretch): Stretch {
  if (stretch.rows.length <= ROWS_KEPT) return stretch;
  const rows = stretch.rows.slice(0, ROWS_KEPT);
  return { ...stretch, rows, older: rows.at(-1)?.id ?? null };
}
