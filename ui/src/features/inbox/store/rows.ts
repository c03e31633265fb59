/**
 * The list's pure part: what belongs to it, and its rows after an arrival or a mark. Rows are newest
 * first and each id is there once, whatever order the answers come in.
 */
import type { AlertRow } from '../../../bindings/AlertRow';
import type { Counts } from '../../../bindings/Counts';
import type { List } from '../../../bindings/List';

export type Rows = readonly AlertRow[];

/** Whether anything is searched for. */
export function searches(list: List): boolean {
  return list.search.trim() !== '';
}

/** Whether a row that has just arrived belongs to the list. What it says is Rust's to search. */
export function matches(list: List, row: AlertRow): boolean {
  return (
    (list.category === null || row.category === list.category) &&
    (!list.unread || !row.read) &&
    (!list.urgent || row.urgent) &&
    (!list.starred || row.starred) &&
    (!list.reminders || row.reminder !== null) &&
    (list.fromMs === null || row.atMs >= list.fromMs) &&
    (list.toMs === null || row.atMs < list.toMs) &&
    // What one toast told of is no more than it was then.
    list.toldMs === null
  );
}

/** How many alerts the list holds, and how many of them unread; `null` where counts can't tell. */
export function counted(list: List, counts: Counts): { total: number; unread: number } | null {
  const { urgent, starred, reminders, fromMs, toMs, toldMs } = list;
  const dated = [fromMs, toMs, toldMs].some((ms) => ms !== null);
  if (searches(list) || urgent || starred || reminders || dated) return null;
  const { total, unread } =
    list.category === null ? counts : (counts.categories[list.category] ?? { total: 0, unread: 0 });
  return { total: list.unread ? unread : total, unread };
}

/** All rows of both, newest first. Where both have one, `fresh` is right. */
export function merge(rows: Rows, fresh: Rows): Rows {
  if (fresh.length === 0) return rows;
  const byId = new Map(rows.map((row) => [row.id, row]));
  for (const row of fresh) byId.set(row.id, row);
  return [...byId.values()].sort((a, b) => b.id - a.id);
}

/** The rows with some of them marked. A row stays in a list of unread ones until the list is asked anew. */
export function mark(rows: Rows, ids: readonly number[], read: boolean): Rows {
  const marked = new Set(ids);
  return rows.some((row) => marked.has(row.id) && row.read !== read)
    ? rows.map((row) => (marked.has(row.id) ? { ...row, read } : row))
    : rows;
}

/** The rows as they are now, where some have changed; none is added. */
export function renewed(rows: Rows, fresh: Rows): Rows {
  const byId = new Map(fresh.map((row) => [row.id, row]));
  // What was found in a row stays found.
  return rows.some(({ id }) => byId.has(id))
    ? rows.map((row) => ({ ...row, ...byId.get(row.id), found: row.found }))
    : rows;
}

/** The rows without some of them; the same list where none of them is in it. */
export function without(rows: Rows, gone: (id: number) => boolean): Rows {
  return rows.some(({ id }) => gone(id)) ? rows.filter(({ id }) => !gone(id)) : rows;
}

/**
 * The id `steps` rows further down (up when negative); the nearest end when there are fewer. From a
 * row that isn't there, it starts where that row would stand.
 */
export function neighbour(rows: Rows, id: number | null, steps: number): number | null {
  if (id === null) return (steps > 0 ? rows[0] : rows.at(-1))?.id ?? null;
  const older = rows.findIndex((row) => row.id <= id);
  const from = older === -1 ? rows.length : older;
  const missing = steps > 0 && rows[from]?.id !== id ? 1 : 0;
  const to = from + steps - missing;
  return rows[Math.min(Math.max(to, 0), rows.length - 1)]?.id ?? null;
}
