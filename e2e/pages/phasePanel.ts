import type { Page } from 'playwright-core';

/** The phases of the open heart, and the curves over its cycle. */
export function phasePanel(page: Page) {
  const rows = page.getByTestId('phase');
  const row = (label: string) => rows.filter({ hasText: new RegExp(`^${label}`) });
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
    points: page.getByTestId('phase-point'),
  };
}
