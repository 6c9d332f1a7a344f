import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Application, describeInBrowser, endToEnd, openApplication } from '../fixtures/application.ts';
import {
  boundsOf,
  countPixels,
  isContour,
  isRegion,
  type PagePicture,
  pixelPositions,
} from '../fixtures/pixels.ts';
import { PLANES } from '../pages/panes.ts';

/** The radius with which a handle is drawn about its corner, pixels. */
const KNOB_PIXELS = 5;
/** The box as it is found, mm. */
const USUAL_EDGE_MM = 70;

describeInBrowser('the box round the appendage', () => {
  let app: Application;
  beforeAll(async () => {
    app = await openApplication({ prepared: endToEnd.sampleData });
    await app.auricle.openSample();
  });
  afterAll(async () => {
    await app?.close();
  });

  /** The box's section in a pane: its corners, without their handles. */
  const sectionIn = (shown: PagePicture) => {
    const drawn = boundsOf(pixelPositions(shown, isRegion));
    return {
      left: drawn.left + KNOB_PIXELS,
      right: drawn.right - KNOB_PIXELS,
      top: drawn.top + KNOB_PIXELS,
      bottom: drawn.bottom - KNOB_PIXELS,
    };
  };
  type Section = ReturnType<typeof sectionIn>;
  const sections = async () => {
    await app.auricle.panes.leave();
    const { axial, coronal, sagittal, three } = await app.auricle.panes.pictures();
    return {
      axial: sectionIn(axial),
      coronal: sectionIn(coronal),
      sagittal: sectionIn(sagittal),
      three: sectionIn(three),
    };
  };
  const widthOf = ({ left, right }: Section): number => right - left;
  /** A place on the right edge that is not a handle and lies on no line of the crosshair. */
  const onRightEdge = ({ right, top, bottom }: Section) => [right, top + 0.3 * (bottom - top)] as const;
  const moved = (from: Section, dx: number, dy = 0): Section => ({
    left: from.left + dx,
    right: from.right + dx,
    top: from.top + dy,
    bottom: from.bottom + dy,
  });
  const expectNear = (actual: Section, expected: Section): void => {
    for (const side of ['left', 'right', 'top', 'bottom'] as const)
      expect(Math.abs(actual[side] - expected[side]), side).toBeLessThanOrEqual(2);
  };
  let found: Awaited<ReturnType<typeof sections>>;
  const findAgain = async (): Promise<void> => {
    await app.page.getByTestId('region-find').click();
    await app.auricle.appendage.regionFound();
  };

  it('is found on opening, and drawn as a cube', async () => {
    expect(await app.auricle.appendage.regionStatus.textContent()).toMatch(/^Found automatically/);
    expect(await app.auricle.appendage.regionEdgeMm()).toBe(USUAL_EDGE_MM);
    found = await sections();
    for (const { left, right, top, bottom } of Object.values(found))
      expect(Math.abs(right - left - (bottom - top))).toBeLessThanOrEqual(2);
  });

  it('follows the mouse by its edge, in all planes', async () => {
    const { auricle } = app;
    const before = await sections();
    const [x, y] = onRightEdge(before.axial);
    await auricle.panes.drag('axial', [
      [x, y],
      [x + 30, y + 20],
    ]);
    const after = await sections();
    expectNear(after.axial, moved(before.axial, 30, 20));
    expectNear(after.coronal, moved(before.coronal, 30));
    // To the patient's back is to the right of the sagittal pane.
    expectNear(after.sagittal, moved(before.sagittal, 20));
    expect(await auricle.appendage.region.getAttribute('data-status')).toBe('placed');
    expect(await auricle.appendage.regionStatus.textContent()).toBe('Placed, not found automatically.');
    expect(await auricle.appendage.regionEdgeMm()).toBe(USUAL_EDGE_MM);
  });

  it('goes back and forth by key and by button, which say what they do', async () => {
    const { auricle, page } = app;
    const after = await sections();
    const { undo, redo, regionStatus } = auricle.appendage;
    expect(await undo.getAttribute('aria-label')).toBe('Undo: Move region');
    await page.keyboard.press('Control+z');
    expect(await sections()).toEqual(found);
    expect(await regionStatus.textContent()).toMatch(/^Found automatically/);
    expect(await undo.isDisabled()).toBe(true);
    expect(await redo.getAttribute('aria-label')).toBe('Redo: Move region');
    await redo.click();
    expect(await sections()).toEqual(after);
    await undo.click();
    expect(await sections()).toEqual(found);
    await page.keyboard.press('Control+Shift+Z');
    expect(await sections()).toEqual(after);
    expect(await regionStatus.textContent()).toBe('Placed, not found automatically.');
  });

  it('grows by a corner, and says how large it is', async () => {
    const { auricle } = app;
    const before = await sections();
    const { right, bottom } = before.coronal;
    await auricle.panes.drag('coronal', [
      [right, bottom],
      [right + 18, bottom + 18],
    ]);
    const after = await sections();
    const growth = (widthOf(before.coronal) + 36) / widthOf(before.coronal);
    for (const plane of PLANES)
      expect(Math.abs(widthOf(after[plane]) - growth * widthOf(before[plane]))).toBeLessThanOrEqual(3);
    expect(Math.abs((await auricle.appendage.regionEdgeMm()) - growth * USUAL_EDGE_MM)).toBeLessThanOrEqual(
      1.5,
    );
    // Its middle does not move.
    expectNear(moved(before.coronal, 0), {
      left: after.coronal.left + 18,
      right: after.coronal.right - 18,
      top: after.coronal.top + 18,
      bottom: after.coronal.bottom - 18,
    });
  });

  it('is found again where it was at first', async () => {
    await findAgain();
    expect(await app.auricle.appendage.regionEdgeMm()).toBe(USUAL_EDGE_MM);
    expect(await sections()).toEqual(found);
  });

  it('is moved and resized in 3D', async () => {
    const { auricle } = app;
    const { left, right, top, bottom } = found.three;
    const middle = [(left + right) / 2, (top + bottom) / 2] as const;
    await auricle.panes.drag('three', [middle, [middle[0] + 25, middle[1] - 15]]);
    const { three: shifted } = await sections();
    expectNear(shifted, moved(found.three, 25, -15));
    await auricle.panes.drag('three', [
      [shifted.left, shifted.top],
      [shifted.left + 12, shifted.top + 12],
    ]);
    const { three: smaller } = await sections();
    expect(widthOf(smaller)).toBeLessThan(widthOf(shifted) - 15);
    const shrunkMm = (USUAL_EDGE_MM * widthOf(smaller)) / widthOf(shifted);
    expect(Math.abs((await auricle.appendage.regionEdgeMm()) - shrunkMm)).toBeLessThanOrEqual(1.5);
    await findAgain();
  });

  it('is placed and resized by the keyboard', async () => {
    const { auricle, page } = app;
    await auricle.panes.pane('axial').focus();
    for (let slice = 0; slice < 5; slice++) await page.keyboard.press('ArrowUp');
    await page.getByTestId('region-place').focus();
    await page.keyboard.press('Enter');
    const after = await sections();
    expect(after.coronal.top).toBeLessThan(found.coronal.top - 8);
    expect(widthOf(after.coronal)).toBe(widthOf(found.coronal));
    await page.getByRole('slider', { name: 'Box size' }).focus();
    await page.keyboard.press('ArrowRight');
    await expect.poll(auricle.appendage.regionEdgeMm).toBe(USUAL_EDGE_MM + 1);
    await expect
      .poll(() => auricle.appendage.regionStatus.textContent())
      .toBe('Placed, not found automatically.');
    await findAgain();
  });

  it('decides what is segmented: the appendage is found from a box moved by 6 mm', async () => {
    const { auricle } = app;
    const [x, y] = onRightEdge(found.axial);
    const shift = (6 * widthOf(found.axial)) / USUAL_EDGE_MM;
    await auricle.panes.drag('axial', [
      [x, y],
      [x + shift, y],
    ]);
    await auricle.segment();
    const shown = await auricle.panes.pictures();
    for (const plane of PLANES) expect(countPixels(shown[plane], isContour)).toBeGreaterThan(60);
    // The phantom's true appendage holds 6.2 mL.
    const volumeMl = await auricle.appendage.volumeMl();
    expect(volumeMl).toBeGreaterThan(5.6);
    expect(volumeMl).toBeLessThan(6.8);
    await auricle.export.open();
    await auricle.export.choose(['json']);
    const { 'measurements.json': bytes } = await auricle.export.download();
    // What a person placed has no confidence.
    const { region } = JSON.parse(new TextDecoder().decode(bytes));
    expect(region).toMatchObject({ edgeMm: USUAL_EDGE_MM, confidence: null });
  });
});
