import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadSeries } from '#main/studies/loadSeries.ts';
import { scanDicomFolder } from '#main/studies/scanDicomFolder.ts';
import type { ImageSeries } from '#shared/dicom/imageSeries.ts';
import { resampleUneven } from '#shared/dicom/stackGeometry.ts';
import { ijkToLps } from '#shared/geometry/gridLps.ts';
import { addScaled, cross, dot, perAxis, subtract, type Vec3 } from '#shared/geometry/vec3.ts';
import { OUTSIDE_HU, type Volume } from '#shared/volume/volume.ts';
import { PYTHON, python, skipNote } from './peers.ts';
import { type OddStack, oddStack } from './testing/oddStacks.ts';

const COUNT = 50;
const hasDcm2niix = spawnSync('dcm2niix', ['--version'], { stdio: 'ignore' }).error === undefined;
const hasGdcm = PYTHON !== '' && spawnSync(PYTHON, ['-c', 'import gdcm'], { stdio: 'ignore' }).status === 0;

/** A slice as another program reads it. */
interface PeerSlice {
  readonly origin: Vec3;
  readonly cosines: readonly number[];
  /** Along a row, down a column. */
  readonly spacing: readonly number[];
  readonly size: readonly [number, number];
  readonly hu: readonly number[];
}

/** Every file below a folder as GDCM reads it, by the folder it lies in. */
const READ_BY_GDCM = `
import gdcm, glob, json, os, sys
import numpy as np
found = {}
for path in sorted(glob.glob(os.path.join(sys.argv[1], '*', '*.dcm'))):
  reader = gdcm.ImageReader()
  reader.SetFileName(path)
  if not reader.Read(): raise SystemExit('GDCM cannot read ' + path)
  image = reader.GetImage()
  kind = np.int16 if image.GetPixelFormat().GetPixelRepresentation() else np.uint16
  stored = np.frombuffer(image.GetBuffer().encode('utf-8', 'surrogateescape'), kind)
  found.setdefault(os.path.basename(os.path.dirname(path)), []).append({
    'origin': list(image.GetOrigin()), 'cosines': list(image.GetDirectionCosines()),
    'spacing': list(image.GetSpacing())[:2], 'size': [image.GetDimension(0), image.GetDimension(1)],
    'hu': (stored * image.GetSlope() + image.GetIntercept()).tolist()})
print(json.dumps(found))
`;

/** An image as dcm2niix wrote it: NIfTI-1, its sform turned from RAS into LPS. */
interface NiftiImage {
  readonly sizeIjk: Vec3;
  readonly axes: readonly [Vec3, Vec3, Vec3];
  readonly origin: Vec3;
  readonly hu: (i: number, j: number, k: number) => number;
}

function readNifti(bytes: Uint8Array): NiftiImage {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const [nI, nJ, nK] = [42, 44, 46].map((at) => view.getInt16(at, true)) as [number, number, number];
  const row = (at: number): number[] => [0, 4, 8, 12].map((byte) => view.getFloat32(at + byte, true));
  const [x, y, z] = [row(280).map((v) => -v), row(296).map((v) => -v), row(312)];
  const axis = (at: number): Vec3 => [x![at]!, y![at]!, z![at]!];
  const type = view.getInt16(70, true);
  const read = (at: number): number =>
    type === 16
      ? view.getFloat32(352 + 4 * at, true)
      : type === 512
        ? view.getUint16(352 + 2 * at, true)
        : view.getInt16(352 + 2 * at, true);
  const [slope, intercept] = [view.getFloat32(112, true) || 1, view.getFloat32(116, true)];
  return {
    sizeIjk: [nI, nJ, nK],
    axes: [axis(0), axis(1), axis(2)],
    origin: axis(3),
    hu: (i, j, k) => slope * read(i + nI * (j + nJ * k)) + intercept,
  };
}

/** The (fractional) index of a point in an image whose axes need not be at right angles. */
function indexIn({ axes: [a, b, c], origin }: NiftiImage, point: Vec3): Vec3 {
  const offset = subtract(point, origin);
  const volume = dot(a, cross(b, c));
  return [
    dot(offset, cross(b, c)) / volume,
    dot(offset, cross(c, a)) / volume,
    dot(offset, cross(a, b)) / volume,
  ];
}

interface Loaded {
  readonly stack: OddStack;
  readonly series: ImageSeries;
  readonly volume: Volume<Int16Array>;
}

const voxels = function* ({ grid, data }: Volume<Int16Array>) {
  const [nI, nJ, nK] = grid.sizeIjk;
  for (let k = 0; k < nK; k++) {
    for (let j = 0; j < nJ; j++) {
      for (let i = 0; i < nI; i++) {
        yield { point: ijkToLps(grid, [i, j, k]), k, value: data[i + nI * (j + nJ * k)]! };
      }
    }
  }
};

describe.skipIf(!hasGdcm && !hasDcm2niix)(
  `${COUNT} generated oddities${skipNote(hasGdcm || hasDcm2niix, 'neither GDCM nor dcm2niix')}`,
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'odd-stacks-'));
    const loaded: Loaded[] = [];
    beforeAll(async () => {
      for (let seed = 0; seed < COUNT; seed++) {
        const stack = await oddStack(seed);
        const own = join(folder, stack.name);
        mkdirSync(own);
        for (const [name, bytes] of stack.files) writeFileSync(join(own, name), bytes);
        const { series, problems } = await scanDicomFolder(own);
        expect([series.length, problems], stack.name).toEqual([1, []]);
        const resampled = resampleUneven(series[0]!);
        loaded.push({ stack, series: resampled, volume: await loadSeries(resampled) });
      }
    });
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    it.skipIf(!hasGdcm)(
      `have the slices of GDCM, and between them what lies there${skipNote(hasGdcm, 'GDCM')}`,
      async () => {
        const found = (await python(READ_BY_GDCM, folder)) as Record<string, PeerSlice[]>;
        for (const { stack, series, volume } of loaded) {
          const label = `${stack.name}: ${stack.kind}, ${stack.syntax}`;
          const [first] = found[stack.name]!;
          const normal = cross(cosinesFrom(first!, 0), cosinesFrom(first!, 3));
          const slices = found[stack.name]!.sort((a, b) => dot(a.origin, normal) - dot(b.origin, normal));
          const worst = { placeMm: 0, valueHu: 0, outside: 0 };
          slices.forEach((slice, k) => {
            const { positionLpsMm } = series.slices[k]!.header.plane;
            worst.placeMm = Math.max(worst.placeMm, Math.hypot(...subtract(positionLpsMm, slice.origin)));
          });
          for (const { point, value } of voxels(volume)) {
            const expected = valueBetween(slices, normal, point, stack.tiltDegrees === 0);
            if (expected === null) worst.outside += value === OUTSIDE_HU ? 0 : 1;
            else worst.valueHu = Math.max(worst.valueHu, Math.abs(value - expected));
          }
          expect(worst.placeMm, label).toBeLessThan(1e-3);
          expect(worst.outside, label).toBe(0);
          // Whole numbers twice: after the shear and between slices.
          expect(worst.valueHu, label).toBeLessThanOrEqual(stack.kind === 'uneven and tilted' ? 1 : 0.5);
        }
      },
    );

    it.skipIf(!hasDcm2niix)(
      `have the grid and the values of dcm2niix${skipNote(hasDcm2niix, 'dcm2niix')}`,
      () => {
        const out = join(folder, 'nifti');
        mkdirSync(out);
        // By patient, of which each stack has one of its own.
        // It fails for what it cannot read, and writes the others.
        spawnSync('dcm2niix', ['-z', 'n', '-b', 'n', '-f', '%i', '-o', out, folder], { stdio: 'ignore' });
        const written = readdirSync(out);
        const compared = { even: 0, trembling: 0, tilted: 0, 'one missing': 0, 'two steps': 0 };
        for (const [seed, { stack, volume }] of loaded.entries()) {
          const { kind, syntax } = stack;
          const image = (suffix: string): NiftiImage | undefined => {
            const name = written.find((one) => one === `AURICLE-PHANTOM-${seed + 1}${suffix}.nii`);
            return name === undefined ? undefined : readNifti(readFileSync(join(out, name)));
          };
          const label = `${stack.name}: ${kind}, ${syntax}`;
          const isRead = syntax !== 'deflated' && syntax !== 'JPEG-LS';
          if (!isRead || kind === 'uneven and tilted') continue;
          if (kind === 'even' || kind === 'trembling') {
            const { placeMm, valueHu, beyond } = comparedTo(volume, image('')!);
            expect(placeMm, label).toBeLessThan(kind === 'even' ? 1e-3 : 0.1);
            expect([valueHu, beyond], label).toEqual([0, 0]);
            compared[kind]++;
          } else if (kind === 'tilted') {
            // By maker, order and sign it shears some against their positions, and its affine keeps the tilt: values only.
            const isItsWay =
              stack.isCountedUpwards && stack.tiltDegrees < 0 && volume.grid.directions[0][0] === 1;
            if (!isItsWay) continue;
            expect(rowsApart(volume, image('_Tilt_1')!), label).toBeLessThanOrEqual(1.5);
            compared.tilted++;
          } else {
            // It takes the first step for the least one.
            if (stack.stepsMm[0]! > Math.min(...stack.stepsMm)) continue;
            const { placeMm, valueHu, beyond } = comparedTo(volume, image('_Eq_1')!);
            expect(placeMm, label).toBeLessThan(1e-3);
            // Between slices it rounds what is stored, before a slope of up to 2.
            expect(valueHu, label).toBeLessThanOrEqual(1.5);
            // It leaves out the last plane.
            expect(beyond, label).toBeLessThanOrEqual(2 * volume.grid.sizeIjk[0] * volume.grid.sizeIjk[1]);
            compared[kind]++;
          }
        }
        // All that it reads, and does by the positions of the slices.
        expect(compared).toEqual({ even: 7, trembling: 6, tilted: 2, 'one missing': 6, 'two steps': 1 });
      },
    );
  },
);

/** How far a volume's voxels are from another image's, and their values, and how many lie beyond that image. */
function comparedTo(volume: Volume<Int16Array>, image: NiftiImage) {
  const worst = { placeMm: 0, valueHu: 0, beyond: 0 };
  for (const { point, value } of voxels(volume)) {
    const index = indexIn(image, point);
    const [i, j, k] = index.map(Math.round) as [number, number, number];
    const apart = image.axes.map(
      (axis, at) => Math.hypot(...axis) * Math.abs(index[at as 0]! - [i, j, k][at]!),
    );
    worst.placeMm = Math.max(worst.placeMm, ...apart);
    const isIn = [i, j, k].every((at, axis) => at >= 0 && at < image.sizeIjk[axis as 0]);
    if (isIn) worst.valueHu = Math.max(worst.valueHu, Math.abs(value - image.hu(i, j, k)));
    else worst.beyond++;
  }
  return worst;
}

/**
 * How far the values of two sheared images are apart, whatever their places: rows run the other way in NIfTI, and begin
 * at another one. Each slice may differ in the two rows at its ends.
 */
function rowsApart({ grid, data }: Volume<Int16Array>, image: NiftiImage): number {
  const [nI, nJ, nK] = grid.sizeIjk;
  const [, mJ] = image.sizeIjk;
  const apart = (offset: number): number => {
    let worst = 0;
    for (let k = 0; k < nK; k++) {
      const rows = Array.from({ length: nJ }, (_, j) => {
        const other = mJ - 1 - j - offset;
        if (data[nI * (j + nJ * k)] === OUTSIDE_HU) return null;
        if (other < 0 || other >= mJ) return Infinity;
        return Math.max(
          ...Array.from({ length: nI }, (__, i) =>
            Math.abs(data[i + nI * (j + nJ * k)]! - image.hu(i, other, k)),
          ),
        );
      }).filter((row) => row !== null);
      worst = Math.max(worst, ...rows.sort((a, b) => a - b).slice(0, -2));
    }
    return worst;
  };
  return Math.min(...Array.from({ length: 2 * nJ }, (_, at) => apart(at - nJ)));
}

/** A direction of Image Orientation: along rows from number 0, along columns from 3. */
const cosinesFrom = ({ cosines }: PeerSlice, from: 0 | 3): Vec3 => perAxis((axis) => cosines[from + axis]!);

/**
 * What a slice shows at a point: the outermost pixels reach half a pixel beyond their centres.
 * @param isNearest positions that tremble are no shift
 */
function valueIn(slice: PeerSlice, point: Vec3, isNearest: boolean): number | null {
  const offset = subtract(point, slice.origin);
  const [columns, rows] = slice.size;
  const at = ([0, 3] as const).map(
    (from, axis) => dot(offset, cosinesFrom(slice, from)) / slice.spacing[axis]!,
  );
  if (at.some((place, axis) => place < -0.5 + 1e-3 || place > slice.size[axis]! - 0.5 - 1e-3)) return null;
  const [x, y] = at.map((place, axis) => Math.min(Math.max(place, 0), slice.size[axis]! - 1)) as [
    number,
    number,
  ];
  const [i, j] = [Math.min(Math.floor(x + 1e-3), columns - 2), Math.min(Math.floor(y + 1e-3), rows - 2)];
  const [u, v] = isNearest ? [Math.round(x - i), Math.round(y - j)] : [x - i, y - j];
  const value = (a: number, b: number): number => slice.hu[i + a + columns * (j + b)]!;
  return (value(0, 0) * (1 - u) + value(1, 0) * u) * (1 - v) + (value(0, 1) * (1 - u) + value(1, 1) * u) * v;
}

/** A value between two slices, from their places alone; null where one of them shows nothing. */
function valueBetween(
  slices: readonly PeerSlice[],
  normal: Vec3,
  point: Vec3,
  isNearest: boolean,
): number | null {
  const heights = slices.map(({ origin }) => dot(subtract(point, origin), normal));
  const nearest = heights.findIndex((height) => Math.abs(height) < (isNearest ? 0.03 : 1e-6));
  const below = Math.min(
    heights.findLastIndex((height) => height >= -1e-6),
    heights.length - 2,
  );
  const inPlane = (k: number): number | null =>
    valueIn(slices[k]!, addScaled(point, normal, -heights[k]!), isNearest);
  if (nearest >= 0) return inPlane(nearest);
  const share = heights[below]! / (heights[below]! - heights[below + 1]!);
  const [a, b] = [inPlane(below), inPlane(below + 1)];
  // Nothing is mixed with what lies outside: the nearer of both then.
  if (a === null || b === null) return share < 0.5 ? a : b;
  return a * (1 - share) + b * share;
}
