import { describe, expect, it } from 'vitest';
import { dayOf, dayText, lastDays } from '../../src/features/inbox/head/calendar';

describe('a day', () => {
  it('is read as it is written, and goes to where the next begins', () => {
    const day = { begin: +new Date(2026, 10, 30), end: +new Date(2026, 11, 1) };
    for (const text of ['2026-11-30', ' 2026/11/30', '2026.11.30'])
      expect(dayOf(text)).toEqual(day);
    expect(dayOf('2026-3-1')?.begin).toBe(+new Date(2026, 2, 1));
  });

  it('has to be one', () => {
    for (const text of ['', '30.11.2026', '2026-11', '2026-02-30', '2026-13-01', 'today'])
      expect(dayOf(text), text).toBeNull();
  });

  it('is written as a date input has it', () => {
    expect(dayText(+new Date(2026, 2, 1, 23, 59))).toBe('2026-03-01');
    expect(dayOf(dayText(+new Date(2026, 2, 1, 12)))?.begin).toBe(+new Date(2026, 2, 1));
  });

  it('is among the last ones', () => {
    const today = +new Date(2026, 10, 3);
    expect(lastDays(1, today)).toBe(today);
    expect(lastDays(7, today)).toBe(+new Date(2026, 9, 28));
  });
});
