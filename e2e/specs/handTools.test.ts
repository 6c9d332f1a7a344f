import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Application, describeInBrowser, endToEnd, openApplication } from '../fixtures/application.ts';
import {
  boundsOf,
  changedPixels,
  countPixels,
  cropPicture,
  isContour,
  isSurface,
  type PagePicture,
  type PixelPosition,
  pixelPositions,
} from '../fixtures/pixels.ts';
import { type PaneName, PLANES } from '../pages/panes.ts';

const PANES: readonly PaneName[] = [...PLANES, 'three'];

describeInBrowser('the tools of the hand', () => {
  let app: Application;
  beforeAll(async () => {
    app = await openApplication({ prepared: endToEnd.sessionData });
    await app.auricle.restoreNewest();
    await app.auricle.appendage.tab('edit');
  });
  afterAll(async () => {
    await app?.close();
  });

  /** The numbers after so many steps. */
  const numbers = async (steps: number) => {
    const { appendage } = app.auricle;
    await appendage.remade(steps);
    const rows = await appendage.measurements();
    const measured = { rows, size: await appendage.meshSize(), volumeMl: await appendage.volumeMl() };
    await appendage.tab('edit');
    return measured;
  };
  /** The pixels, with no tool selected. */
  const pictures = async () => {
    await app.page.keyboard.press('c');
    await app.auricle.panes.leave();
    return await app.auricle.panes.pictures();
  };
  let original: Awaited<ReturnType<typeof numbers>>;
  let shown: Awaited<ReturnType<typeof pictures>>;
  beforeAll(async () => {
    original = await numbers(0);
    shown = await pictures();
  });
  const undo = async (): Promise<void> => {
    await app.auricle.appendage.undo.click();
    expect(await numbers(0)).toEqual(original);
  };
  const setSwitch = async (name: 'brush-3d' | 'brush-limit', isOn: boolean): Promise<void> => {
    const control = app.page.getByTestId(name);
    if (((await control.getAttribute('aria-checked')) === 'true') !== isOn) await control.click();
  };
  /** The contour's outermost pixel towards the patient's left in the axial plane: no bright neighbour lies beyond. */
  const leftEnd = (): PixelPosition =>
    pixelPositions(shown.axial, isContour).reduce((most, at) => (at[0] > most[0] ? at : most));

  it('scissors cut away what lies within the loop, through the whole depth; undo restores it', async () => {
    const { auricle, page } = app;
    const { left, right, top, bottom } = boundsOf(pixelPositions(shown.coronal, isContour));
    // Round the third towards the patient's left: the tip.
    const from = right - 0.33 * (right - left);
    const loop: PixelPosition[] = [
      [from, bottom + 12],
      [right + 14, bottom + 12],
      [right + 14, top - 14],
      [from, top - 14],
    ];
    await page.keyboard.press('x');
    await auricle.panes.drag('coronal', loop);
    const after = await numbers(1);
    const cut = await pictures();
    const within = { x: from, y: top - 12, width: right - from + 12, height: bottom - top + 20 };
    const contourIn = (coronal: PagePicture): number => countPixels(cropPicture(coronal, within), isContour);
    expect(contourIn(shown.coronal)).toBeGreaterThan(40);
    expect(contourIn(cut.coronal)).toBeLessThan(0.25 * contourIn(shown.coronal));
    expect(boundsOf(pixelPositions(cut.coronal, isContour)).right).toBeLessThan(from + 4);
    expect(after.volumeMl).toBeLessThan(original.volumeMl - 0.3);
    expect(after.size.vertices).not.toBe(original.size.vertices);
    expect(countPixels(cut.three, isSurface)).toBeLessThan(0.95 * countPixels(shown.three, isSurface));
    const { names, current } = await auricle.appendage.history();
    expect(names[current]).toContain('Scissors');
    await undo();
    const back = await pictures();
    for (const pane of PANES)
      expect(changedPixels(shown[pane], back[pane]), `changed pixels of ${pane}`).toBe(0);
  });

  it('the brush paints a disc on one plane, or a ball', async () => {
    const { auricle, page } = app;
    const [x, y] = leftEnd();
    const gained = async (isBall: boolean): Promise<number> => {
      await setSwitch('brush-3d', isBall);
      await page.keyboard.press('b');
      await auricle.panes.drag('axial', [
        [x - 4, y],
        [x + 14, y],
      ]);
      const { volumeMl } = await numbers(1);
      await page.keyboard.press('c');
      const contour = await auricle.panes.positions('axial', isContour);
      expect(boundsOf(contour).right).toBeGreaterThan(x + 15);
      await undo();
      return volumeMl - original.volumeMl;
    };
    const byDisc = await gained(false);
    const byBall = await gained(true);
    expect(byBall).toBeGreaterThan(0);
    expect(byBall).toBeGreaterThan(byDisc + 0.05);
  });

  it('the eraser removes a disc or a ball', async () => {
    const { auricle, page } = app;
    const [x, y] = leftEnd();
    const lost = async (isBall: boolean): Promise<number> => {
      await setSwitch('brush-3d', isBall);
      await page.keyboard.press('e');
      await auricle.panes.drag('axial', [
        [x + 6, y],
        [x - 10, y],
      ]);
      const { volumeMl } = await numbers(1);
      await page.keyboard.press('c');
      const contour = await auricle.panes.positions('axial', isContour);
      // The eraser’s own edge is drawn inside of where the wall was, and no wall is left there.
      const near = (middle: PixelPosition, reach: number): PixelPosition[] =>
        contour.filter((at) => Math.hypot(at[0] - middle[0], at[1] - middle[1]) < reach);
      expect(near([x - 14, y], 9).length).toBeGreaterThan(8);
      expect(near([x, y], 4)).toEqual([]);
      await undo();
      return original.volumeMl - volumeMl;
    };
    const byDisc = await lost(false);
    const byBall = await lost(true);
    expect(byBall).toBeGreaterThan(byDisc + 0.05);
  });

  it('with a limit the brush paints only where contrast is', async () => {
    const { auricle, page } = app;
    const [x, y] = leftEnd();
    await setSwitch('brush-3d', true);
    await setSwitch('brush-limit', true);
    expect(await page.getByTestId('brush-least-hu').locator('xpath=..').innerText()).toContain('180 HU');
    // The darkest place round the appendage: fat or lung, far below.
    const [darkX, darkY] = darkestAround(shown.axial, [x, y]);
    await page.keyboard.press('b');
    await auricle.panes.drag('axial', [
      [darkX - 3, darkY],
      [darkX + 3, darkY + 2],
    ]);
    expect(await numbers(0)).toEqual(original);
    await setSwitch('brush-limit', false);
    await page.keyboard.press('b');
    await auricle.panes.drag('axial', [
      [x - 4, y],
      [x + 26, y],
      [x + 34, y + 4],
    ]);
    expect((await numbers(1)).volumeMl).toBeGreaterThan(original.volumeMl + 0.1);
    await undo();
  });
});

/** The middle of the darkest square of 25 pixels within 60 pixels of a place, and not within 30. */
function darkestAround({ width, channels, data }: PagePicture, [x, y]: PixelPosition): PixelPosition {
  const half = 12;
  let [best, least]: [PixelPosition, number] = [[x, y], Infinity];
  for (let step = 0; step < 32; step++) {
    for (const radius of [32, 45, 58]) {
      const angle = (2 * Math.PI * step) / 32;
      const middle: PixelPosition = [
        Math.round(x + radius * Math.cos(angle)),
        Math.round(y + radius * Math.sin(angle)),
      ];
      let brightest = 0;
      for (let row = middle[1] - half; row <= middle[1] + half; row++)
        for (let column = middle[0] - half; column <= middle[0] + half; column++)
          brightest = Math.max(brightest, data[channels * (row * width + column)]!);
      if (brightest < least) [best, least] = [middle, brightest];
    }
  }
  return best;
}
