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

type Keys = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>;

/** What a key makes of the size, as browsers have it; `null`: it is another key. */
export function byKey({ key, ctrlKey, metaKey, altKey }: Keys): ((size: number) => number) | null {
  if (!(ctrlKey || metaKey) || altKey) return null;
  switch (key) {
    case '+':
    case '=':
      return larger;
    case '-':
    case '_':
      return smaller;
    case '0':
      return () => USUAL;
    default:
      return null;
  }
}
