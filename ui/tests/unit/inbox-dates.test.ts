import { describe, expect, it } from 'vitest';
import { datedBy } from '../../src/features/inbox/head/dates';

/** A Wednesday. */
const today = new Date(2026, 10, 25).getTime();
const day = (text: string): number => {
  const [y = 0, m = 0, d = 1] = text.split('-').map(Number);
  return new Date(y, m - 1, d).getTime();
};

describe('a date that is typed into the search', () => {
  it.each([
    ['2026-11-25', '2026-11-25', '2026-11-26'],
    ['2025/3/9', '2025-03-09', '2025-03-10'],
    ['11/25', '2026-11-25', '2026-11-26'],
    ['11/26', '2025-11-26', '2025-11-27'],
    ['25/11', '2026-11-25', '2026-11-26'],
    ['11/25/2024', '2024-11-25', '2024-11-26'],
    ['25 Nov', '2026-11-25', '2026-11-26'],
    ['3 march 2025', '2025-03-03', '2025-03-04'],
    ['December 24', '2025-12-24', '2025-12-25'],
    ['Nov 1, 2024', '2024-11-01', '2024-11-02'],
    ['29 Feb', '2024-02-29', '2024-03-01'],
    ['today', '2026-11-25', '2026-11-26'],
    ['Yesterday', '2026-11-24', '2026-11-25'],
    ['this week', '2026-11-23', '2026-11-30'],
    ['last  week', '2026-11-16', '2026-11-23'],
    ['this month', '2026-11-01', '2026-12-01'],
    ['last month', '2026-10-01', '2026-11-01'],
    ['last year', '2025-01-01', '2026-01-01'],
    ['2026-02', '2026-02-01', '2026-03-01'],
    ['11月25日', '2026-11-25', '2026-11-26'],
    ['１１月２５日', '2026-11-25', '2026-11-26'],
    ['2025年1月2號', '2025-01-02', '2025-01-03'],
    ['2025年12月', '2025-12-01', '2026-01-01'],
    ['12月', '2025-12-01', '2026-01-01'],
    ['今天', '2026-11-25', '2026-11-26'],
    ['昨天', '2026-11-24', '2026-11-25'],
    ['前天', '2026-11-23', '2026-11-24'],
    ['上週', '2026-11-16', '2026-11-23'],
    ['這週', '2026-11-23', '2026-11-30'],
    ['上個月', '2026-10-01', '2026-11-01'],
    ['去年', '2025-01-01', '2026-01-01'],
  ])('%s is from %s to before %s', (text, from, to) => {
    expect(datedBy(text, today)).toEqual({
      rest: '',
      words: text.normalize('NFKC'),
      fromMs: day(from),
      toMs: day(to),
    });
  });

  it.each([
    'tea',
    '20418',
    '13/32',
    '31 Feb 2026',
    'AG-11/25',
    '11/25x',
    '13月',
    'may',
    '3.14',
    '昨天的茶',
  ])('%s says no day', (text) => {
    expect(datedBy(text, today)).toBeNull();
  });

  it('is told from the words beside it', () => {
    expect(datedBy('tea  last week cups', today)).toMatchObject({ rest: 'tea cups' });
    expect(datedBy('昨天 茶壺', today)).toMatchObject({ rest: '茶壺', words: '昨天' });
  });

  it('is a whole day where the clock changes', () => {
    // By whatever zone the test runs in, each day ends where the next begins.
    for (let n = 0; n < 366; n += 1) {
      const now = new Date(2026, 0, 1 + n).getTime();
      const dated = datedBy('yesterday', now)!;
      expect(dated.toMs).toBe(now);
      expect(new Date(dated.fromMs).getHours()).toBe(0);
    }
  });
});
