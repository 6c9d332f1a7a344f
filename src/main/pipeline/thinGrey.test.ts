import { describe, expect, it } from 'vitest';
import { cubeGridLps, ijkToLps, voxelCount } from '#shared/geometry/gridLps.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import { tubeMesh } from '../meshing/shapes.ts';
import { lpsToNormalized, normalizedToLps } from '../surface/cropFrame.ts';
import type { ExtractedAppendage } from '../surface/extraction/extractAppendage.ts';
import type { FieldFunction } from '../surface/field/fieldFunction.ts';
import { findThinGrey, withoutThinGrey } from './thinGrey.ts';

/** A lumen of 14 mm that ends at 20 mm, and goes on from there as a thinner tip to 29 mm. */
const [RADIUS_MM, END_MM, TIP_END_MM] = [7, 20, 29];
const frame = { centreLpsMm: [0, 0, 14] as Vec3, edgeMm: 70 };

function found(tipHu: number, { tipRadiusMm = 1.4, ostiumMm = 0, endHu = 350 } = {}) {
  const line = [...Array(59).keys()].map((ring): Vec3 => [0, 0, ring / 2]);
  const closed = tubeMesh(
    line,
    line.map((): Vec3 => [0, 0, 1]),
    (share) => (share * TIP_END_MM < END_MM ? RADIUS_MM : tipRadiusMm),
    24,
  );
  const grid = cubeGridLps([0, 0, 14], 40, 40);
  const [nI, nJ] = grid.sizeIjk;
  const data = Int16Array.from({ length: voxelCount(grid) }, (_, voxel) => {
    const at = ijkToLps(grid, [voxel % nI, Math.floor(voxel / nI) % nJ, Math.floor(voxel / (nI * nJ))]);
    if (Math.hypot(at[0], at[1]) > RADIUS_MM + 1) return -100;
    if (at[2] > END_MM) return tipHu;
    return at[2] < END_MM - 8 ? 350 : endHu;
  });
  // Only these of an ostium are read.
  const ostium = {
    found: true,
    planePointLpsMm: [0, 0, ostiumMm],
    planeNormal: [0, 0, 1],
  } as unknown as ExtractedAppendage['ostium'];
  return findThinGrey({ grid, data }, { closed, ostium });
}

describe('thin grey tissue where an appendage ends', () => {
  it('is found, with how dark it is', () => {
    const grey = found(90)!;
    expect(grey.volumeMl).toBeGreaterThan(0.02);
    expect(grey.volumeMl).toBeLessThan(0.06);
    expect(grey.valueHu).toBeCloseTo(90, 0);
    expect(grey.bloodHu).toBeCloseTo(350, 0);
  });

  it('is neither a lobe of blood, nor a thrombus, which is thick, nor beside one or the ostium', () => {
    expect(found(220)).toBeUndefined();
    expect(found(45, { tipRadiusMm: 3 })).toBeUndefined();
    expect(found(90, { endHu: 60 })).toBeUndefined();
    expect(found(90, { ostiumMm: END_MM })).toBeUndefined();
  });

  it('is outside of the field that is drawn anew, whose wall ends where the lumen is thick', async () => {
    const field: FieldFunction = async (points) => {
      const signedMm = Float32Array.from({ length: points.length / 3 }, (_, at) => {
        const [x, y, z] = normalizedToLps(frame, [points[3 * at]!, points[3 * at + 1]!, points[3 * at + 2]!]);
        const tip = Math.max(Math.hypot(x, y) - 1.4, z - TIP_END_MM);
        return Math.min(tip, Math.max(Math.hypot(x, y) - RADIUS_MM, z - END_MM));
      });
      return { signedMm, unsignedMm: signedMm.map(Math.abs) };
    };
    const places: Vec3[] = [
      [0, 0, 26],
      [0, 0, 10],
      [5, 0, 19],
      [0, 12, 26],
    ];
    const points = Float32Array.from(places.flatMap((place) => [...lpsToNormalized(frame, place)]));
    const before = await field(points);
    const after = await withoutThinGrey(field, frame, found(90)!)(points);
    expect(before.signedMm[0]).toBeLessThan(0);
    expect(after.signedMm[0]).toBeGreaterThan(1);
    expect(after.unsignedMm[0]).toBeLessThanOrEqual(before.unsignedMm[0]!);
    expect(after.signedMm.subarray(1)).toEqual(before.signedMm.subarray(1));
    expect(after.unsignedMm.subarray(1)).toEqual(before.unsignedMm.subarray(1));
  });
});
