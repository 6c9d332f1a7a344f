import { expect, it } from 'vitest';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import type { Volume } from '#shared/volume/volume.ts';
import { imageSlices } from './cubeImage.ts';

const centreLpsMm: Vec3 = [3, -7, 11];
/** HU that rise evenly along all axes: linear interpolation is exact. */
const rampHu = ([x, y, z]: Vec3): number => 0.5 * x - 0.25 * y + 0.125 * z;

/** 9³ voxels of 10 mm round the cube: it lies inside by 5 mm. */
function rampScan(): Volume<Float32Array> {
  const originLpsMm: Vec3 = [centreLpsMm[0] - 40, centreLpsMm[1] - 40, centreLpsMm[2] - 40];
  const data = new Float32Array(9 ** 3);
  for (let n = 0; n < data.length; n++) {
    const [i, j, k] = [n % 9, Math.floor(n / 9) % 9, Math.floor(n / 81)];
    data[n] = rampHu([originLpsMm[0] + 10 * i, originLpsMm[1] + 10 * j, originLpsMm[2] + 10 * k]);
  }
  return {
    grid: {
      sizeIjk: [9, 9, 9],
      spacingMm: [10, 10, 10],
      originLpsMm,
      directions: [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ],
    },
    data,
  };
}

// Whole images of 64 and 256, slab by slab, are in prepareCase.slow.test.ts; a whole one of 512 takes 5 s.
it.each([128, 512])('puts voxel v of %i at (2v + 1)/n − 1, in the first slices and the last', (n) => {
  const scan = rampScan();
  const at = (voxel: number, axis: number) => centreLpsMm[axis]! + 35 * ((2 * voxel + 1) / n - 1);
  for (const first of [0, n - 2]) {
    const valuesHu = imageSlices(scan, { centreLpsMm, edgeMm: 70 }, n, { first, count: 2 }, 'float32');
    expect(valuesHu).toHaveLength(2 * n ** 2);
    let worst = 0;
    for (let voxel = 0; voxel < valuesHu.length; voxel += 13) {
      const [x, y, z] = [voxel % n, Math.floor(voxel / n) % n, first + Math.floor(voxel / n ** 2)];
      worst = Math.max(worst, Math.abs(valuesHu[voxel]! - rampHu([at(x, 0), at(y, 1), at(z, 2)])));
    }
    expect(worst).toBeLessThan(1e-5);
  }
});
