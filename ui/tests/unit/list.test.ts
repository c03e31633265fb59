import { describe, expect, it } from 'vitest';
import { everything, mark, matches, merge, neighbour } from '../../src/features/inbox/list';
import { row } from './rows';

const ids = (rows: readonly { id: number }[]): number[] => rows.map(({ id }) => id);

describe('merge', () => {
  it('keeps rows newest first and each once, in whatever order they come', () => {
    const rows = merge([row(5), row(3)], [row(4), row(5), row(9)]);
    expect(ids(rows)).toEqual([9, 5, 4, 3]);
  });

  it('believes the fresh row', () => {
    expect(merge([row(1)], [row(1, { read: true })])[0]?.read).toBe(true);
  });
});

describe('matches', () => {
  it('asks for every part of the filter', () => {
    const filter = { category: 'orders', unread: true, urgent: true } as const;
    expect(matches(filter, row(1, { urgent: true }))).toBe(true);
    expect(matches(filter, row(1, { urgent: true, read: true }))).toBe(false);
    expect(matches(filter, row(1, { urgent: true, category: 'chat' }))).toBe(false);
    expect(matches(filter, row(1))).toBe(false);
    expect(matches(everything, row(1, { category: 'chat' }))).toBe(true);
  });
});

describe('mark', () => {
  it('marks only the rows named', () => {
    expect(mark([row(2), row(1)], [2], true).map(({ read }) => read)).toEqual([true, false]);
  });

  it('gives the same list back where nothing changes', () => {
    const rows = [row(1)];
    expect(mark(rows, [1], false)).toBe(rows);
    expect(mark(rows, [7], true)).toBe(rows);
  });
});

describe('neighbour', () => {
  const rows = [row(9), row(5), row(2)];

  it('moves down and up, and stays at the ends', () => {
    expect(neighbour(rows, 9, 1)).toBe(5);
    expect(neighbour(rows, 5, -1)).toBe(9);
    expect(neighbour(rows, 2, 1)).toBe(2);
    expect(neighbour(rows, 9, -1)).toBe(9);
  });

  it('starts at the near end', () => {
    expect(neighbour(rows, null, 1)).toBe(9);
    expect(neighbour(rows, null, -1)).toBe(2);
    expect(neighbour([], null, 1)).toBeNull();
  });
});
