import type { HeadedFamilySpec } from '#shared/nudf/engine/distanceSpec.ts';
import { familySpec } from '#shared/nudf/family/familySpec.ts';
import {
  FIELD_128,
  type FieldNetworkSpec,
  type NetworkSpec,
  type RegionNetworkSpec,
} from '#shared/nudf/network/networkSpec.ts';
import type { WeightMap } from '#shared/nudf/network/weightLayout.ts';
import { initializeWeights } from '#shared/nudf/network/weightLayout.ts';
import { createRandom } from '#shared/random/random.ts';

/** What the agreement tests of the engines share: small networks, weights with nothing left at its neutral value, points. */
export const SMALL_FIELD: FieldNetworkSpec = {
  kind: 'nudf-dual',
  resolution: 16,
  edgeMm: 70,
  clipHu: 1000,
  levels: [
    { pool: 1, channels: [8] },
    { pool: 2, channels: [8, 12] },
    { pool: 4, channels: [6] },
  ],
  normGroups: 2,
  offsetMm: 2.5,
  hidden: [16, 12],
  unitMm: 5,
};

/** A small network of the NUDF family with two outputs, whose corners lie one way or the other. */
export const smallFamily = (alignCorners: boolean): HeadedFamilySpec => ({
  ...familySpec('ShapeNet64Vox', { alignCorners, outputs: 2 }),
  resolution: 16,
  levels: [
    { pool: 1, channels: [8] },
    { pool: 2, channels: [8, 12] },
  ],
  hidden: [16, 12],
  heads: ['signed', 'class'],
});

/** The bundled model’s layout at the least resolution that its pools divide: one voxel is left on the last level. */
export const FIELD_LAYOUT: FieldNetworkSpec = { ...FIELD_128, resolution: 16 };

export const SMALL_REGION: RegionNetworkSpec = {
  kind: 'region-unet',
  resolution: 16,
  clipHu: 1000,
  channels: [8, 16, 16],
  normGroups: 4,
};

/** Initial weights with random scales, offsets and biases, and a last layer as large as the others. */
export function randomWeights(spec: NetworkSpec, seed: number): WeightMap {
  const random = createRandom(seed);
  return new Map(
    [...initializeWeights(spec, seed)].map(([name, { shape, data }]) => {
      const isKernel = name.endsWith('.kernel');
      const varied = isKernel ? data : data.map((value) => value + random.normal(0, 0.2));
      return [name, { shape, data: varied }];
    }),
  );
}

/** Blobs and noise between −1300 and 1300 HU, so that both ends of the clamp are met. */
export function randomBlockHu(resolution: number, seed: number): Float32Array {
  const random = createRandom(seed);
  const phase = [0, 1, 2].map(() => random.uniform(0, 6));
  return Float32Array.from({ length: resolution ** 3 }, (_, index) => {
    const [x, y, z] = [
      index % resolution,
      Math.floor(index / resolution) % resolution,
      Math.floor(index / resolution ** 2),
    ];
    const wave =
      Math.sin(x * 0.9 + phase[0]!) + Math.sin(y * 0.7 + phase[1]!) + Math.cos(z * 0.5 + phase[2]!);
    return 400 * wave + random.uniform(-100, 100);
  });
}

/** Points on voxel centres, between them, on the cube's faces, edges and corners, and beyond. */
export function probePoints(resolution: number, seed: number, randomCount = 60): Float32Array {
  const random = createRandom(seed);
  const centre = (voxel: number): number => (2 * voxel + 1) / resolution - 1;
  const points: number[] = [];
  for (const voxel of [0, 1, resolution / 2, resolution - 2, resolution - 1]) {
    points.push(centre(voxel), centre(1), centre(resolution - 1));
    points.push(centre(voxel) + 1 / resolution, centre(0), centre(voxel));
  }
  for (const x of [-1, 0, 1]) for (const y of [-1, 1]) for (const z of [-1, 0.3, 1]) points.push(x, y, z);
  points.push(-1.5, 0, 0, 0, 3, 0, 1.01, -1.01, 40);
  for (let index = 0; index < 3 * randomCount; index++) points.push(random.uniform(-1.1, 1.1));
  return Float32Array.from(points);
}

export function largestDifference(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) throw new Error(`${a.length} values against ${b.length}.`);
  let largest = 0;
  for (let index = 0; index < a.length; index++) {
    const difference = Math.abs(a[index]! - b[index]!);
    // Not a number is the largest of all differences.
    if (!(difference <= largest)) largest = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
  }
  return largest;
}

export const standardDeviation = (values: Float32Array): number => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
};
