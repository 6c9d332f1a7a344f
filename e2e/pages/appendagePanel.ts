import type { Page } from 'playwright-core';

/** The right side: region, segmentation, review, measurements, edits, history. */
export function appendagePanel(page: Page) {
  const measured = async (id: string): Promise<number> => {
    const text = await page.getByTestId(`measure-${id}`).locator('.number-value').textContent();
    return Number((text ?? '').replaceAll(',', ''));
  };
  return {
    region: page.getByTestId('region-panel'),
    regionStatus: page.getByTestId('region-status'),
    /** The edge of the region's box as it is shown, mm. */
    async regionEdgeMm(): Promise<number> {
      const field = page.locator('.field', { has: page.getByTestId('region-edge') });
      return Number.parseFloat((await field.locator('output').textContent()) ?? '');
    },
    review: page.getByTestId('review-panel'),
    verdict: page.getByTestId('verdict'),
    segmentButton: page.getByTestId('segment'),
    stage: page.getByTestId('segment-stage'),
    undo: page.getByTestId('header-undo'),
    redo: page.getByTestId('header-redo'),
    async regionFound() {
      await page.locator('[data-testid=region-panel][data-status=found]').waitFor();
    },
    /** Waits until there is a result, and its numbers are those of the surface that is shown. */
    async segmented() {
      await page.getByTestId('review-panel').waitFor();
      await page.locator('[data-testid=measure-panel][data-stale=false]').waitFor();
    },
    /** Waits until this many steps are applied and the surface shows them. */
    async remade(steps: number) {
      const tab = page.getByTestId('tab-history');
      await tab.and(page.getByText(steps > 0 ? `History ${steps}` : 'History', { exact: true })).waitFor();
      await page.getByTestId('tab-measures').click();
      await page.locator('[data-testid=measure-panel][data-stale=false]').waitFor();
    },
    async tab(name: 'measures' | 'plan' | 'edit' | 'history') {
      await page.getByTestId(`tab-${name}`).click();
    },
    /** A number of the measurements' table. */
    measured,
    volumeMl: () => measured('volume'),
    /** Every line of the table, as it is shown. */
    measurements: () => page.getByTestId('measure-panel').locator('.row').allInnerTexts(),
    /** Vertices and faces. */
    async meshSize(): Promise<{ vertices: number; faces: number }> {
      const text = (await page.getByTestId('mesh-vertices').locator('dd').textContent()) ?? '';
      const [vertices = Number.NaN, faces = Number.NaN] = text
        .split(', ')
        .map((part) => Number(part.replaceAll(',', '')));
      return { vertices, faces };
    },
    /** Names of all steps; `current` is the one that is shown. */
    async history() {
      await page.getByTestId('tab-history').click();
      const steps = page.getByTestId('history-step');
      const names = await steps.allInnerTexts();
      const marks = await steps.evaluateAll((all) =>
        all.map((step) => step.getAttribute('aria-current') === 'step'),
      );
      return { names: names.map((name) => name.replace(/\s+/g, ' ').trim()), current: marks.indexOf(true) };
    },
  };
}
