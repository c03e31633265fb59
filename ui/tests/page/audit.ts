/** What axe finds wrong in a page. */
import axe, { type AxeResults, type RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';

/** Each fault with the element that has it. */
export async function audit(page: Page, options: RunOptions): Promise<string[]> {
  // Through the debugger, which the page's policy doesn't bind. As text: the tests' own loader
  // would rename what it finds in a function.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<AxeResults>(
    `axe.run(document, ${JSON.stringify(options)})`,
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.html} ${node.failureSummary ?? ''}`),
  );
}
