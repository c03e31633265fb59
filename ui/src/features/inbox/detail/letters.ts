/** The letters of a link that look like Latin ones and are none: what makes a look-alike deceive. Pure. */

/** Scripts with such letters; of others a reader sees at once that they are others. */
const SCRIPTS = [
  ['cyrillic', /\p{Script=Cyrillic}/u],
  ['greek', /\p{Script=Greek}/u],
  ['armenian', /\p{Script=Armenian}/u],
  ['latin', /[\u00c0-\u024f\u0250-\u02af]/u],
] as const;

export type Script = (typeof SCRIPTS)[number][0];

/** Each such letter once, in the order of the link, with its script: `latin` is of another alphabet's. */
export function deceivingLetters(link: string): { letter: string; script: Script }[] {
  return [...new Set(link)].flatMap((letter) => {
    const found = SCRIPTS.find(([, letters]) => letters.test(letter));
    return found === undefined ? [] : [{ letter, script: found[0] }];
  });
}
