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
];
const looks = ['light', 'dark'].flatMap((theme) =>
  languages.map((language) => ({ theme, language })),
);

describe.each(scenes)('$name', (scene) => {
  describe.each(looks)('$theme, $language', ({ theme, language }) => {
    it.each(sizes)('has no fault axe can find at $width px', async (size) => {
      const page = await open(`theme=${theme}&language=${language}&${scene.query ?? ''}`, size);
      await scene.play?.(page);
      expect(await audit(page, { runOnly: rules })).toEqual([]);
    });
  });
});
