import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { decodeStl } from '#main/interchange/stl.ts';
import { scanDicomFolder } from '#main/studies/scanDicomFolder.ts';
import { readDicomSegmentation } from '#shared/dicom/dicomSegmentation.ts';
import { dicomSegmentation } from '#shared/dicom/testing/segmentationFixtures.ts';
import { type GridLps, ijkToLps } from '#shared/geometry/gridLps.ts';
import { firstVoxelOfPart } from '#shared/geometry/partOfGrid.ts';
import { add, cross, distance, dot, scale, type Vec3 } from '#shared/geometry/vec3.ts';
import { vertexLpsMm } from '#shared/mesh/measures.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { type Application, describeInBrowser, endToEnd, openApplication } from '../fixtures/application.ts';
import { boundsOf, crosshairAt, isContour, pixelPositions } from '../fixtures/pixels.ts';
import { type ReadMask, readMask } from '../fixtures/readMask.ts';
import { screenshot } from '../fixtures/screenshot.ts';
import { PLANES } from '../pages/panes.ts';

/** What a pane shows to the right, downwards and towards the viewer: axes of LPS, with their signs. */
const AXES = {
  axial: { right: [0, 1], down: [1, 1], through: 2 },
  coronal: { right: [0, 1], down: [2, -1], through: 1 },
  sagittal: { right: [1, 1], down: [2, -1], through: 0 },
} as const;

/** The text of a pane gives its position by a letter and a distance. */
const SIGN_OF: Readonly<Record<string, number>> = { L: 1, P: 1, S: 1, R: -1, A: -1, I: -1 };
const positionMm = (place: string): number => {
  const [, letter = '', mm] = /^([LRAPSI]) ([\d.]+) mm/.exec(place) ?? [];
  return (SIGN_OF[letter] ?? Number.NaN) * Number(mm);
};

const meanOf = (points: readonly Vec3[]): Vec3 =>
  scale(
    points.reduce((sum, point) => add(sum, point), [0, 0, 0]),
    1 / points.length,
  );

/** The centroid of what a closed surface encloses: of its tetrahedra with one of its vertices, each by its volume. */
function centroidOf(mesh: TriangleMesh): Vec3 {
  let [weighted, total]: [Vec3, number] = [[0, 0, 0], 0];
  for (let at = 0; at < mesh.triangles.length; at += 3) {
    const corners = [0, 1, 2].map((corner) => vertexLpsMm(mesh, mesh.triangles[at + corner]!));
    const [a, b, c] = [corners[0]!, corners[1]!, corners[2]!];
    const sixfold = dot(a, cross(b, c));
    weighted = add(weighted, scale(add(add(a, b), c), sixfold / 4));
    total += sixfold;
  }
  return scale(weighted, 1 / total);
}

const extentOf = (values: readonly number[]) => ({ least: Math.min(...values), most: Math.max(...values) });

const DICOM = ['dicom-seg', 'dicom-stl', 'dicom-sr', 'dicom-sc'] as const;

describeInBrowser('a mask that was exported', () => {
  let app: Application;
  let scanGrid: GridLps;
  let surface: TriangleMesh;
  let files: Readonly<Record<string, Uint8Array>>;
  let dicomNote: string;
  const masks = new Map<string, ReadMask>();
  beforeAll(async () => {
    app = await openApplication({ prepared: endToEnd.sessionData });
    const samples = join(app.dataFolder, 'samples');
    const [series] = (await scanDicomFolder(join(samples, readdirSync(samples)[0]!))).series;
    if (series?.geometry.kind !== 'regular') throw new Error('The sample is not a regular series.');
    scanGrid = series.geometry.grid;
    await app.auricle.restoreNewest();
    await app.auricle.export.open();
    await app.auricle.export.choose(['closed', 'stl', 'nrrd', 'nii.gz', ...DICOM]);
    dicomNote = await app.auricle.export.dicomNote.innerText();
    await screenshot(app.page, 'export-dicom');
    files = await app.auricle.export.download();
    surface = decodeStl(files['laa-closed.stl']!);
    for (const name of ['laa-mask.nrrd', 'laa-mask.nii.gz'])
      masks.set(name, await readMask(name, files[name]!));
  });
  afterAll(async () => {
    await app?.close();
  });

  for (const name of ['laa-mask.nrrd', 'laa-mask.nii.gz']) {
    it(`lies on the whole scan's grid: ${name}`, () => {
      const { grid } = masks.get(name)!;
      expect(grid.sizeIjk).toEqual(scanGrid.sizeIjk);
      // NIfTI keeps single precision.
      expect(distance(grid.originLpsMm, scanGrid.originLpsMm)).toBeLessThan(1e-4);
      for (const axis of [0, 1, 2] as const) {
        expect(grid.spacingMm[axis]).toBeCloseTo(scanGrid.spacingMm[axis], 6);
        expect(dot(grid.directions[axis], scanGrid.directions[axis])).toBeCloseTo(1, 6);
      }
    });

    it(`holds the volume that the table says, where the surface is: ${name}`, async () => {
      const { grid, labelledLpsMm } = masks.get(name)!;
      const volumeMl = await app.auricle.appendage.volumeMl();
      const [i, j, k] = grid.spacingMm;
      const labelledMl = (labelledLpsMm.length * i * j * k) / 1000;
      expect(Math.abs(labelledMl - volumeMl)).toBeLessThan(0.03 * volumeMl);
      // Much less than a voxel.
      expect(distance(meanOf(labelledLpsMm), centroidOf(surface))).toBeLessThan(0.2);
    });
  }

  it('is the same as DICOM Segmentation, with its surface, report and pictures in the scan’s study', () => {
    const image = readDicomSegmentation(files['laa-seg.dcm']!, 'laa-seg.dcm');
    const { labelledLpsMm } = masks.get('laa-mask.nrrd')!;
    const mask = image.mask(1);
    const first = firstVoxelOfPart(image.grid, scanGrid);
    expect(first?.slice(0, 2)).toEqual([0, 0]);
    const found: Vec3[] = [];
    const [nI, nJ] = image.grid.sizeIjk;
    mask.forEach((value, at) => {
      if (value === 1)
        found.push(ijkToLps(image.grid, [at % nI, Math.floor(at / nI) % nJ, Math.floor(at / (nI * nJ))]));
    });
    expect(found).toHaveLength(labelledLpsMm.length);
    found.forEach((point, at) => {
      expect(distance(point, labelledLpsMm[at]!)).toBeLessThan(1e-3);
    });
    const text = (name: string): string => Buffer.from(files[name]!).toString('latin1');
    expect(text('laa-stl.dcm')).toContain('model/stl');
    expect(text('laa-sr.dcm')).toContain('Left atrial appendage depth');
    // Who the patient is stands in each pane, so in each picture: (0028,0301) Burned In Annotation YES.
    for (const number of [1, 2, 3, 4])
      expect(text(`laa-sc-${number}.dcm`)).toContain('\x28\x00\x01\x03CS\x04\x00YES ');
    const [study] = /1\.2\.[\d.]+|2\.25\.\d+/.exec(
      text('laa-seg.dcm').slice(text('laa-seg.dcm').indexOf('\x20\x00\x0d\x00UI') + 8),
    )!;
    for (const [name, bytes] of Object.entries(files))
      if (name.endsWith('.dcm')) expect(Buffer.from(bytes).includes(study), name).toBe(true);
    expect(dicomNote).toContain('carry the patient’s identity');
  });

  it('leaves without the patient where that is chosen, in every file', async () => {
    const { auricle } = app;
    await auricle.export.open();
    await auricle.export.choose(['closed', 'stl', 'html', 'json', 'dicom-seg', 'dicom-sc', 'anonymous']);
    const anonymous = await auricle.export.download();
    const seriesUid = JSON.parse(Buffer.from(files['laa-mask.nrrd.json']!).toString('utf8')).source
      .seriesInstanceUid;
    for (const [name, bytes] of Object.entries(anonymous)) {
      const content = Buffer.from(bytes).toString('latin1');
      for (const secret of ['Seed', 'AURICLE-PHANTOM', seriesUid])
        expect(content, name).not.toContain(secret);
    }
    // Without the banner in the panes: (0028,0301) Burned In Annotation NO.
    expect(Buffer.from(anonymous['laa-sc-1.dcm']!).toString('latin1')).toContain(
      '\x28\x00\x01\x03CS\x02\x00NO',
    );
    expect(readDicomSegmentation(anonymous['laa-seg.dcm']!, 'seg').mask(1)).toEqual(
      readDicomSegmentation(files['laa-seg.dcm']!, 'seg').mask(1),
    );
  });

  it('is opened again in the application, which finds it the same', async () => {
    await app.page.getByTestId('tab-edit').click();
    await app.page.getByTestId('segmentation-input').setInputFiles({
      name: 'laa-seg.dcm',
      mimeType: 'application/dicom',
      buffer: Buffer.from(files['laa-seg.dcm']!),
    });
    await app.page.getByText('"laa-seg.dcm" is identical to the current segmentation.').waitFor();
  });

  it('asks which of several segments is the appendage, where none is called so', async () => {
    const own = readDicomSegmentation(files['laa-seg.dcm']!, 'seg');
    const [columns, rows, slices] = own.grid.sizeIjk;
    const mask = own.mask(1);
    const slice = (k: number) => mask.subarray(k * columns * rows, (k + 1) * columns * rows);
    const two = dicomSegmentation({
      type: 'LABELMAP',
      grid: own.grid,
      labels: { 4: 'Other', 7: 'Structure' },
      frameOfReferenceUid: own.frameOfReferenceUid,
      frames: Array.from({ length: slices }, (_, k) => ({
        segment: 0,
        slice: k,
        values: slice(k).map((value, at) => (value === 1 ? 7 : at === 0 ? 4 : 0)),
      })),
    });
    const file = { name: 'two.dcm', mimeType: 'application/dicom', buffer: Buffer.from(two) };
    const choice = app.page.getByTestId('segment-choice');
    await app.page.getByTestId('segmentation-input').setInputFiles(file);
    await choice.getByText('two.dcm has 2 segments. Which one is the appendage?').waitFor();
    await app.page.getByTestId('segment-choice-none').click();
    expect(await choice.count()).toBe(0);
    await app.page.getByTestId('segmentation-input').setInputFiles(file);
    await choice.getByText('7: Structure').click();
    await app.page.getByText('"two.dcm" is identical to the current segmentation.').waitFor();
    expect(await choice.count()).toBe(0);
  });

  it('covers in every plane the inside of its contour', async () => {
    const { auricle } = app;
    const { grid, labelledLpsMm } = masks.get('laa-mask.nrrd')!;
    await auricle.status.dismissAlerts();
    // From the ostium into the appendage's middle, as it is seen.
    const seen = boundsOf(await auricle.panes.positions('axial', isContour));
    await auricle.panes.click('axial', [(seen.left + seen.right) / 2, (seen.top + seen.bottom) / 2]);
    await auricle.panes.leave();
    const pictures = await auricle.panes.pictures();
    const at: Vec3 = [
      positionMm(await auricle.panes.place('sagittal')),
      positionMm(await auricle.panes.place('coronal')),
      positionMm(await auricle.panes.place('axial')),
    ];
    for (const plane of PLANES) {
      const { right, down, through } = AXES[plane];
      const labelled = labelledLpsMm.filter(
        (point) => Math.abs(point[through] - at[through]) <= grid.spacingMm[through] / 2,
      );
      const across = extentOf(labelled.map((point) => right[1] * (point[right[0]] - at[right[0]])));
      const along = extentOf(labelled.map((point) => down[1] * (point[down[0]] - at[down[0]])));
      const [x, y] = crosshairAt(pictures[plane], plane);
      const contour = boundsOf(pixelPositions(pictures[plane], isContour));
      // How large a pixel is follows from either size.
      const mmAPixel =
        (across.most - across.least + along.most - along.least) /
        (contour.right - contour.left + contour.bottom - contour.top);
      const shown = {
        left: (contour.left - x) * mmAPixel,
        right: (contour.right - x) * mmAPixel,
        top: (contour.top - y) * mmAPixel,
        bottom: (contour.bottom - y) * mmAPixel,
      };
      expect(Math.abs(shown.left - across.least), `${plane}, left`).toBeLessThan(1.5);
      expect(Math.abs(shown.right - across.most), `${plane}, right`).toBeLessThan(1.5);
      expect(Math.abs(shown.top - along.least), `${plane}, top`).toBeLessThan(1.5);
      expect(Math.abs(shown.bottom - along.most), `${plane}, bottom`).toBeLessThan(1.5);
    }
  });

  it('is as wide and as bright as a reader measures it; both survive a reload and are exported', async () => {
    const { auricle, page } = app;
    const { grid, labelledLpsMm } = masks.get('laa-mask.nrrd')!;
    const heightMm = positionMm(await auricle.panes.place('axial'));
    const slice = labelledLpsMm.filter(([, , z]) => Math.abs(z - heightMm) <= grid.spacingMm[2] / 2);
    const across = extentOf(slice.map(([x]) => x));
    const { left, right, top, bottom } = boundsOf(await auricle.panes.positions('axial', isContour));
    await page.keyboard.press('-');
    await auricle.panes.drag('axial', [
      [left, top - 12],
      [right, top - 12],
    ]);
    const value = () => page.getByTestId('annotation-value').first().innerText();
    const errorMm = async () => Math.abs(Number.parseFloat(await value()) - (across.most - across.least));
    // It follows the pointer, and is right when that has arrived.
    await expect.poll(errorMm).toBeLessThan(1.5);
    const measured = await value();
    await page.keyboard.press('q');
    const [x, y] = [(left + right) / 2, (top + bottom) / 2];
    await auricle.panes.drag('axial', [
      [x - 8, y - 8],
      [x + 8, y + 8],
    ]);
    await page.getByTestId('annotation').nth(1).waitFor();
    await auricle.status.saved();
    await page.reload();
    await auricle.start.shown();
    await auricle.restoreNewest();
    expect(await value()).toBe(measured);
    await page.getByTestId('annotation-jump').first().click();
    await page.locator(`[data-pane=axial][data-annotations^="Ruler 1: ${measured}; Ellipse 1"]`).waitFor();
    await screenshot(page, 'measured');
    await auricle.export.open();
    await auricle.export.choose(['json']);
    const { 'measurements.json': json } = await auricle.export.download();
    const { drawn, contrast } = JSON.parse(Buffer.from(json!).toString('utf8'));
    expect(`${drawn[0].lengthMm.toFixed(1)} mm`).toBe(measured);
    expect(Math.abs(drawn[1].meanHu - contrast.appendageHu)).toBeLessThan(40);
  });
});
