import { expect, it } from 'vitest';
import { distancesOf, SURROUNDINGS_CENTRE_MM, valueAt } from '#shared/anatomy/surroundings.ts';
import { cubeGridLps, gridCentreLps } from '#shared/geometry/gridLps.ts';
import { add, type Vec3 } from '#shared/geometry/vec3.ts';
import type { SurroundingsNetworkSpec } from '#shared/nudf/network/networkSpec.ts';
import type { VolumeHu } from '#shared/volume/volume.ts';
import { findSurroundings } from './findSurroundings.ts';

const spec: SurroundingsNetworkSpec = {
  kind: 'surroundings-unet',
  resolution: 16,
  clipHu: 1000,
  channels: [8],
  normGroups: 8,
  edgeMm: 96,
  reachMm: 14,
  structures: ['leftAtrium', 'circumflex'],
};

it('reads the cube beside the appendage, structure by structure, and nothing outside of the scan', async () => {
  const appendage: Vec3 = [30, -20, 110];
  const cubeCentre = add(appendage, SURROUNDINGS_CENTRE_MM);
  // A scan that ends 20 mm above the cube's middle, brighter to the left.
  const grid = cubeGridLps([cubeCentre[0], cubeCentre[1], cubeCentre[2] - 40], 120, 30);
  const data = Int16Array.from({ length: 30 ** 3 }, (_, n) => 20 * (n % 30));
  const volume: VolumeHu = { grid, data };
  let seen = new Float32Array();
  const engine = {
    distances: async (cubeHu: Float32Array) => {
      seen = new Float32Array(cubeHu);
      return Float32Array.from({ length: 2 * 16 ** 3 }, (_, n) => (n < 16 ** 3 ? cubeHu[n]! / 100 : 7));
    },
    free: async () => undefined,
  };
  const field = await findSurroundings(volume, { engine, spec }, appendage);
  const middle = gridCentreLps(field.grid);
  for (const axis of [0, 1, 2] as const) expect(middle[axis]).toBeCloseTo(cubeCentre[axis], 9);
  const atrium = distancesOf(field, 'leftAtrium')!;
  // Both the scan and the cube have their middle there along L: halfway of 0 to 580 HU.
  expect(valueAt(atrium, field.grid, cubeCentre)).toBeCloseTo(2.9, 1);
  expect(valueAt(atrium, field.grid, add(cubeCentre, [12, 0, 0]))).toBeCloseTo(2.9 + 0.6, 1);
  expect(valueAt(distancesOf(field, 'circumflex')!, field.grid, cubeCentre)).toBe(7);
  expect(valueAt(atrium, field.grid, add(cubeCentre, [0, 0, 24]))).toBeNaN();
  expect(seen.at(-1)).toBe(-1024);
});
