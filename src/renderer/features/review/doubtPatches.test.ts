import { expect, it } from 'vitest';
import { icosphere } from '#shared/mesh/testing/primitives.ts';
import { faceCount, vertexCount } from '#shared/mesh/triangleMesh.ts';
import { seenApart } from '#shared/planning/testing/seenColours.ts';
import { SURFACE_COLOURS } from '../../viewer/colours.ts';
import { DOUBT_LEVELS, doubtPatches } from './doubtPatches.ts';

const mesh = icosphere([0, 0, 0], 10, 2);
const chancesBy = (chance: (z: number) => number): Float32Array =>
  Float32Array.from({ length: vertexCount(mesh) }, (_, vertex) =>
    chance(mesh.positionsLpsMm[3 * vertex + 2]!),
  );

it('gives each level its faces, a little outside of the surface, and none to what is sure or no wall', () => {
  const [some, much] = doubtPatches(
    mesh,
    chancesBy((z) => (z > 5 ? 0.6 : z > 0 ? 0.15 : z > -5 ? 0.01 : Number.NaN)),
  );
  expect([some!.colour, much!.colour]).toEqual(DOUBT_LEVELS.map(({ colour }) => colour));
  const faces = faceCount(some!.mesh) + faceCount(much!.mesh);
  expect(faces).toBeGreaterThan(0.4 * faceCount(mesh));
  expect(faces).toBeLessThan(0.7 * faceCount(mesh));
  const radius = Math.hypot(...some!.mesh.positionsLpsMm.subarray(0, 3));
  expect(radius).toBeCloseTo(10.25, 1);
  expect(
    doubtPatches(
      mesh,
      chancesBy(() => 0.05),
    ),
  ).toEqual([]);
  expect(
    doubtPatches(
      mesh,
      chancesBy(() => Number.NaN),
    ),
  ).toEqual([]);
});

it('marks places in colours that stand out from the surface without telling red from green', () => {
  const surface = `#${SURFACE_COLOURS.mesh.map((share) => Math.round(255 * share).toString(16)).join('')}`;
  const [some, much] = DOUBT_LEVELS;
  expect(seenApart(some.colour, surface)).toBeGreaterThan(20);
  expect(seenApart(much.colour, surface)).toBeGreaterThan(30);
  expect(seenApart(some.colour, much.colour)).toBeGreaterThan(50);
});
