import { describe, expect, it } from 'vitest';
import type { QuietHours } from '../../src/bindings/QuietHours';
import { quietUntil } from '../../src/features/connection/quiet';

const all: QuietHours['days'] = [true, true, true, true, true, true, true];
const night: QuietHours = { on: true, days: all, from: 22 * 60, to: 8 * 60 };
const noon: QuietHours = { ...night, from: 12 * 60, to: 13 * 60 };
/** On Mondays alone. */
const monday: QuietHours['days'] = [true, false, false, false, false, false, false];

/** In November 2026; the 23rd is a Monday. */
const at = (day: number, hours: number, minutes = 0): number =>
  new Date(2026, 10, day, hours, minutes).getTime();

describe('quiet hours', () => {
  it.each([
    ['before', noon, at(23, 11, 59), null],
    ['from their first minute', noon, at(23, 12), at(23, 13)],
    ['to before their last', noon, at(23, 13), null],
    ['in the evening, into the next day', night, at(23, 23), at(24, 8)],
    ['in the morning, from the day before', night, at(24, 7, 59), at(24, 8)],
    ['by the day on which they begin', { ...night, days: monday }, at(24, 7), at(24, 8)],
    ['on no other day', { ...night, days: monday }, at(24, 23), null],
    ['all day', { ...night, days: monday, from: 0, to: 0 }, at(23, 15), at(24, 0)],
    ['not where they are off', { ...night, on: false }, at(23, 23), null],
  ] as const)('hold %s', (_, quiet, now, end) => {
    expect(quietUntil(quiet, now)).toBe(end);
  });
});
