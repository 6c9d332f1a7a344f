import type { Page } from 'playwright-core';

/** The phases of the open heart, and the curves over its cycle. */
export function phasePanel(page: Page) {
  const rows = page.getByTestId('phase');
  const row = (label: string) => rows.filter({ hasText: new RegExp(`^${label}`) });
  const points = page.getByTestId('phase-point');
  return {
    rows,
    row,
    /** Shows a phase whole, for work on it, and waits until it is there. */
    async choose(label: string) {
      await row(label).click();
      await row(label).and(page.locator('[aria-pressed=true]')).waitFor();
      await page.locator('[data-testid=viewer-area][data-extent=whole]').waitFor();
      await page.getByTestId('job-idle').waitFor({ state: 'attached' });
    },
    frame: page.getByTestId('cine-frame'),
    segmentAll: page.getByTestId('segment-phases'),
    curves: page.getByTestId('phase-curves'),
    sizing: page.getByTestId('sizing-phase'),
    points,
    /** The ostium's area in each phase, mm², as the points of the curve say it. */
    async areas(): Promise<readonly (readonly [label: string, mm2: number])[]> {
      await points.first().waitFor();
      const told = await points.evaluateAll((all) =>
        all.map((point) => point.getAttribute('aria-label') ?? ''),
      );
      return told.map((text) => {
        const [label = '', size = ''] = text.split(': ');
        return [label, Number.parseFloat(size)];
      });
    },
  };
}
