import { describe, expect, it } from 'vitest';
import { CancelledError } from '#shared/errors.ts';
import { denseCloud, type UnsignedField } from './denseCloud.ts';

const RADIUS = 0.6;

/** The distance to a bowl: a sphere without what lies below z = −0.3. */
const bowl: UnsignedField = async (points) => {
  const rim = Math.sqrt(RADIUS ** 2 - 0.3 ** 2);
  return Float32Array.from({ length: points.length / 3 }, (_, point) => {
    const [x, y, z] = [points[3 * point]!, points[3 * point + 1]!, points[3 * point + 2]!];
    const length = Math.hypot(x, y, z);
    // The nearest point of the whole sphere lies above the cut, or the rim is nearest.
    if ((z / length) * RADIUS >= -0.3) return Math.abs(length - RADIUS);
    return Math.hypot(Math.hypot(x, y) - rim, z + 0.3);
  });
};

const options = { batchPoints: 2000, points: 5000 };

describe('denseCloud', () => {
  it('lies on the surface, covers it, and does not run past its rim', async () => {
    const cloud = await denseCloud(bowl, options);
    expect(cloud).toHaveLength(3 * 5000);
    const distances = await bowl(cloud);
    expect(distances.every((distance) => distance < 0.01)).toBe(true);
    const heights = cloud.filter((_, index) => index % 3 === 2);
    expect(Math.min(...heights)).toBeGreaterThan(-0.31);
    // Areas of a sphere's zones are as their heights: a fifth of the bowl lies in the lowest fifth of its height.
    const lowest = heights.filter((z) => z < -0.3 + 0.9 / 5).length / heights.length;
    expect(Math.abs(lowest - 0.2)).toBeLessThan(0.06);
  });

  it('is the same for the same seed, and another one for another', async () => {
    expect(await denseCloud(bowl, options)).toEqual(await denseCloud(bowl, options));
    expect(await denseCloud(bowl, { ...options, seed: 2 })).not.toEqual(await denseCloud(bowl, options));
  });

  it('is empty where nothing vanishes, or the field is not a number', async () => {
    expect(
      await denseCloud(async (points) => new Float32Array(points.length / 3).fill(0.3), options),
    ).toHaveLength(0);
    expect(
      await denseCloud(async (points) => new Float32Array(points.length / 3).fill(Number.NaN), options),
    ).toHaveLength(0);
  });

  it('says how far it is, and stops when it is cancelled', async () => {
    const controller = new AbortController();
    const fractions: number[] = [];
    const work = denseCloud(bowl, {
      ...options,
      signal: controller.signal,
      onProgress: ({ fraction }) => {
        fractions.push(fraction);
        controller.abort();
      },
    });
    await expect(work).rejects.toThrow(CancelledError);
    expect(fractions).toHaveLength(1);
    expect(fractions[0]).toBeGreaterThan(0);
  });
});
