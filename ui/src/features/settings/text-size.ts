/** The sizes of text, in percent, and the keys that go from one to the next. */

export const USUAL = 100;
/** From the smallest to the largest that the app takes. */
export const SIZES: readonly number[] = [90, USUAL, 110, 125, 150, 175, 200];

/** The next larger size; the largest stays. */
export function larger(size: number): number {
  return SIZES.find((other) => other > size) ?? size;
}

/** The next smaller size; the smallest stays. */
export function smaller(size: number): number {
  return SIZES.findLast((other) => other < size) ?? size;
}

/** What a key's action makes of the size; `null`: it is another key. */
export function byAction(action: string | null): ((size: number) => number) | null {
  switch (action) {
    case 'larger':
      return larger;
    case 'smaller':
      return smaller;
    case 'usual':
      return () => USUAL;
    default:
      return null;
  }
}
