import { describe, expect, it } from 'vitest';
import { counted, mark, matches, merge, neighbour } from '../../src/features/inbox/store/rows';
import { everything } from '../../src/lib/everything';
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
    const filter = { ...everything, category: 'orders', unread: true, urgent: true } as const;
    expect(matches(filter, row(1, { urgent: true }))).toBe(true);
    expect(matches(filter, row(1, { urgent: true, read: true }))).toBe(false);
    expect(matches(filter, row(1, { urgent: true, category: 'chat' }))).toBe(false);
    expect(matches(filter, row(1))).toBe(false);
    expect(matches(everything, row(1, { category: 'chat' }))).toBe(true);
  });

  it('begins with the first moment of its time, and ends before the last', () => {
    const list = { ...everything, fromMs: 100, toMs: 200 };
    const came = [99, 100, 199, 200].filter((atMs) => matches(list, row(1, { atMs })));
    expect(came).toEqual([100, 199]);
  });
});

describe('counted', () => {
  const counts = {
    unread: 3,
    total: 9,
    starred: 0,
    reminders: 0,
    categories: { chat: { unread: 1, total: 4 } },
  };

  it('knows the counts of what is counted, and of nothing else', () => {
    expect(counted(everything, counts)).toEqual({ total: 9, unread: 3 });
    expect(counted({ ...everything, unread: true }, counts)).toEqual({ total: 3, unread: 3 });
    expect(counted({ ...everything, category: 'chat' }, counts)).toEqual({ total: 4, unread: 1 });
    expect(counted({ ...everything, category: 'money' }, counts)).toEqual({ total: 0, unread: 0 });
    expect(counted({ ...everything, search: 'tea' }, counts)).toBeNull();
    expect(counted({ ...everything, urgent: true }, counts)).toBeNull();
    expect(counted({ ...everything, toMs: 1 }, counts)).toBeNull();
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

  it('starts where a row stood that has gone', () => {
    expect(neighbour(rows, 7, 1)).toBe(5);
    expect(neighbour(rows, 7, -1)).toBe(9);
    expect(neighbour(rows, 1, -1)).toBe(2);
    expect(neighbour(rows, 12, 1)).toBe(9);
  });
});
