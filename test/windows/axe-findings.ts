import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** Pages that have axe-core already: to send it there takes longer than to run it. */
const given = new WeakSet<Page>();

/** What axe-core finds on a page, each with the places where. */
export async function axeFindings(page: Page, options: axe.RunOptions = {}): Promise<string[]> {
  if (!given.has(page)) {
    // By the debugger, whose scripts the policy does not concern.
    await page.evaluate(axe.source);
    given.add(page);
    page.on('load', () => given.delete(page));
  }
  const { violations } = await page.evaluate(
    (each) => (globalThis as unknown as { axe: typeof axe }).axe.run(document, each),
    // What passes is found in the same way, and not written down a hundred times over.
    { ...options, resultTypes: ['violations'] } satisfies axe.RunOptions,
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')} ${failureSummary ?? ''}`),
  );
}
