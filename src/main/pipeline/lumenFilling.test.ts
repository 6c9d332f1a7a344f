import { describe, expect, it } from 'vitest';
import { type GridLps, ijkToLps, LPS_AXES, voxelCount } from '#shared/geometry/gridLps.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import { createRandom } from '#shared/random/random.ts';
import { divideByFilling, FILLED, type LumenValues, UNFILLED } from './lumenFilling.ts';

const grid: GridLps = {
  sizeIjk: [22, 22, 36],
  originLpsMm: [-8.4, -8.4, -0.8],
  spacingMm: [0.8, 0.8, 0.8],
  directions: LPS_AXES,
};
const RADIUS_MM = 7;
const LENGTH_MM = 26;

/** A tube of 7 mm radius along z, fat round it, with the given HU within and white noise. */
function tube(hu: (pointLpsMm: Vec3) => number, noiseHu = 0, parts: Partial<LumenValues> = {}): LumenValues {
  const random = createRandom(7);
  const [nI, nJ] = grid.sizeIjk;
  const inside = new Uint8Array(voxelCount(grid));
  const valuesHu = new Float32Array(inside.length);
  inside.forEach((_, voxel) => {
    const at = ijkToLps(grid, [voxel % nI, Math.floor(voxel / nI) % nJ, Math.floor(voxel / (nI * nJ))]);
    const isInside = Math.hypot(at[0], at[1]) < RADIUS_MM && at[2] > 0 && at[2] < LENGTH_MM;
    inside[voxel] = isInside ? 1 : 0;
    // Beside the wall half of what is seen is fat.
    const isMixed = Math.hypot(at[0], at[1]) > RADIUS_MM - 0.8;
    const pure = isInside ? hu(at) : -100;
    valuesHu[voxel] = (isMixed && isInside ? (pure - 100) / 2 : pure) + noiseHu * random.normal(0, 1);
  });
  return { grid, inside, valuesHu, marginMm: 1.5, atriumHu: 350, ...parts };
}

const tipFrom =
  (fromMm: number, tipHu: number, bloodHu = 350) =>
  (at: Vec3) =>
    at[2] > fromMm ? tipHu : bloodHu;

describe('dividing a lumen by its contrast', () => {
  it('finds a dark tip with its volume and values, whatever the noise', () => {
    for (const noiseHu of [0, 60]) {
      const divided = divideByFilling(tube(tipFrom(18, 60), noiseHu))!;
      expect(divided.unfilledShare).toBeCloseTo(8 / 26, 1);
      expect(Math.abs(divided.unfilledShare - 8 / 26)).toBeLessThan(0.03);
      expect(Math.abs(divided.filledHu! - 350)).toBeLessThan(8);
      expect(Math.abs(divided.unfilledHu - 60)).toBeLessThan(30);
      expect(divided.shareUncertainty).toBeLessThan(0.03);
      // The wall's mixed voxels belong to what they are beside of.
      const counts = [FILLED, UNFILLED].map((of) => divided.compartments.filter((one) => one === of).length);
      expect(counts[0]! + counts[1]!).toBe(divided.compartments.filter((one) => one > 0).length);
    }
  });

  it('is one compartment where contrast fills it, noise and swirling included', () => {
    const swirling = (at: Vec3): number => 350 + 50 * Math.sin(at[0] / 3) * Math.cos(at[2] / 4);
    expect(divideByFilling(tube(() => 350, 60))).toBeUndefined();
    expect(divideByFilling(tube(swirling, 60))).toBeUndefined();
    // Weak contrast, in which 60 HU of noise is half of the enhancement.
    expect(divideByFilling(tube(() => 150, 60, { atriumHu: 150 }))).toBeUndefined();
  });

  it('leaves a thin dark streak filled, and finds a thick one', () => {
    const slab = (thickMm: number) => (at: Vec3) => (Math.abs(at[2] - 13) < thickMm / 2 ? 60 : 350);
    expect(divideByFilling(tube(slab(1.5)))).toBeUndefined();
    expect(Math.abs(divideByFilling(tube(slab(5)))!.unfilledShare - 5 / 26)).toBeLessThan(0.03);
  });

  it('calls nothing filled where all of it is dark beside the atrium', () => {
    const divided = divideByFilling(tube(() => 90))!;
    expect(divided).toMatchObject({ unfilledShare: 1, filledHu: undefined });
    expect(divideByFilling(tube(() => 90, 0, { atriumHu: undefined }))).toBeUndefined();
  });

  it('divides nothing without contrast, where noise alone is on both sides of any limit', () => {
    for (const hu of [20, 40, 55])
      expect(divideByFilling(tube(() => hu, 30, { atriumHu: undefined })), `${hu}`).toBeUndefined();
  });

  it('measures nothing where the scan shows nothing, or the lumen is all wall', () => {
    expect(divideByFilling(tube(() => Number.NaN))).toBeUndefined();
    expect(divideByFilling(tube(tipFrom(18, 60), 0, { marginMm: 6.9 }))).toBeUndefined();
  });
});
