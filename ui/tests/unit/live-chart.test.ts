import { describe, expect, it } from 'vitest';
import { stretchesOf } from '../../src/features/live/chart';
import { SPAN, STEP } from '../../src/features/live/live.svelte';

describe('the line of the last hour', () => {
  it('ends at its last sample, and reaches up to the highest', () => {
    const samples = [0, STEP].map((atMs, n) => ({ atMs, connections: n * 10 }));
    const start = (600 - (STEP / SPAN) * 600).toFixed(1);
    expect(stretchesOf(samples, STEP, 10)).toEqual([`${start},92.0 600.0,4.0`]);
  });

  it('is broken where nobody looked, and a dot where somebody looked once', () => {
    const samples = [0, 3 * STEP, 7 * STEP].map((atMs) => ({ atMs, connections: 1 }));
    const stretches = stretchesOf(samples, 7 * STEP, 1);
    expect(stretches.map((points) => points.split(' ').length)).toEqual([2, 2]);
    expect(stretchesOf([], 0, 1)).toEqual([]);
  });
});
