/**
 * The list's pure part: which rows it holds after a page, an arrival or a mark. Rows are newest
 * first and each id is there once, whatever order the answers come in.
 */
import type { AlertRow } from '../../bindings/AlertRow';
import type { List } from '../../bindings/List';

export type Filter = List;

export type Rows = readonly AlertRow[];

/** Shows everything. */
export const everything: Filter = {
  category: null,
  unread: false,
  urgent: false,
  fromMs: null,
  toMs: null,
  search: '',
};

/** Whether a row that has just arrived belongs to the list. */
export function matches(filter: Filter, row: AlertRow): boolean {
  return (
    (filter.category === null || row.category === filter.category) &&
    (!filter.unread || !row.read) &&
    (!filter.urgent || row.urgent)
  );
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

/** The id `steps` rows further down (up when negative); the nearest end when there are fewer. */
export function neighbour(rows: Rows, id: number | null, steps: number): number | null {
  const from = rows.findIndex((row) => row.id === id);
  const start = steps > 0 ? 0 : rows.length - 1;
  const to = from === -1 ? start : from + steps;
  return rows[Math.min(Math.max(to, 0), rows.length - 1)]?.id ?? null;
}
