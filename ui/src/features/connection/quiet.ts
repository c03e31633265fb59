/** Whether it is a quiet hour, and until when. Pure: where the person is, and the moment is an argument. */
import type { QuietHours } from '../../bindings/QuietHours';

/** When the quiet hours that hold at `ms` end, in ms; `null`: none hold. */
export function quietUntil(quiet: QuietHours, ms: number): number | null {
  if (!quiet.on) return null;
  const ends = [-1, 0]
    .map((day) => stretchOf(quiet, ms, day))
    .filter((stretch) => stretch !== null)
    .filter(({ begin, end }) => begin <= ms && ms < end)
    .map(({ end }) => end);
  return ends.length === 0 ? null : Math.max(...ends);
}

/** Those that begin so many days from the day of `ms`; `null` where none do. */
function stretchOf({ days, from, to }: QuietHours, ms: number, day: number) {
  const date = new Date(ms);
  const at = (later: number, minutes: number): Date =>
    new Date(date.getFullYear(), date.getMonth(), date.getDate() + later, 0, minutes);
  const begin = at(day, from);
  // Monday first.
  if (!days[(begin.getDay() + 6) % 7]) return null;
  return { begin: begin.getTime(), end: at(to <= from ? day + 1 : day, to).getTime() };
}
