/** For how long and how much is kept. Pure. `null` is no limit. */

/** What can be chosen, in days. */
export const DAYS: readonly (number | null)[] = [7, 30, 90, 180, 365, null];

/** What can be chosen, in MiB. */
export const SIZES: readonly (number | null)[] = [256, 512, 1_024, 2_048, 4_096, null];

/** What can be chosen, and what is chosen where it isn't among them: the settings' file takes any. */
export function withChosen(
  choices: readonly (number | null)[],
  chosen: number | null,
): readonly (number | null)[] {
  if (choices.includes(chosen)) return choices;
  return [...choices, chosen].sort((a, b) => (a ?? Infinity) - (b ?? Infinity));
}

/** How many days unread and urgent alerts are kept where the others are kept for `days`. */
export function keptLonger(days: number): number {
  return Math.max(365, 4 * days);
}

/** Whether less is kept than before. */
export function isLess(next: number | null, before: number | null): boolean {
  return (next ?? Infinity) < (before ?? Infinity);
}

/** A size as people say it. */
export function sized(mib: number): { size: number; unit: string } {
  const isWholeGib = mib % 1_024 === 0;
  return isWholeGib ? { size: mib / 1_024, unit: 'GiB' } : { size: mib, unit: 'MiB' };
}
