import { describe, expect, it } from 'vitest';
import { meshTopology } from '#main/mesh/topology.ts';
import { signedVolumeMm3 } from '#shared/mesh/measures.ts';
import type { FieldFunction } from '../field/fieldFunction.ts';
import { extractOpenAppendage } from './extractOpenAppendage.ts';

const FRAME = { centreLpsMm: [0, 0, 0], edgeMm: 70 } as const;
const field =
  (distanceMm: (x: number, y: number, z: number) => number): FieldFunction =>
  async (points) => {
    const values = Float32Array.from({ length: points.length / 3 }, (_, index) =>
      Math.hypot(
        distanceMm(35 * points[3 * index]!, 35 * points[3 * index + 1]!, 35 * points[3 * index + 2]!),
        0.2,
      ),
    );
    return { signedMm: values, unsignedMm: values };
  };

/** A bowl of radius 10 mm, open above z = 5: the rim's radius is √75 mm. */
const RIM_RADIUS_MM = Math.sqrt(75);
const bowl = (x: number, y: number, z: number): number => {
  const radius = Math.hypot(x, y, z);
  if (z <= 0.5 * radius) return Math.abs(radius - 10);
  return Math.hypot(Math.hypot(x, y) - RIM_RADIUS_MM, z - 5);
};
/** A speck of a sheet beside it. */
const disc = (x: number, y: number, z: number): number =>
  Math.hypot(Math.max(0, Math.hypot(x - 24, y) - 4), z);

describe('extractOpenAppendage', () => {
  it('takes the rim for the ostium and closes it for the volume', async () => {
    const found = await extractOpenAppendage(
      field((x, y, z) => Math.min(bowl(x, y, z), disc(x, y, z))),
      FRAME,
      { resolution: 64 },
    );
    if (!found.found || !found.ostium.found) throw new Error('Nothing was found.');
    expect(meshTopology(found.closed)).toMatchObject({ components: 1, watertight: true, genus: 0 });
    expect(meshTopology(found.ostium.wall)).toMatchObject({ components: 1, boundaryLoops: 1 });
    expect(found.open).toEqual({ openings: 1, isRagged: false });
    expect(found.droppedPieces).toHaveLength(1);
    // A ball less a cap of height 5: π/3·(4·10³ − 5²·(30 − 5)).
    const expectedMm3 = (Math.PI / 3) * (4000 - 25 * 25);
    expect(signedVolumeMm3(found.closed) / expectedMm3).toBeCloseTo(1, 1);
    expect(found.volumeMl).toBeCloseTo(signedVolumeMm3(found.closed) / 1000, 5);
    const { measures, planeNormal } = found.ostium;
    expect(Math.abs(measures.areaDerivedDiameterMm - 2 * RIM_RADIUS_MM)).toBeLessThan(1);
    expect(measures.centreLpsMm[2]).toBeCloseTo(5, 0);
    // Into the appendage: down.
    expect(planeNormal[2]).toBeLessThan(-0.99);
    expect(found.truncated).toBe(false);
  });

  it('says of a rim that runs in and out that it is ragged', async () => {
    // The bowl's edge lies between z = −6 and z = 6, up and down five times.
    const crown = (x: number, y: number, z: number): number => {
      const radius = Math.hypot(x, y, z);
      const edge = 6 * Math.sin(5 * Math.atan2(y, x));
      return Math.hypot(radius - 10, Math.max(0, z - edge) / 1.5);
    };
    const found = await extractOpenAppendage(field(crown), FRAME, { resolution: 64 });
    expect(found).toMatchObject({ found: true, open: { isRagged: true } });
  });

  it('finds no ostium in a surface that is closed, and no appendage where there is no surface', async () => {
    const ball = await extractOpenAppendage(
      field((x, y, z) => Math.abs(Math.hypot(x, y, z) - 10)),
      FRAME,
      { resolution: 64 },
    );
    expect(ball).toMatchObject({ found: true, ostium: { found: false }, open: { openings: 0 } });
    const nothing = await extractOpenAppendage(
      field(() => 9),
      FRAME,
      { resolution: 64 },
    );
    expect(nothing).toMatchObject({ found: false, reason: 'no-appendage' });
  });
});
