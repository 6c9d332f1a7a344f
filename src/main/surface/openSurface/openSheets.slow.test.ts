import { describe, expect, it } from 'vitest';
import { submesh } from '#main/mesh/submesh.ts';
import { faceComponents, findBoundaryLoops, meshTopology } from '#main/mesh/topology.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import { surfaceAreaMm2, vertexLpsMm } from '#shared/mesh/measures.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { type CropFrame, normalizedToLps } from '../cropFrame.ts';
import type { FieldFunction } from '../field/fieldFunction.ts';
import { openSheets } from './openSheets.ts';

/** Little larger than the shapes, in cells of the usual size. */
const FRAME = { centreLpsMm: [10, -20, 30], edgeMm: 36 } as const;
const RESOLUTION = 64;
const WHOLE_CUBE = { ...FRAME, edgeMm: 70 } as const;

/** A field of distances from a function of the place relative to the cube's centre, mm, with a network's flaws. */
function unsignedField(
  distanceMm: (x: number, y: number, z: number) => number,
  floorMm = 0,
  noiseMm = 0,
  { edgeMm }: CropFrame = FRAME,
): FieldFunction {
  const half = edgeMm / 2;
  return async (points) => {
    const values = Float32Array.from({ length: points.length / 3 }, (_, index) => {
      const [x, y, z] = [0, 1, 2].map((axis) => half * points[3 * index + axis]!) as [number, number, number];
      const wave = Math.sin(1.7 * x + 0.3) * Math.sin(1.3 * y) * Math.sin(1.9 * z + 1);
      return Math.hypot(distanceMm(x, y, z), floorMm) + noiseMm * wave;
    });
    return { signedMm: values, unsignedMm: values };
  };
}

/** Upper half of a sphere of 12 mm. */
const halfSphere = (x: number, y: number, z: number): number =>
  z >= 0 ? Math.abs(Math.hypot(x, y, z) - 12) : Math.hypot(Math.hypot(x, y) - 12, z);
/** A tube of radius 7 mm, 24 mm long, both ends open. */
const tube = (x: number, y: number, z: number): number =>
  Math.hypot(Math.hypot(x, y) - 7, Math.max(0, Math.abs(z) - 12));
/** Two square sheets of 20 mm, 2 mm apart. */
const sheet = (x: number, y: number, z: number): number =>
  Math.hypot(Math.max(0, Math.abs(x) - 10), Math.max(0, Math.abs(y) - 10), z);
const twoSheets = (x: number, y: number, z: number): number =>
  Math.min(sheet(x, y, z - 1.1), sheet(x, y, z + 0.9));

const pointsOf = (mesh: TriangleMesh, vertices: Iterable<number>): Vec3[] =>
  Array.from(vertices, (vertex) => {
    const [x, y, z] = vertexLpsMm(mesh, vertex);
    const [cx, cy, cz] = normalizedToLps(FRAME, [0, 0, 0]);
    return [x - cx, y - cy, z - cz];
  });

describe('openSheets', () => {
  it.each([
    ['exact', 0, 0],
    ['with a floor of 0.3 mm and ripples', 0.3, 0.08],
  ])('finds a half sphere, %s: one sheet, its equator the one rim', async (_, floorMm, noiseMm) => {
    const { mesh, touchesBorder } = await openSheets(unsignedField(halfSphere, floorMm, noiseMm), FRAME, {
      resolution: RESOLUTION,
    });
    expect(meshTopology(mesh)).toMatchObject({
      components: 1,
      boundaryLoops: 1,
      genus: 0,
      nonManifoldEdges: 0,
      misorientedEdges: 0,
    });
    expect(touchesBorder).toBe(false);
    const tolerance = 0.02 + 2 * noiseMm;
    const offMm = pointsOf(mesh, new Set(mesh.triangles)).map((point) => halfSphere(...point));
    expect(Math.max(...offMm)).toBeLessThan(0.25 + tolerance);
    const rim = pointsOf(mesh, findBoundaryLoops(mesh)[0]!);
    for (const [x, y, z] of rim) {
      expect(Math.abs(z)).toBeLessThan(0.3 + noiseMm);
      expect(Math.abs(Math.hypot(x, y) - 12)).toBeLessThan(0.2 + 2 * noiseMm);
    }
    expect(surfaceAreaMm2(mesh) / (2 * Math.PI * 144)).toBeCloseTo(1, 1);
  });

  it('evaluates a thin band alone, also of a field that was clamped in training, and finds the same', async () => {
    const clamped = (x: number, y: number, z: number): number => Math.min(3.5, halfSphere(x, y, z));
    const options = { resolution: 128 };
    const sheets = await openSheets(unsignedField(clamped, 0.2, 0, WHOLE_CUBE), WHOLE_CUBE, options);
    const unclamped = await openSheets(unsignedField(halfSphere, 0.2, 0, WHOLE_CUBE), WHOLE_CUBE, options);
    expect(sheets.mesh).toEqual(unclamped.mesh);
    const lattice = sheets.evaluatedPoints.perLevel.reduce((sum, count) => sum + count, 0);
    expect(lattice).toBeLessThan(0.12 * 129 ** 3);
  });

  it('keeps both ends of a tube open', async () => {
    const { mesh } = await openSheets(unsignedField(tube, 0.2), FRAME, { resolution: RESOLUTION });
    expect(meshTopology(mesh)).toMatchObject({
      components: 1,
      boundaryLoops: 2,
      genus: 0,
      nonManifoldEdges: 0,
      misorientedEdges: 0,
    });
    for (const loop of findBoundaryLoops(mesh)) {
      for (const [, , z] of pointsOf(mesh, loop)) expect(Math.abs(Math.abs(z) - 12)).toBeLessThan(0.5);
    }
  });

  it('keeps two sheets 2 mm apart from each other, each with its own rim', async () => {
    const { mesh } = await openSheets(unsignedField(twoSheets, 0.1, 0, WHOLE_CUBE), WHOLE_CUBE, {
      resolution: 128,
    });
    const topology = meshTopology(mesh);
    expect(topology).toMatchObject({
      components: 2,
      boundaryLoops: 2,
      genus: 0,
      nonManifoldEdges: 0,
      misorientedEdges: 0,
    });
    const { componentOfFace } = faceComponents(mesh);
    const heights = [0, 1].map((component) => {
      const one = submesh(mesh, (face) => componentOfFace[face] === component).mesh;
      expect(surfaceAreaMm2(one)).toBeGreaterThan(360);
      expect(surfaceAreaMm2(one)).toBeLessThan(440);
      const z = pointsOf(one, new Set(one.triangles)).map((point) => point[2]);
      expect(Math.max(...z) - Math.min(...z)).toBeLessThan(0.4);
      return z[0]!;
    });
    expect(Math.abs(heights[0]! - heights[1]!)).toBeGreaterThan(1.7);
  });

  it('finds nothing where the field vanishes nowhere', async () => {
    const { mesh } = await openSheets(
      unsignedField(() => 8),
      FRAME,
      { resolution: 64 },
    );
    expect(mesh.triangles).toHaveLength(0);
  });
});
