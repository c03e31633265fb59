import axe, { type AxeResults } from 'axe-core';
import { describe, expect, it } from 'vitest';
import { scenes } from '../scenes';
import { stage } from './stage';

const { open } = stage();

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const sizes = [
  { width: 640, height: 480 },
  { width: 1280, height: 800 },
];

describe.each(scenes)('$name', (scene) => {
  describe.each(['light', 'dark'])('%s', (theme) => {
    it.each(sizes)('has no fault axe can find at $width px', async (size) => {
      const language = theme === 'light' ? 'en' : 'zh-TW';
      const page = await open(`theme=${theme}&language=${language}&${scene.query ?? ''}`, size);
      await scene.play?.(page);
      // Through the debugger, which the page's policy doesn't bind. As text: the tests' own loader
      // would rename what it finds in a function.
      await page.evaluate(axe.source);
      const { violations } = await page.evaluate<AxeResults>(
        `axe.run(document, { runOnly: ${JSON.stringify(rules)} })`,
      );
      const faults = violations.flatMap(({ id, nodes }) =>
        nodes.map((node) => `${id}: ${node.html} ${node.failureSummary ?? ''}`),
      );
      expect(faults).toEqual([]);
    });
  });
});
