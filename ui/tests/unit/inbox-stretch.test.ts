import { describe, expect, it } from 'vitest';
import {
  append,
  elsewhere,
  newest,
  oldest,
  placeOf,
  prepend,
  ROWS_KEPT,
  takeIn,
} from '../../src/features/inbox/store/stretch';
import { row } from './rows';

const rows = (from: number, to: number) =>
  Array.from({ length: from - to + 1 }, (_, n) => row(from - n));
const ids = (stretch: { rows: readonly { id: number }[] }) => stretch.rows.map(({ id }) => id);

describe('a stretch', () => {
  it('grows downwards, and each row is there once', () => {
    const grown = append(
      newest({ alerts: rows(9, 6), next: 6 }),
      { alerts: rows(7, 4), next: 4 },
      false,
    );
    expect(ids(grown)).toEqual([9, 8, 7, 6, 5, 4]);
    expect(grown).toMatchObject({ atNewest: true, newer: null, older: 4 });
  });

  it('grows upwards until it is at the newest', () => {
    const there = elsewhere({ alerts: rows(5, 3), next: 3 }, false);
    expect(there).toMatchObject({ atNewest: false, newer: 5, older: 3 });
    const up = prepend(there, { alerts: rows(7, 6), next: 7 });
    expect(up).toMatchObject({ atNewest: false, newer: 7 });
    expect(prepend(up, { alerts: rows(8, 8), next: null })).toMatchObject({
      atNewest: true,
      newer: null,
      older: 3,
    });
  });

  it('is cut at the top when it grows downwards too far, and knows the way back', () => {
    const full = newest({ alerts: rows(2_000, 2_001 - ROWS_KEPT), next: 2_001 - ROWS_KEPT });
    const page = { alerts: rows(2_000 - ROWS_KEPT, 1_901 - ROWS_KEPT), next: 1_901 - ROWS_KEPT };
    const grown = append(full, page, false);
    expect(grown.rows).toHaveLength(ROWS_KEPT);
    expect(grown).toMatchObject({ atNewest: false, newer: 1_900 });
    expect(ids(grown)[0]).toBe(1_900);
    // A search only goes down.
    expect(append(full, page, true)).toMatchObject({ atNewest: false, newer: null });
  });

  it('is cut at the bottom when it grows upwards too far, and knows the way on', () => {
    const full = elsewhere({ alerts: rows(ROWS_KEPT, 1), next: null }, false);
    const grown = prepend(full, { alerts: rows(ROWS_KEPT + 100, ROWS_KEPT + 1), next: null });
    expect(ids(grown).at(-1)).toBe(101);
    expect(grown.older).toBe(101);
    const taken = takeIn(full, rows(ROWS_KEPT + 5, ROWS_KEPT + 1));
    expect(taken.rows).toHaveLength(ROWS_KEPT);
    expect(taken.older).toBe(6);
  });

  it('ends at the oldest', () => {
    expect(oldest({ alerts: rows(3, 1), next: 3 })).toMatchObject({
      older: null,
      newer: 3,
      atNewest: false,
    });
    expect(oldest({ alerts: rows(3, 1), next: null }).atNewest).toBe(true);
  });

  it('knows where a row that arrived belongs', () => {
    const stretch = newest({ alerts: [row(9), row(3)], next: 3 });
    expect(placeOf(stretch, row(10))).toBe('above');
    expect(placeOf(stretch, row(5))).toBe('among');
    expect(placeOf(stretch, row(1))).toBe('below');
    expect(placeOf({ ...stretch, older: null }, row(1))).toBe('among');
    expect(placeOf(newest({ alerts: [], next: null }), row(1))).toBe('above');
  });
});
