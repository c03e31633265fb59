import { describe, expect, it } from 'vitest';
import { standing } from '../../src/features/inbox/list/standing';
import { row } from './rows';

const rows = [row(9), row(8), row(7)];
const whole = { rows, atNewest: true, newer: null, older: null };

describe('where a row stands', () => {
  it('is counted from the newest', () => {
    expect(standing({ ...whole, older: 7 }, 40)).toEqual({ size: 40, first: 1 });
  });

  it('is known without counts where all of the list is held', () => {
    expect(standing(whole, null)).toEqual({ size: 3, first: 1 });
    // Counts may be told before the rows that they count.
    expect(standing(whole, 4)).toEqual({ size: 3, first: 1 });
  });

  it('is counted from the oldest where the newest are not held', () => {
    expect(standing({ ...whole, atNewest: false, newer: 9 }, 40)).toEqual({ size: 40, first: 38 });
  });

  it('has no size where nobody knows it', () => {
    expect(standing({ ...whole, older: 7 }, null).size).toBe(-1);
    expect(standing({ ...whole, older: 7 }, 2).size).toBe(-1);
    expect(standing({ ...whole, atNewest: false, newer: 9, older: 7 }, 40).size).toBe(-1);
  });
});
