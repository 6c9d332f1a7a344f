import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type DeviceTable, deviceTableSchema } from '#shared/contract/planning.ts';
import { type Application, describeInBrowser, endToEnd, openApplication } from '../fixtures/application.ts';
import {
  boundsOf,
  changedPixels,
  countPixels,
  isCentreLine,
  isContour,
  isDevice,
  isLandingZone,
  isLandmark,
  isOstium,
  isRim,
  isSection,
  middleOf,
  type PagePicture,
  type PixelPosition,
  picture,
  pixelPositions,
} from '../fixtures/pixels.ts';
import { screenshot } from '../fixtures/screenshot.ts';
import { type PaneName, PLANES } from '../pages/panes.ts';
import { planPanel } from '../pages/planPanel.ts';

const TABLES = resolve(import.meta.dirname, '../../resources/devices');

const PANES: readonly PaneName[] = [...PLANES, 'three'];

const between = (a: PixelPosition, b: PixelPosition, share: number): PixelPosition => [
  a[0] + share * (b[0] - a[0]),
  a[1] + share * (b[1] - a[1]),
];

const farthestOf = (positions: readonly PixelPosition[], [x, y]: PixelPosition): PixelPosition =>
  positions.reduce((most, at) =>
    Math.hypot(at[0] - x, at[1] - y) > Math.hypot(most[0] - x, most[1] - y) ? at : most,
  );

/** The ends of the ostium's line in a plane: the two of its pixels that are farthest apart. */
function lineEnds(shown: PagePicture): readonly [PixelPosition, PixelPosition] {
  const positions = pixelPositions(shown, isOstium);
  const first = farthestOf(positions, middleOf(positions));
  const second = farthestOf(positions, first);
  // Drawn are knobs about the ends: the ends themselves lie a little within.
  const knob = 5 / Math.hypot(second[0] - first[0], second[1] - first[1]);
  return [between(first, second, knob), between(second, first, knob)];
}

/** The middle of a knob on lines of its colour: the pixel that has most of the others round it. */
function knobIn(positions: readonly PixelPosition[]): PixelPosition {
  const near = ([x, y]: PixelPosition): PixelPosition[] =>
    positions.filter((at) => Math.hypot(at[0] - x, at[1] - y) < 5);
  return middleOf(
    positions.map(near).reduce((most, others) => (others.length > most.length ? others : most)),
  );
}

/** What `auricle report` says of the one saved work: the sizes along its centre line. */
async function reportOfSavedWork(dataFolder: string): Promise<ReportedProfile> {
  const sessions = join(dataFolder, 'sessions');
  const [file = ''] = (await readdir(sessions)).filter((name) => name.endsWith('.session'));
  const out = join(dataFolder, 'documents');
  const command = [
    resolve('bin/auricle.js'),
    'report',
    join(sessions, file),
    '-o',
    out,
    '--documents',
    'json',
  ];
  await promisify(execFile)(process.execPath, command);
  const { planning }: { planning: { profile: ReportedProfile } } = JSON.parse(
    await readFile(join(out, 'measurements.json'), 'utf8'),
  );
  return planning.profile;
}

interface ReportedProfile {
  readonly points: readonly { readonly areaMm2: number; readonly isCorrected?: boolean }[];
  readonly correctedOutlines: readonly object[];
}

describeInBrowser("the ostium's plane", () => {
  let app: Application;
  beforeAll(async () => {
    app = await openApplication({ prepared: endToEnd.sessionData });
    await app.auricle.restoreNewest();
  });
  afterAll(async () => {
    await app?.close();
  });

  const areaMm2 = (): Promise<number> => app.auricle.appendage.measured('ostium-area');
  const pictures = async () => {
    await app.auricle.panes.leave();
    return await app.auricle.panes.pictures();
  };
  /** All numbers and all pixels after so many steps. */
  const state = async (steps: number) => {
    const { appendage } = app.auricle;
    await appendage.remade(steps);
    const rows = await appendage.measurements();
    return { rows, size: await appendage.meshSize(), shown: await pictures() };
  };
  type State = Awaited<ReturnType<typeof state>>;

  /** With the button down: the numbers and the pictures follow before it is released. */
  const expectToFollow = async (before: State): Promise<void> => {
    // Several: along a neck of one width a diameter may stay what it is to the tenth of a millimetre.
    const sizesIn = (rows: readonly string[]) => rows.filter((row) => /^(Area|Perimeter)/.test(row));
    await expect
      .poll(async () => sizesIn(await app.auricle.appendage.measurements()), { timeout: 60_000 })
      .not.toEqual(sizesIn(before.rows));
    const live = await app.auricle.panes.pictures();
    expect(changedPixels(before.shown.three, live.three)).toBeGreaterThan(200);
    for (const plane of PLANES)
      expect(changedPixels(before.shown[plane], live[plane]), plane).toBeGreaterThan(40);
    // A drag under way is not a step.
    expect(await app.page.getByTestId('tab-history').innerText()).toBe('History');
  };
  const expectBack = (now: State, before: State): void => {
    expect(now.rows).toEqual(before.rows);
    expect(now.size).toEqual(before.size);
    for (const pane of PANES)
      expect(changedPixels(before.shown[pane], now.shown[pane]), `changed pixels of ${pane}`).toBe(0);
  };

  it('moves along its normal with the mouse; numbers and pictures follow while it is dragged', async () => {
    const { auricle } = app;
    const before = await state(0);
    const [a, b] = lineEnds(before.shown.sagittal);
    const middle = between(a, b, 0.5);
    const inside = middleOf(pixelPositions(before.shown.sagittal, isContour));
    const to = between(middle, inside, 14 / Math.hypot(inside[0] - middle[0], inside[1] - middle[1]));
    await auricle.panes.startDrag('sagittal', [middle, between(middle, to, 0.5), to]);
    await expectToFollow(before);
    await app.page.mouse.up();
    const after = await state(1);
    expect(after.rows).not.toEqual(before.rows);
    expect(after.size).not.toEqual(before.size);
    expect(countPixels(after.shown.sagittal, isContour)).toBeLessThan(
      countPixels(before.shown.sagittal, isContour) - 5,
    );
    const { names, current } = await auricle.appendage.history();
    expect(names[current]).toContain('Move ostium plane');
    await auricle.appendage.undo.click();
    expectBack(await state(0), before);
    await auricle.appendage.redo.click();
    expectBack(await state(1), after);
    await auricle.appendage.undo.click();
    await auricle.appendage.remade(0);
  });

  it('tilts by the end of its line', async () => {
    const { auricle } = app;
    const before = await state(0);
    const [a, b] = lineEnds(before.shown.axial);
    const middle = between(a, b, 0.5);
    // By about a quarter of a right angle, about the middle.
    const [dx, dy] = [a[0] - middle[0], a[1] - middle[1]];
    const turned: PixelPosition = [middle[0] + 0.92 * dx - 0.39 * dy, middle[1] + 0.39 * dx + 0.92 * dy];
    await auricle.panes.startDrag('axial', [a, between(a, turned, 0.5), turned]);
    await expectToFollow(before);
    await app.page.mouse.up();
    const after = await state(1);
    const [c, d] = lineEnds(after.shown.axial);
    const angleOf = (from: PixelPosition, to: PixelPosition): number =>
      (Math.atan2(to[1] - from[1], to[0] - from[0]) * 180) / Math.PI;
    const tilt = Math.abs(((angleOf(c, d) - angleOf(a, b) + 540) % 180) - 90);
    // 23° from where it was: 67° from its square.
    expect(Math.abs(tilt - 67)).toBeLessThan(4);
    expect(await areaMm2()).toBeGreaterThan(0);
    expect(after.rows).not.toEqual(before.rows);
    await auricle.appendage.undo.click();
    expectBack(await state(0), before);
  });

  it('is moved and aimed in 3D, too', async () => {
    const { auricle } = app;
    const before = await state(0);
    expect(countPixels(before.shown.three, isRim)).toBeGreaterThan(50);
    const [a, b] = lineEnds(before.shown.three);
    // The arrow points into the appendage, to the patient's left: its tip is the right end.
    const tip = a[0] < b[0] ? b : a;
    await auricle.panes.startDrag('three', [tip, [tip[0] - 10, tip[1] - 25], [tip[0] - 15, tip[1] - 40]]);
    await expectToFollow(before);
    await app.page.mouse.up();
    const aimed = await state(1);
    expect(aimed.rows).not.toEqual(before.rows);
    // The plane was cut anew: the arrow stands where the new ostium has its middle.
    const [aimedTip, aimedFoot] = lineEnds(aimed.shown.three).toSorted((one, other) => one[1] - other[1]);
    await auricle.panes.drag('three', [aimedFoot!, between(aimedFoot!, aimedTip!, 0.15)]);
    const pushed = await state(2);
    expect(pushed.rows).not.toEqual(aimed.rows);
    await auricle.appendage.undo.click();
    expectBack(await state(1), aimed);
    await auricle.appendage.undo.click();
    expectBack(await state(0), before);
  });

  it('returns when it is released too far in the atrium; until then the last numbers stay, marked as old', async () => {
    const { auricle, page } = app;
    const before = await state(0);
    const [a, b] = lineEnds(before.shown.sagittal);
    const middle = between(a, b, 0.5);
    const inside = middleOf(pixelPositions(before.shown.sagittal, isContour));
    const away = between(middle, inside, -70 / Math.hypot(inside[0] - middle[0], inside[1] - middle[1]));
    await auricle.panes.startDrag('sagittal', [middle, away]);
    const tooFar = 'more than 10 mm beyond the ostium that was found';
    await page.getByTestId('verdict').filter({ hasText: tooFar }).waitFor();
    expect(await page.getByTestId('measure-panel').getAttribute('data-stale')).toBe('true');
    // Those of the last section on the way there.
    expect(await auricle.appendage.measurements()).toHaveLength(before.rows.length);
    await page.mouse.up();
    const notice = page.getByTestId('alert').filter({ hasText: 'was put back' });
    // It lies over the pictures.
    await notice.getByRole('button').click();
    await notice.waitFor({ state: 'detached' });
    expectBack(await state(0), before);
  });

  it('goes through the two landmarks that are set by a click each', async () => {
    const { auricle, page } = app;
    const before = await state(0);
    await planPanel(page).open();
    const ends = lineEnds(before.shown.sagittal);
    const [upper, lower] = ends[0][1] < ends[1][1] ? ends : [ends[1], ends[0]];
    await page.getByTestId('place-ridge').click();
    await auricle.panes.click('sagittal', upper);
    await page.getByTestId('placing').filter({ hasText: 'circumflex' }).waitFor();
    // As the guide says; a reader need not have seen that this one is waited for already.
    await page.getByTestId('place-circumflex').click();
    // A little off the line: the plane has to turn to hold it.
    await auricle.panes.click('sagittal', [lower[0], lower[1] + 6]);
    const rows = page.getByTestId('landmark-distances').locator('.row');
    await expect
      .poll(() => rows.allInnerTexts())
      .toEqual([
        expect.stringContaining('on the plane'),
        expect.stringContaining('on the plane'),
        expect.stringMatching(/\d\.\d mm/),
      ]);
    await auricle.appendage.remade(2);
    await auricle.appendage.tab('plan');
    await page.getByTestId('landmark-distances').scrollIntoViewIfNeeded();
    await auricle.panes.leave();
    await expect.poll(() => auricle.panes.count('sagittal', isLandmark)).toBeGreaterThan(10);
    expect(await auricle.panes.count('three', isLandmark)).toBeGreaterThan(10);
    await screenshot(page, 'plan-landmarks');
    await auricle.appendage.tab('measures');
    const after = await state(2);
    expect(after.rows).not.toEqual(before.rows);
    const { names } = await auricle.appendage.history();
    expect(names.join()).toMatch(/left upper ridge.*circumflex artery/);
    await auricle.appendage.undo.click();
    await auricle.appendage.undo.click();
    expectBack(await state(0), before);
  });

  it('begins a centre line that is corrected by its points; its numbers follow, and undo takes it back', async () => {
    const { auricle, page } = app;
    const before = await state(0);
    const plan = planPanel(page);
    await plan.open();
    await plan.press(0.465);
    await page.getByTestId('line-add').click();
    // Perpendicular to the line, the axial pane shows it as the point at the section alone.
    await auricle.panes.leave();
    await expect.poll(() => auricle.panes.count('axial', isCentreLine)).toBeGreaterThan(5);
    const knob = middleOf(pixelPositions((await auricle.panes.pictures()).axial, isCentreLine));
    await auricle.panes.drag('axial', [knob, [knob[0] + 4, knob[1] + 3], [knob[0] + 9, knob[1] + 5]]);
    const lineState = page.getByTestId('line-state');
    await lineState.filter({ hasText: 'corrected by the reader' }).waitFor();
    await plan.press(0.465);
    await auricle.panes.leave();
    await screenshot(page, 'plan-centre-line');
    await auricle.appendage.tab('measures');
    await expect.poll(async () => (await state(2)).rows).not.toEqual(before.rows);
    await page.getByTestId('result-warnings').getByText('corrected by the reader').first().waitFor();
    await auricle.appendage.tab('plan');
    await page.getByTestId('line-as-computed').click();
    await lineState.filter({ hasText: 'can be dragged' }).waitFor();
    for (let step = 0; step < 3; step++) await auricle.appendage.undo.click();
    await auricle.appendage.tab('measures');
    await page.keyboard.press('Space');
    expect((await state(0)).rows).toEqual(before.rows);
  });

  it('has the outlines of its sections corrected by their points; the numbers of that section follow', async () => {
    const { auricle, page } = app;
    const before = await state(0);
    const plan = planPanel(page);
    await plan.open();
    await plan.press(0.5);
    await page.getByTestId('outline-section').click();
    await page.getByTestId('outline-state').filter({ hasText: 'drag its points' }).waitFor();
    const areaMm2 = async (): Promise<number> => Number(await plan.size('section', 'areaMm2'));
    const computedMm2 = await areaMm2();
    await auricle.panes.leave();
    await expect.poll(() => auricle.panes.count('axial', isSection)).toBeGreaterThan(100);
    // Texts stand above and beside the outline, so that what is lowest is one of its points.
    const drawn = pixelPositions((await auricle.panes.pictures()).axial, isSection);
    const [x, low] = drawn.reduce((most, at) => (at[1] > most[1] ? at : most));
    await auricle.panes.startDrag('axial', [
      [x, low - 5],
      [x, low + 5],
      [x, low + 12],
    ]);
    await expect.poll(areaMm2).toBeGreaterThan(computedMm2 + 5);
    await page.mouse.up();
    await expect
      .poll(() => auricle.appendage.undo.getAttribute('aria-label'))
      .toMatch(/Correct outline at \d+\.\d mm/);
    await page.locator('.outline-corrected').scrollIntoViewIfNeeded();
    await auricle.panes.leave();
    await screenshot(page, 'plan-outline');
    await auricle.appendage.tab('measures');
    await expect
      .poll(() => page.getByTestId('result-warnings').innerText())
      .toMatch(/Outline of the section at .* corrected by the reader/);
    await auricle.appendage.tab('plan');
    // The command line says of the saved work what the page shows.
    const shownMm2 = await areaMm2();
    await auricle.status.saved();
    const reported = await reportOfSavedWork(app.dataFolder);
    expect(reported.correctedOutlines).toMatchObject([{ isUsed: true }]);
    const corrected = reported.points.filter(({ isCorrected }) => isCorrected);
    expect(corrected.map((point) => Math.round(point.areaMm2))).toEqual([shownMm2]);
    await page.locator('.outline-corrected').getByText('As computed').click();
    await expect.poll(areaMm2).toBe(computedMm2);
    await page.getByTestId('outline-section').click();
    for (let step = 0; step < 2; step++) await auricle.appendage.undo.click();
    await auricle.appendage.tab('measures');
    await page.keyboard.press('Space');
    expect((await state(0)).rows).toEqual(before.rows);
  });

  it('is where planning begins: sections along the centre line, a landing zone, the devices that fit', async () => {
    const { auricle, page } = app;
    const before = await state(0);
    const maximumMm = await auricle.appendage.measured('ostium-max');
    const plan = planPanel(page);
    await plan.open();
    // In 3D the centre line and the landing zone are seen through the surface.
    await auricle.panes.leave();
    await expect.poll(() => auricle.panes.count('three', isLandingZone)).toBeGreaterThan(30);

    await plan.press(0.5);
    // The panes' words follow with their next drawing.
    await expect.poll(() => auricle.panes.title('axial')).toBe('Oblique axial');
    const pressedMm = await plan.sectionMm();
    expect(pressedMm).toBeGreaterThan(8);
    await plan.plot.press('ArrowRight');
    await expect.poll(plan.sectionMm).toBe(pressedMm + 0.5);
    const place = await auricle.panes.place('axial');
    await plan.plot.hover();
    await page.mouse.wheel(0, -100);
    await expect.poll(plan.sectionMm).toBe(pressedMm + 1);
    await expect.poll(() => auricle.panes.place('axial')).not.toBe(place);
    // Over the pane that shows the section it slides it along the line too, the same way, and back.
    await page.locator('.viewer-pane[data-pane=axial]').hover();
    await page.mouse.wheel(0, -100);
    await expect.poll(plan.sectionMm).toBe(pressedMm + 1.5);
    await page.mouse.wheel(0, 100);
    await expect.poll(plan.sectionMm).toBe(pressedMm + 1);
    const [widestMm = 0, narrowestMm = 0] = (await plan.size('section', 'maxDiameterMm'))
      .split(' × ')
      .map(Number);
    expect(widestMm).toBeGreaterThanOrEqual(narrowestMm);
    expect(narrowestMm).toBeGreaterThan(5);

    // The straightened reformat moves the section by a click, and turns by a key.
    const straightened = page.getByTestId('straightened');
    await straightened.scrollIntoViewIfNeeded();
    await expect.poll(async () => countPixels(await picture(straightened), isContour)).toBeGreaterThan(20);
    const asItWas = await straightened.screenshot();
    await straightened.press('ArrowUp');
    await expect.poll(() => straightened.getAttribute('aria-valuenow')).toBe('5');
    await expect.poll(async () => asItWas.equals(await straightened.screenshot())).toBe(false);
    const reformat = await straightened.boundingBox();
    await straightened.click({ position: { x: 0.8 * (reformat?.width ?? 0), y: 20 } });
    await expect.poll(plan.sectionMm).toBeGreaterThan(pressedMm + 2);
    await screenshot(page, 'plan-straightened');
    await page.getByTestId('straightened-ostium').click();
    await expect.poll(plan.sectionMm).toBe(0);
    await plan.press(0.5);
    await plan.plot.press('ArrowRight');
    await plan.plot.press('ArrowRight');
    await expect.poll(plan.sectionMm).toBe(pressedMm + 1);

    // What fits is what the tables say of the numbers that are shown.
    const table = async (name: string): Promise<DeviceTable> =>
      deviceTableSchema.parse(JSON.parse(await readFile(join(TABLES, `${name}.json`), 'utf8')));
    const fitting = ({ sizes }: DeviceTable, mm: number): string[] =>
      sizes.filter(({ rangeMm }) => mm >= rangeMm[0] && mm <= rangeMm[1]).map(({ label }) => label);
    expect(await plan.fitting('Watchman FLX')).toEqual(fitting(await table('watchman-flx'), maximumMm));
    // The knob on its section, beside the centre line, slides the landing zone.
    const [zoneText, withZone] = [await plan.landingZoneText(), await auricle.panes.pictures()];
    const zoneIn = (plane: (typeof PLANES)[number]) => pixelPositions(withZone[plane], isLandingZone);
    const [shows] = [...PLANES].sort((a, b) => zoneIn(b).length - zoneIn(a).length);
    const knob = knobIn(zoneIn(shows!));
    // Towards the tip, for there is room on that side; the ostium is too near.
    const tip = farthestOf(pixelPositions(withZone[shows!], isCentreLine), knob);
    await auricle.panes.drag(shows!, [knob, between(knob, tip, 0.25), between(knob, tip, 0.5)]);
    await expect.poll(plan.landingZoneText).not.toBe(zoneText);
    await page.getByTestId('landing-at-section').click();
    await expect.poll(plan.landingZoneText).toContain(`${(pressedMm + 1).toFixed(1)} mm`);
    await expect
      .poll(() => plan.device('Amplatzer Amulet').innerText())
      .toContain(`landing zone at ${pressedMm + 1} mm`);
    expect(await plan.fitting('Amplatzer Amulet')).toEqual(
      fitting(await table('amplatzer-amulet'), widestMm),
    );
    await auricle.panes.leave();
    await plan.plot.scrollIntoViewIfNeeded();
    await screenshot(page, 'plan');
    // Elsewhere than the section, the landing zone is drawn in the planes that cut it.
    for (let step = 0; step < 4; step++) await plan.plot.press('ArrowLeft');
    await auricle.panes.leave();
    const mostDrawn = async () => {
      const shown = await auricle.panes.pictures();
      return Math.max(...PLANES.map((plane) => countPixels(shown[plane], isLandingZone)));
    };
    await expect.poll(mostDrawn).toBeGreaterThan(20);

    // A virtual device: chosen, seen in every pane, measured, dragged, moved by keys, undone, removed.
    const [largest] = (await plan.fitting('Watchman FLX')).slice(-1);
    await plan.placeDevice('Watchman FLX', largest!);
    await page.getByTestId('device-numbers').waitFor();
    await page.getByTestId('device-look').click();
    await auricle.panes.leave();
    await expect.poll(() => auricle.panes.count('three', isDevice)).toBeGreaterThan(60);
    const placed = await pictures();
    for (const pane of PANES) expect(countPixels(placed[pane], isDevice), pane).toBeGreaterThan(60);
    const along = async () => await plan.deviceNumber('depthUsedMm');
    const used = await along();
    expect(used).toMatch(/^\d+\.\d mm$/);
    // With the error that it had on phantoms.
    expect(await plan.deviceNumber('mitralAnnulusMm')).toMatch(/^\d+\.\d ± \d\.\d mm$/);
    await page.getByTestId('virtual-device').scrollIntoViewIfNeeded();
    await screenshot(page, 'plan-device');
    // The axial plane lies in its widest circumference: its centre is the circle's.
    const { left, right, top, bottom } = boundsOf(pixelPositions(placed.axial, isDevice));
    const centre: PixelPosition = [(left + right) / 2, (top + bottom) / 2];
    await auricle.panes.startDrag('axial', [centre, [centre[0] + 30, centre[1] + 30]]);
    await expect.poll(along).not.toBe(used);
    await page.mouse.up();
    await expect.poll(() => auricle.appendage.undo.getAttribute('aria-label')).toContain('Move device');
    await auricle.appendage.undo.click();
    await expect.poll(along).toBe(used);
    await page.getByTestId('device-tilt-1').getByRole('slider').press('ArrowRight');
    await expect
      .poll(async () => changedPixels(placed.coronal, await auricle.panes.picture('coronal')))
      .toBeGreaterThan(20);
    await auricle.appendage.undo.click();

    // The simulated projection shows the CT and the wall; another view looks different.
    const projection = page.getByTestId('simulated-projection');
    await projection.scrollIntoViewIfNeeded();
    await expect.poll(async () => countPixels(await picture(projection), isDevice)).toBeGreaterThan(20);
    const seen = await picture(projection);
    await screenshot(page, 'plan-c-arm');
    await page.getByTestId('device-remove').click();
    await expect.poll(async () => countPixels(await picture(projection), isDevice)).toBe(0);
    for (let step = 0; step < 2; step++) await auricle.appendage.undo.click();
    expect(countPixels(seen, isContour)).toBeGreaterThan(20);
    for (let step = 0; step < 5; step++)
      await page.getByTestId('c-arm-alpha').getByRole('slider').press('ArrowRight');
    await expect.poll(async () => changedPixels(seen, await picture(projection))).toBeGreaterThan(1000);

    // Turned together, the 3D view looks along the beam, and a drag in it turns the C-arm.
    const view = async () => (await page.getByTestId('c-arm-view').innerText()).replaceAll(/\s+/g, ' ');
    expect(await view()).toMatch(/perpendicular$/);
    const free = await auricle.panes.picture('three');
    await page.getByTestId('c-arm-link').click();
    await auricle.panes.leave();
    expect(changedPixels(free, await auricle.panes.picture('three'))).toBeGreaterThan(1000);
    const alongBeam = await view();
    await auricle.panes.drag('three', [
      [90, 90],
      [60, 110],
    ]);
    await expect.poll(view).not.toBe(alongBeam);
    expect(await view()).toMatch(/° off$/);
    await auricle.panes.leave();
    await screenshot(page, 'plan-c-arm-turned');
    const turned = await auricle.panes.picture('three');
    await page.getByTestId('c-arm-perpendicular').click();
    await expect.poll(view).toMatch(/perpendicular$/);
    await auricle.panes.leave();
    expect(changedPixels(turned, await auricle.panes.picture('three'))).toBeGreaterThan(100);
    await page.getByTestId('c-arm-link').click();

    // Where no landing zone can be measured, the panel says what to do.
    await page.getByTestId('landing-zone-depth').getByRole('slider').press('Home');
    await expect
      .poll(() => page.getByTestId('landing-advice').innerText())
      .toContain('nearest section that can be measured');
    await page.getByTestId('landing-as-tables').click();
    // With another tab, nothing of the plan is left in the panes.
    await auricle.appendage.tab('measures');
    await page.keyboard.press('Space');
    await auricle.panes.leave();
    expect(await auricle.panes.count('three', isLandingZone)).toBe(0);
    expect((await state(0)).rows).toEqual(before.rows);
  });
});
