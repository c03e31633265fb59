/** Rows for unit tests. */
import type { AlertRow } from '../../src/bindings/AlertRow';

export function row(id: number, differences: Partial<AlertRow> = {}): AlertRow {
  return {
    id,
    atMs: new Date(2026, 10, 23, 12).getTime() + id,
    kind: 'ORDER_SHIPPED',
    category: 'orders',
    title: `Order ${id}`,
    excerpt: '',
    urgent: false,
    read: false,
    starred: false,
    reminder: null,
    found: null,
    ...differences,
  };
}
