/** How long alerts are kept. Pure. `null` is for good. */

/** What can be chosen, in days. */
export const KEEPING: readonly (number | null)[] = [7, 30, 90, 180, 365, null];

/** What can be chosen, and what is chosen where it isn't among them: the command line takes any. */
export function keepingWith(chosen: number | null): readonly (number | null)[] {
  if (KEEPING.includes(chosen)) return KEEPING;
  return [...KEEPING, chosen].sort((a, b) => (a ?? Infinity) - (b ?? Infinity));
}

/** How many days unread and urgent alerts are kept where the others are kept for `days`. */
export function keptLonger(days: number): number {
  return Math.max(365, 4 * days);
}

/** Whether alerts go earlier than before. */
export function isShorter(next: number | null, before: number | null): boolean {
  return (next ?? Infinity) < (before ?? Infinity);
}
