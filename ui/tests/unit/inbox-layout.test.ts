import { describe, expect, it } from 'vitest';
import {
  between,
  DAY_HEIGHT,
  dayAt,
  keptTop,
  layOut,
  ROW_HEIGHT,
  topOf,
} from '../../src/features/inbox/list/layout';
import { dayName, midnightOf } from '../../src/lib/days';
import { row } from './rows';

const at = (day: number, hour: number): number => new Date(2026, 10, day, hour).getTime();

describe('layOut', () => {
  it('puts each day under a heading of its own', () => {
    const { entries, height } = layOut([
      row(3, { atMs: at(23, 1) }),
      row(2, { atMs: at(22, 23) }),
      row(1, { atMs: at(22, 0) }),
    ]);
    expect(entries.map(({ type }) => type)).toEqual(['day', 'alert', 'day', 'alert', 'alert']);
    expect(entries.map(({ top }) => top)).toEqual([0, 36, 96, 132, 192]);
    expect(height).toBe(2 * DAY_HEIGHT + 3 * ROW_HEIGHT);
  });

  it('gives every entry a key of its own when a clock was set back', () => {
    const days = [23, 22, 23].map((day, n) => row(9 - n, { atMs: at(day, 5) }));
    const keys = layOut(days).entries.map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe('between', () => {
  it('takes only what is in view, and what reaches into it', () => {
    const layout = layOut(Array.from({ length: 100_000 }, (_, n) => row(100_000 - n)));
    const seen = between(layout, 600_000, 600_600);
    expect(seen.length).toBeLessThanOrEqual(12);
    expect(seen[0]?.top).toBeLessThanOrEqual(600_000);
    expect(seen.at(-1)?.top).toBeGreaterThan(600_600 - 2 * ROW_HEIGHT);
  });

  it('is empty for an empty list', () => {
    expect(between(layOut([]), -100, 500)).toEqual([]);
  });
});

describe('dayName', () => {
  const today = midnightOf(at(23, 15));

  it('knows today and yesterday, and leaves the rest to the date', () => {
    expect(dayName(midnightOf(at(23, 0)), today)).toBe('today');
    expect(dayName(midnightOf(at(22, 23)), today)).toBe('yesterday');
    expect(dayName(midnightOf(at(21, 23)), today)).toBe('date');
  });

  it('calls what comes from ahead of the clock today', () => {
    expect(dayName(midnightOf(at(24, 1)), today)).toBe('today');
  });
});

describe('keptTop', () => {
  const rows = (...ids: number[]) =>
    layOut(ids.map((id) => row(id, { atMs: at(1 + Math.floor(id / 3), 5) })));

  it('keeps what is seen to the pixel, headings counted in', () => {
    const before = rows(8, 7, 6, 5, 4, 3);
    const after = rows(14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3);
    const top = topOf(before, 5)! - 17;
    const kept = keptTop(before, after, top);
    expect(topOf(after, 5)! - kept).toBe(17);
    expect(kept - top).toBe(6 * ROW_HEIGHT + 2 * DAY_HEIGHT);
    expect(keptTop(after, before, kept)).toBe(top);
  });

  it('goes by the next row where the first in view has gone', () => {
    const before = rows(8, 7, 6, 5, 4, 3);
    const after = rows(8, 7, 6, 4, 3);
    const top = topOf(before, 5)! + 20;
    expect(topOf(after, 4)! - keptTop(before, after, top)).toBe(ROW_HEIGHT - 20);
  });

  it('leaves the list alone where nothing that was seen is left', () => {
    expect(keptTop(rows(3, 2), rows(9, 8), 50)).toBe(50);
    expect(keptTop(layOut([]), rows(9, 8), 0)).toBe(0);
  });
});

describe('topOf', () => {
  it('says where a row stands, under the headings', () => {
    const layout = layOut([row(3, { atMs: at(23, 1) }), row(2, { atMs: at(22, 23) })]);
    expect(topOf(layout, 2)).toBe(DAY_HEIGHT + ROW_HEIGHT + DAY_HEIGHT);
    expect(topOf(layout, 9)).toBeNull();
  });
});

describe('dayAt', () => {
  const layout = layOut([row(3, { atMs: at(23, 1) }), row(2, { atMs: at(22, 23) })]);
  const next = DAY_HEIGHT + ROW_HEIGHT;

  it('is nothing while the first heading is in its own place', () => {
    expect(dayAt(layout, 0)).toBeNull();
    expect(dayAt(layOut([]), 50)).toBeNull();
  });

  it('is the day of what is seen, until the next one pushes it out', () => {
    const midnight = midnightOf(at(23, 1));
    expect(dayAt(layout, 1)).toEqual({ midnight, pushed: 0 });
    expect(dayAt(layout, next - DAY_HEIGHT)).toEqual({ midnight, pushed: 0 });
    expect(dayAt(layout, next)).toBeNull();
    expect(dayAt(layout, next - 10)).toEqual({ midnight, pushed: DAY_HEIGHT - 10 });
    expect(dayAt(layout, next + 1)).toEqual({ midnight: midnightOf(at(22, 23)), pushed: 0 });
  });
});
