/** What axe can find, in every view, theme, language and size. What it can't is in `senses.test.ts`. */
import { describe, expect, it } from 'vitest';
import { languages } from '../languages';
import { scenes } from '../scenes';
import { audit } from './audit';
import { stage } from './stage';

const { open } = stage();

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const sizes = [
  { width: 640, height: 480 },
  { width: 1280, height: 800 },
] as const;
// Each view in each theme and language, in one size of the two by turns: each theme and each language in
// both.
const looks = ['light', 'dark'].flatMap((theme, row) =>
  languages.map((language, column) => ({ theme, language, size: sizes[(row + column) % 2]! })),
);

describe.each(scenes)('$name', (scene) => {
  it.each(looks)(
    'has no fault axe can find in $theme, $language, at $size.width px',
    async ({ theme, language, size }) => {
      const page = await open(`theme=${theme}&language=${language}&${scene.query ?? ''}`, size);
      await scene.play?.(page);
      expect(await audit(page, { runOnly: rules })).toEqual([]);
    },
  );
});
