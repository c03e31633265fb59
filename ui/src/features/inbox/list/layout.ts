/** The list's layout: rows under the headings of their days, each at a known height. */
import type { AlertRow } from '../../../bindings/AlertRow';
import { midnightOf } from '../../../lib/days';
import type { Rows } from '../store/rows';

/** One thing in the list, and where it stands, in px from the top. */
export type Entry =
  | { readonly type: 'day'; readonly key: string; readonly top: number; readonly midnight: number }
  | {
      readonly type: 'alert';
      readonly key: string;
      readonly top: number;
      readonly row: AlertRow;
      /** Which of the rows it is, counted from 0. */
      readonly n: number;
    };

export interface Layout {
  readonly entries: readonly Entry[];
  /** Height of all entries, in px. */
  readonly height: number;
}

/** Heights in px; the stylesheet of the list has the same. */
export const ROW_HEIGHT = 60;
export const DAY_HEIGHT = 36;

/** Where every row and heading stands. Rows are newest first. */
export function layOut(rows: Rows): Layout {
  const entries: Entry[] = [];
  let top = 0;
  let last = Number.NaN;
  for (const [n, row] of rows.entries()) {
    const midnight = midnightOf(row.atMs);
    if (midnight !== last) {
      // A clock set back can bring the same day twice: the first row makes the key its own.
      entries.push({ type: 'day', key: `day-${midnight}-${row.id}`, top, midnight });
      top += DAY_HEIGHT;
      last = midnight;
    }
    entries.push({ type: 'alert', key: String(row.id), top, row, n });
    top += ROW_HEIGHT;
  }
  return { entries, height: top };
}

/** The entries between two heights: what is in view. Found by halving, so that length costs little. */
export function between(layout: Layout, from: number, to: number): readonly Entry[] {
  return layout.entries.slice(firstBelow(layout, from), firstAt(layout, to));
}

/**
 * Where a list that was scrolled to `top` has to be scrolled to after a change, so that what is seen
 * stays where it is. Where all of that has gone, nothing is to be kept.
 */
export function keptTop(before: Layout, after: Layout, top: number): number {
  if (before.entries.length === 0) return top;
  const tops = new Map(after.entries.map((entry) => [entry.key, entry.top]));
  for (let n = firstBelow(before, top); n < before.entries.length; n += 1) {
    const entry = before.entries[n];
    if (entry?.type !== 'alert' || entry.top + ROW_HEIGHT <= top) continue;
    const now = tops.get(entry.key);
    if (now !== undefined) return now + top - entry.top;
  }
  return top;
}

/**
 * Whose heading stands at the top of the view when it has scrolled past its own place, and how far
 * the next day's pushes it out, in px; `null` where each is in its own place.
 */
export function dayAt(
  layout: Layout,
  top: number,
): { readonly midnight: number; readonly pushed: number } | null {
  const at = firstAt(layout, top);
  const own = layout.entries.slice(0, at).findLast(({ type }) => type === 'day');
  const next = layout.entries.slice(at).find(({ type }) => type === 'day');
  if (own?.type !== 'day') return null;
  const pushed = next === undefined ? 0 : Math.max(0, top + DAY_HEIGHT - next.top);
  return pushed === DAY_HEIGHT ? null : { midnight: own.midnight, pushed };
}

/** Where a row stands; `null` where it isn't. */
export function topOf({ entries }: Layout, id: number): number | null {
  return entries.find((entry) => entry.type === 'alert' && entry.row.id === id)?.top ?? null;
}

function firstBelow(layout: Layout, height: number): number {
  return Math.max(0, firstAt(layout, height) - 1);
}

function firstAt({ entries }: Layout, height: number): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((entries[middle]?.top ?? Infinity) < height) low = middle + 1;
    else high = middle;
  }
  return low;
}
