/** A chart's lines, on a sheet of 600 by 96. */
import { SPAN, STEP, type Sample } from './live.svelte';

const WIDTH = 600;
const HEIGHT = 96;
/** Above the highest value, and under the line's lower half. */
const EDGE = 4;

/**
 * The points of each stretch without a gap, as SVG writes them. Where nobody looked for longer than three
 * steps nothing is drawn: nobody knows what was between.
 */
export function stretchesOf(samples: readonly Sample[], end: number, highest: number): string[] {
  const stretches: Sample[][] = [];
  for (const sample of samples) {
    const current = stretches.at(-1);
    const last = current?.at(-1);
    if (current === undefined || last === undefined || sample.atMs - last.atMs > 3 * STEP)
      stretches.push([sample]);
    else current.push(sample);
  }
  const point = ({ atMs, connections }: Sample): string => {
    const x = WIDTH - ((end - atMs) / SPAN) * WIDTH;
    const y = HEIGHT - EDGE - (connections / highest) * (HEIGHT - 2 * EDGE);
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  };
  // A single one is a dot: a line to itself, with round ends.
  return stretches.map((each) =>
    (each.length === 1 ? [...each, ...each] : each).map(point).join(' '),
  );
}
