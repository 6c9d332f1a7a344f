import type { Locator, Page } from 'playwright-core';
import {
  countPixels,
  type PagePicture,
  type PixelPosition,
  type PixelTest,
  pixelPositions,
  rectangleOf,
  settledPanes,
  settledPicture,
} from '../fixtures/pixels.ts';

export type PaneName = 'axial' | 'coronal' | 'sagittal' | 'three';
export const PLANES = ['axial', 'coronal', 'sagittal'] as const;

/** The viewer: three planes and 3D. */
export function panes(page: Page) {
  const pane = (name: PaneName): Locator => page.locator(`.viewer-pane[data-pane=${name}]`);

  const boxOf = async (name: PaneName) => {
    const box = await rectangleOf(pane(name));
    if (box.width === 0) throw new RangeError(`The ${name} pane is not on the screen.`);
    return box;
  };

  const pictureOf = (name: PaneName): Promise<PagePicture> => settledPicture(pane(name));

  return {
    pane,
    /** Waits until every slice is there. */
    async whole() {
      await page.locator('[data-testid=viewer-area][data-extent=whole]').waitFor();
    },
    picture: pictureOf,
    /** Pictures of all panes of the layout of four, at one moment and sooner than one by one. */
    async pictures(): Promise<Record<PaneName, PagePicture>> {
      const shown = await settledPanes(page.getByTestId('viewer'));
      const part = (name: PaneName): PagePicture => {
        const picture = shown[name];
        if (!picture?.width) throw new RangeError(`The ${name} pane is not on the screen.`);
        return picture;
      };
      return {
        axial: part('axial'),
        coronal: part('coronal'),
        sagittal: part('sagittal'),
        three: part('three'),
      };
    },
    count: async (name: PaneName, isMeant: PixelTest) => countPixels(await pictureOf(name), isMeant),
    /** The matching pixels, once the pane has settled. */
    positions: async (name: PaneName, isMeant: PixelTest) => pixelPositions(await pictureOf(name), isMeant),
    /** The text in a plane's corner: its position and slice. */
    place: async (name: PaneName) => (await pane(name).getAttribute('data-place')) ?? '',
    /** The text above it: the plane's name. */
    title: async (name: PaneName) => (await pane(name).getAttribute('data-title')) ?? '',
    /** Moves the pointer to a pixel of the pane. */
    async point(name: PaneName, [x, y]: PixelPosition) {
      const box = await boxOf(name);
      await page.mouse.move(box.x + x, box.y + y, { steps: 2 });
    },
    async click(name: PaneName, position: PixelPosition) {
      await this.point(name, position);
      await page.mouse.down();
      await page.mouse.up();
    },
    /** Moves the pointer out of the viewer, which removes what is drawn for it. */
    async leave() {
      const bar = await rectangleOf(page.getByTestId('status-bar'));
      await page.mouse.move(bar.x + bar.width / 2, bar.y + bar.height / 2);
    },
    /** Presses at the first position and moves through the others; the button stays down. */
    async startDrag(name: PaneName, path: readonly PixelPosition[], button: 'left' | 'right' = 'left') {
      const [first, ...rest] = path;
      if (!first) throw new RangeError('Nothing to drag.');
      await this.point(name, first);
      await page.mouse.down({ button });
      for (const position of rest) await this.point(name, position);
    },
    /** Presses the left button at the first position and moves through the others; pixels of the pane. */
    async drag(name: PaneName, path: readonly PixelPosition[], button: 'left' | 'right' = 'left') {
      await this.startDrag(name, path, button);
      await page.mouse.up({ button });
    },
    async layout(name: PaneName | 'quad') {
      await page.getByTestId('layout-menu').click();
      await page.getByTestId(`layout-${name}`).click();
      await page.getByTestId(`layout-${name}`).waitFor({ state: 'detached' });
    },
  };
}
