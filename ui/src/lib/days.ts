/** Days where the person is, by the midnights that begin them. Pure. */

/** The midnight, in ms, that began the day of `ms` where the person is. */
export function midnightOf(ms: number): number {
  return new Date(ms).setHours(0, 0, 0, 0);
}

/** Which day it is, seen from today. A day further away than yesterday goes by its date. */
export function dayName(midnight: number, today: number): 'today' | 'yesterday' | 'date' {
  if (midnight >= today) return 'today';
  // Not today minus 24 hours: the days of a clock change have 23 or 25.
  return midnight === midnightOf(today - 1) ? 'yesterday' : 'date';
}
