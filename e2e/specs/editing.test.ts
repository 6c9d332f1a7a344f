import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Application, describeInBrowser, endToEnd, openApplication } from '../fixtures/application.ts';
import {
  changedPixels,
  isContour,
  isOstium,
  isSurface,
  middleOf,
  type PixelPosition,
  pixelPositions,
} from '../fixtures/pixels.ts';
import { screenshot } from '../fixtures/screenshot.ts';

describeInBrowser('editing by hand', () => {
  let app: Application;
  beforeAll(async () => {
    app = await openApplication({ prepared: endToEnd.sessionData });
    await app.auricle.restoreNewest();
  });
  afterAll(async () => {
    await app?.close();
  });

  /** Everything that is shown of the surface after so many steps, in words and numbers. */
  const state = async (steps: number) => {
    const { appendage } = app.auricle;
    await appendage.remade(steps);
    return {
      volumeMl: await appendage.volumeMl(),
      rows: await appendage.measurements(),
      ostium: [
        await appendage.measured('ostium-max'),
        await appendage.measured('ostium-min'),
        await appendage.measured('ostium-area'),
      ],
      size: await appendage.meshSize(),
    };
  };
  /** The contour's outermost pixel towards the patient's left in the axial pane: far from the ostium. */
  const contourEnd = async (): Promise<PixelPosition> => {
    const positions = pixelPositions(await app.auricle.panes.picture('axial'), isContour);
    return positions.reduce((most, at) => (at[0] > most[0] ? at : most));
  };

  it('the brush adds to the surface; undo reverses it exactly, redo restores it', async () => {
    const { auricle, page } = app;
    const before = await state(0);
    const picture = await auricle.panes.picture('three');
    await auricle.appendage.tab('edit');
    await page.getByTestId('tool-brush').click();
    const [x, y] = await contourEnd();
    await auricle.panes.drag('axial', [
      [x - 2, y],
      [x + 10, y + 4],
      [x + 22, y + 8],
    ]);
    const after = await state(1);
    expect(after.volumeMl).toBeGreaterThan(before.volumeMl);
    expect(after.ostium).toEqual(before.ostium);
    expect(after.size).not.toEqual(before.size);
    expect(await auricle.panes.count('three', isSurface)).toBeGreaterThan(1_000);
    await auricle.appendage.tab('edit');
    await screenshot(page, 'edit');

    await auricle.appendage.undo.click();
    expect(await state(0)).toEqual(before);
    await page.keyboard.press('c');
    expect(changedPixels(picture, await auricle.panes.picture('three'))).toBe(0);
    await auricle.appendage.redo.click();
    expect(await state(1)).toEqual(after);
  });

  it('the eraser removes, and the history goes back to any step', async () => {
    const { auricle, page } = app;
    const before = await state(1);
    await page.keyboard.press('e');
    const [x, y] = await contourEnd();
    await auricle.panes.drag('axial', [
      [x + 4, y],
      [x - 8, y],
    ]);
    expect((await state(2)).volumeMl).toBeLessThan(before.volumeMl);
    const { names, current } = await auricle.appendage.history();
    expect(names).toHaveLength(3);
    expect(current).toBe(2);
    expect(names[0]).toMatch(/automatic/i);
    await page.getByTestId('history-step').nth(1).click();
    expect(await state(1)).toEqual(before);
  });

  it('smooths all but the ostium, and compares with the original', async () => {
    const { auricle, page } = app;
    const before = await state(1);
    await auricle.appendage.tab('edit');
    await page.getByTestId('operate-smooth').click();
    const after = await state(2);
    expect(after.size).not.toEqual(before.size);
    expect(after.ostium).toEqual(before.ostium);
    expect(after.volumeMl).toBeGreaterThan(0.9 * before.volumeMl);
    // A new step after an undo discards what was undone.
    expect((await auricle.appendage.history()).names).toHaveLength(3);
    const alone = await auricle.panes.picture('axial');
    const changed = async () => changedPixels(alone, await auricle.panes.picture('axial'));
    await page.keyboard.press('o');
    await expect.poll(changed).toBeGreaterThan(50);
    await page.keyboard.press('o');
    await expect.poll(changed).toBe(0);
  });

  it('dragging the ostium cuts and measures again', async () => {
    const { auricle, page } = app;
    await page.keyboard.press('c');
    const before = await state(2);
    const shown = await auricle.panes.picture('axial');
    const [x, y] = middleOf(pixelPositions(shown, isOstium));
    const [inX, inY] = middleOf(pixelPositions(shown, isContour));
    // Into the appendage: the ostium is deeper then, and less is left beyond it.
    const share = 14 / Math.hypot(inX - x, inY - y);
    await auricle.panes.drag('axial', [
      [x, y],
      [x + share * (inX - x), y + share * (inY - y)],
    ]);
    const after = await state(3);
    expect(after.rows).not.toEqual(before.rows);
    expect(after.volumeMl).toBeLessThan(before.volumeMl - 0.3);
    const { names, current } = await auricle.appendage.history();
    expect(names[current]).toMatch(/ostium/i);
    await auricle.appendage.undo.click();
    expect(await state(2)).toEqual(before);
  });

  it('keeps the verdict with the surface that was judged', async () => {
    const { auricle, page } = app;
    const verdict = () => auricle.appendage.review.getAttribute('data-verdict');
    await page.getByTestId('accept').click();
    await expect.poll(verdict).toBe('accepted');
    await auricle.appendage.undo.click();
    await auricle.appendage.remade(2);
    await expect.poll(verdict).toBe('not reviewed');
  });
});
