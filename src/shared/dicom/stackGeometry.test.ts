import { describe, expect, it } from 'vitest';
import { type GridLps, ijkToLps, lpsToIjk, voxelCount } from '../geometry/gridLps.ts';
import type { SliceStack } from '../geometry/sliceStack.ts';
import { cross, normalize, perpendicular, scale, type Vec3 } from '../geometry/vec3.ts';
import { OUTSIDE_HU, type Volume } from '../volume/volume.ts';
import { words } from '../words/words.ts';
import { assembleSeries } from './assembleSeries.ts';
import type { ImageSeries } from './imageSeries.ts';
import { type LabelImage, NO_IMAGES } from './labelImage.ts';
import { loadVolume } from './loadVolume.ts';
import { maskOnScan } from './maskOnGrid.ts';
import { placeSlices } from './placeSlices.ts';
import type { StackCorrection } from './stackCorrection.ts';
import { resampleUneven } from './stackGeometry.ts';
import { type Files, parsed, smallGrid } from './testing/ctFixtures.ts';
import { enhancedCt } from './testing/enhancedFixtures.ts';
import { noPixelCodecs } from './testing/noPixelCodecs.ts';
import { evenRamp, stackFiles, tiltShift } from './testing/stackFiles.ts';

const normal = normalize([0.1, -0.35, 0.9]);
const OBLIQUE: GridLps['directions'] = [perpendicular(normal), cross(normal, perpendicular(normal)), normal];
const straight = smallGrid({ sizeIjk: [9, 8, 7] });
const oblique = smallGrid({ sizeIjk: [9, 8, 7], directions: OBLIQUE });

const only = (files: Files): ImageSeries => {
  const all = assembleSeries(parsed(files).slices);
  expect(all).toHaveLength(1);
  return all[0]!;
};
const load = (files: Files, series: ImageSeries): Promise<Volume<Int16Array>> =>
  loadVolume(series, async (name, from, to) => files.get(name)!.subarray(from, to), noPixelCodecs);
const correctionOf = ({ geometry }: ImageSeries): StackCorrection => {
  if (geometry.kind !== 'regular' || !geometry.correction) throw new Error('not corrected');
  return geometry.correction;
};
const said = ({ warnings }: ImageSeries): string[] => warnings.map(words().sentence);
const reasonOf = ({ geometry }: ImageSeries): string =>
  geometry.kind === 'refused' ? words().sentence(geometry.reason) : '';

/** How far a volume is from HU that are known everywhere, and how many of its voxels show anything. */
function comparedTo({ grid, data }: Volume<Int16Array>, valueHu: (pointLpsMm: Vec3) => number) {
  const [nI, nJ] = grid.sizeIjk;
  let worstHu = 0;
  let shown = 0;
  data.forEach((value, at) => {
    if (value === OUTSIDE_HU) return;
    shown++;
    const voxel: Vec3 = [at % nI, Math.floor(at / nI) % nJ, Math.floor(at / (nI * nJ))];
    worstHu = Math.max(worstHu, Math.abs(value - valueHu(ijkToLps(grid, voxel))));
  });
  return { worstHu, shown };
}

describe('a tilted gantry', () => {
  it.each([
    ['along the columns', straight, 17, 0],
    ['the other way', straight, -17, 0],
    ['in slices that are oblique', oblique, 23, 0],
    ['along rows and columns', oblique, -11, 14],
  ])('is corrected by shear: %s', async (_, grid, tiltDegrees, rowDegrees) => {
    const shiftLpsMm = tiltShift(grid, tiltDegrees, rowDegrees);
    const files = stackFiles({ grid, shiftLpsMm, valueHu: evenRamp });
    const series = only(files);
    const tan = (degrees: number): number => Math.tan((degrees * Math.PI) / 180);
    const angle = (Math.atan(Math.hypot(tan(tiltDegrees), tan(rowDegrees))) * 180) / Math.PI;
    expect(correctionOf(series).tiltDegrees).toBeCloseTo(angle, 3);
    expect(said(series)[0]).toContain(`gantry tilt of ${angle.toFixed(1)}° was corrected`);
    const volume = await load(files, series);
    // The planes are the slices' own; every pixel is on one of them.
    expect(volume.grid.sizeIjk[2]).toBe(7);
    const { worstHu, shown } = comparedTo(volume, evenRamp);
    // The ramp continues half a voxel beyond the outermost centres, where the nearest pixel's value stands.
    expect(worstHu).toBeLessThan(1 + 0.5 * (7 * 0.5 + 5 * 0.75));
    expect(shown).toBe(9 * 8 * 7);
  });

  it('leaves HU as they are where slices are shifted by whole pixels, and air beside them', async () => {
    const shiftLpsMm = (k: number): Vec3 => [0, -0.75 * k, 0];
    const files = stackFiles({ grid: straight, shiftLpsMm, valueHu: evenRamp });
    const series = only(files);
    const { grid, data } = await load(files, series);
    expect(grid.sizeIjk).toEqual([9, 14, 7]);
    expect(grid.originLpsMm).toEqual([-10, -20 - 6 * 0.75, 100]);
    for (let k = 0; k < 7; k++) {
      for (let j = 0; j < 14; j++) {
        const isShown = j >= 6 - k && j < 14 - k;
        const expected = isShown ? Math.round(evenRamp(ijkToLps(grid, [4, j, k]))) : OUTSIDE_HU;
        expect(data[4 + 9 * (j + 14 * k)]).toBe(expected);
      }
    }
  });

  it('takes the angle from the positions, and warns of a header that contradicts them', () => {
    const warnings = (tilt: string, shift: number) =>
      said(
        only(
          stackFiles({
            grid: straight,
            shiftLpsMm: tiltShift(straight, shift),
            valueHu: evenRamp,
            changes: () => ({ '0018,1120': tilt }),
          }),
        ),
      ).filter((warning) => warning.includes('header gives'));
    // Makers differ in the sign.
    expect(warnings('20', -20.4)).toEqual([]);
    expect(warnings('-20', -20.4)).toEqual([]);
    expect(warnings('0', 20)).toHaveLength(1);
    expect(warnings('20', 0)[0]).toContain('tilt of 20.0°, the positions of the slices one of 0.0°');
  });

  it('is read from the frames of an Enhanced CT, in any order', async () => {
    const positionLpsMm = (k: number): Vec3 => {
      const [x, y, z] = ijkToLps(straight, [0, 0, k]);
      return [x, y + 0.75 * k, z];
    };
    const data = Int16Array.from({ length: voxelCount(straight) }, (_, voxel) => (voxel * 7) % 1000);
    const file = enhancedCt({ grid: straight, data }, { frames: [3, 0, 6, 1, 2, 5, 4], positionLpsMm });
    const files = new Map([['enhanced', file]]);
    const volume = await load(files, only(files));
    expect(volume.grid.sizeIjk).toEqual([9, 8 + 6, 7]);
    for (let k = 0; k < 7; k++) {
      const shown = volume.data.subarray(9 * (14 * k + k), 9 * (14 * k + k + 8));
      expect(shown).toEqual(data.subarray(72 * k, 72 * (k + 1)));
    }
  });

  it('is no excuse for slices that are shifted in no line, or by more than gantries tilt', () => {
    const wavy = (k: number): Vec3 => [k % 2 === 0 ? 0 : 2, 0, 0];
    expect(reasonOf(only(stackFiles({ grid: straight, shiftLpsMm: wavy, valueHu: evenRamp })))).toBe(
      'The slices are shifted against each other by up to 2.0 mm, and not evenly as by a gantry tilt.',
    );
    const steep = tiltShift(straight, 50);
    expect(reasonOf(only(stackFiles({ grid: straight, shiftLpsMm: steep, valueHu: evenRamp })))).toContain(
      'more than a gantry tilts',
    );
  });

  it('leaves slices as they are whose positions only tremble', async () => {
    const tremble = (k: number): Vec3 => [0.04 * (k % 3), -0.03 * (k % 2), 0.02 * (k % 4)];
    const files = stackFiles({ grid: straight, shiftLpsMm: tremble, valueHu: evenRamp });
    const { geometry } = only(files);
    expect(geometry).toMatchObject({ kind: 'regular', grid: { sizeIjk: [9, 8, 7] } });
    expect('correction' in geometry).toBe(false);
  });
});

/** Slices at these heights above the first. */
const at =
  (heightsMm: readonly number[], grid = straight) =>
  (k: number): Vec3 =>
    scale(grid.directions[2], heightsMm[k]! - k * grid.spacingMm[2]);

describe('uneven steps', () => {
  const heights = [0, 0.8, 2.4, 3.2, 4.8, 6.4, 8];
  const uneven = (grid: GridLps, tiltDegrees = 0): Files => {
    const [along, tilt] = [at(heights, grid), tiltShift(grid, tiltDegrees)];
    const shiftLpsMm = (k: number): Vec3 => {
      const [a, b] = [along(k), tilt(heights[k]! / grid.spacingMm[2])];
      return [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
    };
    return stackFiles({ grid, shiftLpsMm, valueHu: evenRamp });
  };

  it('are refused until somebody asks for planes between them', async () => {
    const files = uneven(straight);
    const series = only(files);
    expect(reasonOf(series)).toContain('unevenly spaced (steps from 0.80 to 1.60 mm)');
    await expect(load(files, series)).rejects.toThrow('unevenly spaced');
    const resampled = resampleUneven(series);
    expect(said(resampled).join(' ')).toContain('were resampled on request');
    const volume = await load(files, resampled);
    expect(volume.grid.sizeIjk).toEqual([9, 8, 11]);
    expect(volume.grid.spacingMm[2]).toBeCloseTo(0.8, 6);
    expect(comparedTo(volume, evenRamp)).toEqual({ worstHu: expect.closeTo(0.5, 0), shown: 9 * 8 * 11 });
  });

  it('of a tilted gantry are resampled after the shear', async () => {
    const files = uneven(oblique, -20);
    const resampled = resampleUneven(only(files));
    expect(correctionOf(resampled)).toMatchObject({ isResampled: true, tiltDegrees: expect.closeTo(20, 1) });
    const volume = await load(files, resampled);
    expect(volume.grid.sizeIjk[2]).toBe(11);
    expect(comparedTo(volume, evenRamp).worstHu).toBeLessThan(4.5);
  });

  it('of a missing slice are named: what lies there was not seen', () => {
    const missing = new Map(stackFiles({ grid: straight, shiftLpsMm: () => [0, 0, 0], valueHu: evenRamp }));
    missing.delete('slice-0004');
    const series = only(missing);
    expect(reasonOf(series)).toContain('One slice is missing: between 102.5 and 105.0 mm');
    expect(said(resampleUneven(series))).toContain(
      'No slice was there between 102.5 and 105.0 mm along the stack: what is shown and measured there is interpolated.',
    );
  });

  it('that change for good, as below and above the base of the skull, are no gaps', () => {
    const shiftLpsMm = at([0, 2, 4, 6, 10, 14, 18]);
    const series = resampleUneven(only(stackFiles({ grid: straight, shiftLpsMm, valueHu: evenRamp })));
    expect(said(series)).toEqual([expect.stringContaining('steps from 2.00 to 4.00 mm')]);
  });

  it('of slices at nearly one place are not resampled either', () => {
    const shiftLpsMm = at([0, 0.02, 2, 4, 6, 8, 10]);
    const series = only(stackFiles({ grid: straight, shiftLpsMm, valueHu: evenRamp }));
    expect(reasonOf(series)).toContain('too unevenly');
    expect(resampleUneven(series)).toBe(series);
  });

  it('do not mix values with what lies outside of the scan', () => {
    const { geometry } = resampleUneven(only(uneven(straight)));
    if (geometry.kind !== 'regular') throw new Error('refused');
    const data = new Int16Array(voxelCount(geometry.grid));
    const add = placeSlices(geometry, data);
    // In any order, each plane is complete once.
    const planes = [3, 0, 6, 1, 2, 5, 4].map((k) =>
      add(k, new Int16Array(72).fill(k === 2 ? OUTSIDE_HU : 100)),
    );
    expect(planes.reduce((sum, { from, to }) => sum + to - from, 0)).toBe(11);
    expect(new Set(data)).toEqual(new Set([100, OUTSIDE_HU]));
  });
});

describe('labels', () => {
  const image = ({ slices }: StackCorrection, data: Uint8Array<ArrayBuffer>): LabelImage => ({
    grid: straight,
    labels: [{ value: 1, name: '' }],
    frameOfReferenceUid: '1.2',
    isLattice: false,
    isStepStated: false,
    madeOn: NO_IMAGES,
    mask: () => data,
    onPlanesOf: () => null,
    maskOnSlices: (_, wanted) => (wanted === slices ? data : null),
  });
  const pointOf = ({ positionsLpsMm, spacingMm, directions }: SliceStack, [i, j, k]: Vec3): Vec3 => {
    const [x, y, z] = positionsLpsMm[k]!;
    const [a, b] = [scale(directions[0], i * spacingMm[0]), scale(directions[1], j * spacingMm[1])];
    return [x + a[0] + b[0], y + a[1] + b[1], z + a[2] + b[2]];
  };

  it.each([
    ['tilted', only(stackFiles({ grid: oblique, shiftLpsMm: tiltShift(oblique, 19), valueHu: evenRamp }))],
    [
      'uneven',
      resampleUneven(
        only(
          stackFiles({
            grid: straight,
            shiftLpsMm: at([0, 0.8, 2.4, 3.2, 4.9, 6.4, 8.1]),
            valueHu: evenRamp,
          }),
        ),
      ),
    ],
  ])('of the slices go to the lattice and back, voxel for voxel: %s', (_, series) => {
    const correction = correctionOf(series);
    const { grid } = series.geometry as { grid: GridLps };
    const own = Uint8Array.from({ length: 9 * 8 * 7 }, (_, voxel) => ((voxel * voxel) % 7 < 3 ? 1 : 0));
    const onGrid = maskOnScan(image(correction, own), 1, grid, correction);
    const [nI, nJ] = grid.sizeIjk;
    const back = own.map((_, voxel) => {
      const ijk: Vec3 = [voxel % 9, Math.floor(voxel / 9) % 8, Math.floor(voxel / 72)];
      const [i, j, k] = lpsToIjk(grid, pointOf(correction.slices, ijk)).map(Math.round) as [
        number,
        number,
        number,
      ];
      return onGrid[i + nI * (j + nJ * k)]!;
    });
    expect(back).toEqual(own);
  });
});
