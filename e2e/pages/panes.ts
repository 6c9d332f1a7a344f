import type { Locator, Page } from 'playwright-core';
import { changedPixels, countPixels, type PagePicture, type PixelTest, picture } from '../fixtures/pixels.ts';

export type PaneName = 'axial' | 'coronal' | 'sagittal' | 'three';
export const PLANES = ['axial', 'coronal', 'sagittal'] as const;

/** The viewer: three planes and 3D. */
export function panes(page: Page) {
  const pane = (name: PaneName): Locator => page.locator(`.viewer-pane[data-pane=${name}]`);

  /** A picture of a pane that has come to rest: two in a row that are the same. */
  async function settledPicture(name: PaneName): Promise<PagePicture> {
    let last = await picture(pane(name));
    for (;;) {
      const next = await picture(pane(name));
      if (changedPixels(last, next) === 0) return next;
      last = next;
    }
  }

  return {
    pane,
    /** Waits until every slice is there. */
    async whole() {
      await page.locator('[data-testid=viewer-area][data-extent=whole]').waitFor();
    },
    picture: settledPicture,
    count: async (name: PaneName, isMeant: PixelTest) => countPixels(await settledPicture(name), isMeant),
    /** What stands in a plane's corner: its position and slice. */
    place: async (name: PaneName) => (await pane(name).getAttribute('data-place')) ?? '',
    /** Presses the left button at the first position and moves through the others; pixels of the pane. */
    async drag(name: PaneName, path: readonly (readonly [x: number, y: number])[]) {
      const box = await pane(name).boundingBox();
      const [first, ...rest] = path;
      if (!box || !first) throw new RangeError('Nothing to drag.');
      await page.mouse.move(box.x + first[0], box.y + first[1]);
      await page.mouse.down();
      for (const [x, y] of rest) await page.mouse.move(box.x + x, box.y + y, { steps: 4 });
      await page.mouse.up();
    },
    async layout(name: PaneName | 'quad') {
      await page.getByTestId('layout-menu').click();
      await page.getByTestId(`layout-${name}`).click();
      await page.getByTestId(`layout-${name}`).waitFor({ state: 'detached' });
    },
  };
}
