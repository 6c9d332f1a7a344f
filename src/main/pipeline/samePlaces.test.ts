import { expect, it } from 'vitest';
import { icosphere } from '#shared/mesh/testing/primitives.ts';
import { samePlaces } from './samePlaces.ts';

it('finds vertices at exactly the same place, the last of several, −0 at 0', () => {
  const within = { positionsLpsMm: Float32Array.of(0, 1, 2, 5, 5, 5, 0, 1, 2), triangles: new Uint32Array() };
  const of = {
    positionsLpsMm: Float32Array.of(-0, 1, 2, 5, 5, 5 + 1e-6, 5, 5, 5),
    triangles: new Uint32Array(),
  };
  expect([...samePlaces(of, within)]).toEqual([2, -1, 1]);
});

it('finds each vertex of a mesh in the mesh itself', () => {
  const sphere = icosphere([1, 2, 3], 10, 4);
  expect([...samePlaces(sphere, sphere)]).toEqual([...Array(sphere.positionsLpsMm.length / 3).keys()]);
});
