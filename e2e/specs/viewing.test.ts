import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Application, describeInBrowser, endToEnd, openApplication } from '../fixtures/application.ts';
import {
  changedPixels,
  countPixels,
  cropPicture,
  crosshairAt,
  isText,
  type PagePicture,
  type PixelPosition,
} from '../fixtures/pixels.ts';
import { PLANES } from '../pages/panes.ts';

/** Where the letters stand: the middles of the four edges. */
function letterFields(shown: PagePicture): readonly PagePicture[] {
  const { width, height } = shown;
  return [
    cropPicture(shown, { x: width / 2 - 20, y: 3, width: 40, height: 20 }),
    cropPicture(shown, { x: width / 2 - 20, y: height - 24, width: 40, height: 20 }),
    cropPicture(shown, { x: 2, y: height / 2 - 10, width: 34, height: 20 }),
    cropPicture(shown, { x: width - 36, y: height / 2 - 10, width: 34, height: 20 }),
  ];
}
const scaleField = (shown: PagePicture): PagePicture =>
  cropPicture(shown, { x: 4, y: shown.height - 40, width: 130, height: 36 });
/** The brightness of the middle of a pane on the average, 0 to 255: away from all words. */
function brightness(shown: PagePicture): number {
  const { data, channels } = cropPicture(shown, {
    x: 0.3 * shown.width,
    y: 0.25 * shown.height,
    width: 0.4 * shown.width,
    height: 0.5 * shown.height,
  });
  let sum = 0;
  for (let at = 0; at < data.length; at += channels) sum += data[at]!;
  return (sum * channels) / data.length;
}
/** Differences that no drawn line makes alone. */
const MANY_PIXELS = 8_000;

describeInBrowser('looking at a scan', () => {
  let app: Application;
  beforeAll(async () => {
    app = await openApplication({ prepared: endToEnd.sampleData });
    await app.auricle.openSample();
  });
  afterAll(async () => {
    await app?.close();
  });

  const pictures = async () => {
    await app.auricle.panes.leave();
    // The frame of the pane that has the focus is no part of its picture.
    await app.page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    return await app.auricle.panes.pictures();
  };
  const words = () => app.page.getByTestId('window-values').innerText();
  const press = (key: string): Promise<void> => app.page.keyboard.press(key);

  it('a click with the crosshair moves the other planes there', async () => {
    const { auricle } = app;
    const before = {
      coronal: await auricle.panes.place('coronal'),
      sagittal: await auricle.panes.place('sagittal'),
    };
    const sliceOf = async () => /slice \d+/.exec(await auricle.panes.place('axial'))?.[0];
    const slice = await sliceOf();
    const shown = await pictures();
    await auricle.panes.click('axial', [140, 300]);
    const after = await pictures();
    expect(await sliceOf()).toBe(slice);
    for (const plane of ['coronal', 'sagittal'] as const) {
      expect(await auricle.panes.place(plane)).not.toBe(before[plane]);
      expect(changedPixels(shown[plane], after[plane])).toBeGreaterThan(MANY_PIXELS);
    }
    // The same plane: only its lines and what is written beside them moved.
    expect(changedPixels(shown.axial, after.axial)).toBeLessThan(1.5 * MANY_PIXELS);
    await auricle.panes.click('coronal', [260, 120]);
    await expect.poll(sliceOf).not.toBe(slice);
  });

  it('the wheel scrolls, with Ctrl it zooms, and Space resets', async () => {
    const { auricle, page } = app;
    await press(' ');
    const slice = async (): Promise<number> =>
      Number(/slice (\d+)/.exec(await auricle.panes.place('axial'))?.[1]);
    const first = await slice();
    const shown = await pictures();
    await auricle.panes.point('axial', [300, 100]);
    await page.mouse.wheel(0, -120);
    await expect.poll(slice).toBe(first + 1);
    await page.mouse.wheel(0, 120);
    await expect.poll(slice).toBe(first);
    expect(changedPixels(shown.axial, (await pictures()).axial)).toBe(0);
    await auricle.panes.point('axial', [300, 100]);
    await page.keyboard.down('Control');
    await page.mouse.wheel(0, -240);
    await page.keyboard.up('Control');
    const zoomed = await pictures();
    expect(await slice()).toBe(first);
    expect(changedPixels(shown.axial, zoomed.axial)).toBeGreaterThan(MANY_PIXELS);
    expect(changedPixels(scaleField(shown.axial), scaleField(zoomed.axial))).toBeGreaterThan(10);
    expect(changedPixels(shown.coronal, zoomed.coronal)).toBe(0);
    await press(' ');
    expect(changedPixels(shown.axial, (await pictures()).axial)).toBe(0);
  });

  it('turning the 3D view draws it anew, scrolling a plane does not', async () => {
    const { auricle, page } = app;
    await page.evaluate(`(() => {
      const { clear } = WebGL2RenderingContext.prototype;
      globalThis.cleared = 0;
      WebGL2RenderingContext.prototype.clear = function (mask) {
        globalThis.cleared++;
        clear.call(this, mask);
      };
    })()`);
    const clearedBy = async (act: () => Promise<void>): Promise<number> => {
      await page.evaluate('globalThis.cleared = 0');
      await act();
      await pictures();
      return Number(await page.evaluate('globalThis.cleared'));
    };
    const slice = () => auricle.panes.place('axial');
    const first = await slice();
    const byScrolling = await clearedBy(async () => {
      await auricle.panes.point('axial', [300, 100]);
      await page.mouse.wheel(0, -120);
      await expect.poll(slice).not.toBe(first);
    });
    const turn = [
      [200, 150],
      [220, 150],
    ] as const;
    expect(await clearedBy(() => auricle.panes.drag('three', turn))).toBeGreaterThan(0);
    expect(byScrolling).toBe(0);
  });

  it('the keys 1 to 5 choose the window, and say which', async () => {
    const brightnessOf = new Map<string, number>();
    for (const [key, name, values] of [
      ['1', 'Soft tissue', '400/40'],
      ['2', 'Lung', '1500/-600'],
      ['4', 'Bone', '2500/480'],
      ['5', 'Brain', '80/40'],
      ['3', 'CT angiography', '800/250'],
    ] as const) {
      await press(key);
      await expect.poll(words).toContain(name);
      expect(await words()).toContain(values);
      brightnessOf.set(name, brightness((await pictures()).axial));
    }
    const of = (name: string): number => brightnessOf.get(name) ?? Number.NaN;
    // Soft tissue is bright in a lung window and dark in one for bone.
    expect(of('Lung')).toBeGreaterThan(of('Soft tissue') + 10);
    expect(of('Soft tissue')).toBeGreaterThan(of('CT angiography') + 10);
    expect(of('CT angiography')).not.toBeCloseTo(of('Bone'), 0);
    expect(of('Brain')).not.toBeCloseTo(of('Soft tissue'), 0);
  });

  it('the right button drags the window, I inverts it, a preset takes both back', async () => {
    const { auricle } = app;
    const shown = await pictures();
    await auricle.panes.drag(
      'coronal',
      [
        [120, 100],
        [160, 180],
      ],
      'right',
    );
    await expect.poll(words).not.toContain('800/250');
    const dragged = await pictures();
    // Downwards is darker, in all planes.
    for (const plane of PLANES) expect(brightness(dragged[plane])).toBeLessThan(brightness(shown[plane]) - 5);
    await press('3');
    expect(changedPixels(shown.axial, (await pictures()).axial)).toBe(0);
    await press('i');
    const inverted = await pictures();
    expect(brightness(inverted.axial) + brightness(shown.axial)).toBeGreaterThan(200);
    expect(brightness(inverted.axial) + brightness(shown.axial)).toBeLessThan(300);
    await press('i');
    expect(changedPixels(shown.axial, (await pictures()).axial)).toBe(0);
  });

  it('a slab shows the brightest, the mean or the darkest of its thickness', async () => {
    const { page } = app;
    const single = await pictures();
    const closeSlab = async (): Promise<void> => {
      await press('Escape');
      await page.getByTestId('slab-popover').waitFor({ state: 'detached' });
    };
    await page.getByTestId('slab-button').click();
    await page.getByRole('slider', { name: 'Slab thickness' }).focus();
    for (let mm = 0; mm < 12; mm++) await press('ArrowRight');
    const shown = new Map<string, number>();
    for (const mode of ['maximum', 'mean', 'minimum']) {
      await page.getByTestId('slab-mode').selectOption(mode);
      await closeSlab();
      await expect.poll(() => page.getByTestId('slab-button').innerText()).toContain('12 mm');
      const slab = await pictures();
      for (const plane of PLANES)
        expect(changedPixels(single[plane], slab[plane]), `${mode}, ${plane}`).toBeGreaterThan(MANY_PIXELS);
      shown.set(mode, brightness(slab.axial));
      await page.getByTestId('slab-button').click();
    }
    expect(shown.get('maximum')).toBeGreaterThan((shown.get('mean') ?? Number.NaN) + 10);
    expect(shown.get('mean')).toBeGreaterThan((shown.get('minimum') ?? Number.NaN) + 10);
    await page.getByRole('slider', { name: 'Slab thickness' }).focus();
    await press('Home');
    await closeSlab();
    expect(changedPixels(single.axial, (await pictures()).axial)).toBe(0);
  });

  it('a knob of the crosshair turns the other planes; letters and scale stay right; straighten undoes it', async () => {
    const { auricle, page } = app;
    await press(' ');
    await press('c');
    expect(await page.getByTestId('straighten').isDisabled()).toBe(true);
    const straight = await pictures();
    await turnAxes();
    const oblique = await pictures();
    expect(await auricle.panes.title('axial')).toBe('Axial');
    expect(await auricle.panes.title('coronal')).toBe('Oblique coronal');
    expect(await auricle.panes.title('sagittal')).toBe('Oblique sagittal');
    for (const plane of ['coronal', 'sagittal'] as const) {
      expect(changedPixels(straight[plane], oblique[plane])).toBeGreaterThan(MANY_PIXELS);
      const [top, bottom, left, right] = letterFields(oblique[plane]);
      const [, , leftBefore, rightBefore] = letterFields(straight[plane]);
      for (const field of [top!, bottom!, left!, right!])
        expect(countPixels(field, isText)).toBeGreaterThan(8);
      // Two letters where one was.
      expect(countPixels(left!, isText)).toBeGreaterThan(countPixels(leftBefore!, isText));
      expect(countPixels(right!, isText)).toBeGreaterThan(countPixels(rightBefore!, isText));
      expect(countPixels(scaleField(oblique[plane]), isText)).toBeGreaterThan(60);
    }
    await page.getByTestId('straighten').click();
    const back = await pictures();
    for (const plane of PLANES) {
      expect(await auricle.panes.title(plane)).toBe(`${plane[0]!.toUpperCase()}${plane.slice(1)}`);
      expect(changedPixels(straight[plane], back[plane])).toBe(0);
    }
  });

  it('a second turn makes all of them oblique, and the reset straightens them, too', async () => {
    const { auricle } = app;
    const straight = await pictures();
    await turnAxes();
    await turnAxes('coronal');
    const oblique = await pictures();
    for (const plane of PLANES) expect(await auricle.panes.title(plane)).toMatch(/^Oblique/);
    for (const field of letterFields(oblique.axial)) expect(countPixels(field, isText)).toBeGreaterThan(8);
    expect(countPixels(scaleField(oblique.axial), isText)).toBeGreaterThan(60);
    await press(' ');
    expect(changedPixels(straight.axial, (await pictures()).axial)).toBe(0);
  });

  it('what is drawn before there is a segmentation is there again after a reload', async () => {
    const { auricle, page } = app;
    await press('-');
    await auricle.panes.drag('axial', [
      [120, 120],
      [220, 160],
    ]);
    const value = page.getByTestId('annotation-value');
    await expect.poll(() => value.count()).toBe(1);
    const drawn = await value.innerText();
    await auricle.status.saved();
    await page.reload();
    await auricle.start.shown();
    await expect.poll(() => page.getByTestId('work-state').innerText()).toBe('Drawn on, not segmented');
    await auricle.openSample();
    await expect.poll(() => value.count()).toBe(1);
    expect(await value.innerText()).toBe(drawn);
  });

  /** Turns the lines of a pane by a knob of the horizontal one, by about 25°. */
  async function turnAxes(plane: 'axial' | 'coronal' = 'axial'): Promise<void> {
    const { panes } = app.auricle;
    const shown = (await pictures())[plane];
    const [x, y] = crosshairAt(shown, plane);
    const reach = 0.34 * Math.min(shown.width, shown.height);
    // Of its two knobs the one that lies within the pane.
    const side = x + reach < shown.width - 10 ? reach : -reach;
    const knob: PixelPosition = [x + side, y];
    const turned: PixelPosition = [x + 0.9 * side, y + 0.43 * side];
    await panes.drag(plane, [knob, turned]);
  }
});
