/** The day as a picture: which shapes stand where. Pure. */
import type { Day } from '../../bindings/Day';
import type { State } from '../../bindings/State';

/** How a state is drawn: its height tells what its colour does. */
export type Look = 'open' | 'coming' | 'trouble' | 'away';

const looks: Readonly<Record<State, Look>> = {
  connected: 'open',
  connecting: 'coming',
  waiting: 'coming',
  checking: 'coming',
  no_network: 'trouble',
  paused: 'away',
  signed_out: 'trouble',
  refused: 'trouble',
  no_inbox: 'trouble',
  asleep: 'away',
  not_running: 'away',
  unrecorded: 'away',
};

export const lookOf = (state: State): Look => looks[state];

/** A stretch or a bar, in parts of a thousand of the day. */
export interface Shape {
  readonly at: number;
  readonly width: number;
}

/** How many bars the events are drawn as: one for each quarter of an hour. */
const BARS = 96;
/** What is shorter is drawn as wide as this, so that it can be seen. */
const LEAST = 2;

/** A stretch of time. */
export function shapeOf(day: Day, fromMs: number, toMs: number): Shape {
  const length = day.toMs - day.fromMs;
  const at = ((fromMs - day.fromMs) / length) * 1_000;
  return { at, width: Math.max(LEAST, ((toMs - fromMs) / length) * 1_000) };
}

/** The events, each bar with its share of the highest. */
export function bars(day: Day): (Shape & { height: number; count: number })[] {
  const step = (day.toMs - day.fromMs) / BARS;
  const counts = new Array<number>(BARS).fill(0);
  for (const [minute, count] of day.minutes) {
    const bar = Math.min(BARS - 1, Math.max(0, Math.floor((minute - day.fromMs) / step)));
    counts[bar] = (counts[bar] ?? 0) + count;
  }
  const most = Math.max(...counts, 1);
  return counts.flatMap((count, bar) =>
    count === 0
      ? []
      : [{ at: (bar * 1_000) / BARS, width: 1_000 / BARS - 2, height: count / most, count }],
  );
}

/** The hours that are written under it: every sixth, and where each stands. */
export function hours(day: Day): { ms: number; at: number }[] {
  const first = new Date(day.fromMs);
  first.setHours(Math.ceil((first.getHours() + 1) / 6) * 6, 0, 0, 0);
  const six = 6 * 3_600_000;
  const marks: { ms: number; at: number }[] = [];
  for (let ms = first.getTime(); ms < day.toMs - six / 6; ms += six)
    marks.push({ ms, at: shapeOf(day, ms, ms).at });
  return marks;
}
