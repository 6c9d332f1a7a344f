import { beforeAll, describe, expect, it } from 'vitest';
import { cutAlongZero } from '#main/mesh/cutMesh.ts';
import { meshQuality } from '#main/mesh/quality.ts';
import { concatenateMeshes, submesh } from '#main/mesh/submesh.ts';
import { findBoundaryLoops } from '#main/mesh/topology.ts';
import { fitPlane } from '#shared/anatomy/plane.ts';
import { UserError } from '#shared/errors.ts';
import { dot } from '#shared/geometry/vec3.ts';
import { signedVolumeMm3, smallestAnglesDegrees } from '#shared/mesh/measures.ts';
import { icosphere, torus } from '#shared/mesh/testing/primitives.ts';
import { type TriangleMesh, vertexCount } from '#shared/mesh/triangleMesh.ts';
import { PATCH, type SimulationMesh, simulationMesh } from './index.ts';

const RADIUS_MM = 7;
/** Height of the opening's plane over the ball's middle. */
const PLANE_MM = -4;

/** A ball that is open below a plane, its rim as a cut through triangles leaves it. */
function openBall(): TriangleMesh {
  const ball = icosphere([100, -40, 20], RADIUS_MM, 3);
  const heights = Float64Array.from(
    { length: vertexCount(ball) },
    (_, vertex) => ball.positionsLpsMm[3 * vertex + 2]! - 20 - PLANE_MM,
  );
  const { mesh, positive } = cutAlongZero(ball, heights);
  return submesh(mesh, (face) => positive[face] === 1).mesh;
}

const patchOf = ({ mesh, patchOfFace }: SimulationMesh, id: number): TriangleMesh =>
  submesh(mesh, (face) => patchOfFace[face] === id).mesh;

/** The places of a patch's border, as text, sorted. */
const rimPlaces = (mesh: TriangleMesh): string[][] =>
  findBoundaryLoops(mesh).map((loop) =>
    Array.from(loop, (vertex) => mesh.positionsLpsMm.slice(3 * vertex, 3 * vertex + 3).join(',')).sort(),
  );

async function refusal(work: Promise<unknown>): Promise<unknown> {
  const thrown = await work.catch((reason: unknown) => reason);
  if (!(thrown instanceof UserError)) throw new Error('It was not refused.');
  return thrown.failure;
}

describe('a lumen with an ostium', () => {
  let made: SimulationMesh;
  beforeAll(async () => {
    made = await simulationMesh({ surface: openBall() }, { edgeMm: 1.5, inletMm: 0 });
  });

  it('becomes one closed oriented surface of nearly equilateral triangles', () => {
    const quality = meshQuality(made.mesh);
    expect(quality).toMatchObject({
      watertight: true,
      manifold: true,
      outward: true,
      selfIntersections: 0,
      genus: 0,
    });
    expect(Math.min(...smallestAnglesDegrees(made.mesh))).toBeGreaterThan(30);
    expect(quality.meanEdgeMm).toBeCloseTo(1.5, 1);
    const { edgesMm, minAngleDegrees } = made.report;
    expect(minAngleDegrees).toBeCloseTo(quality.minAngleDegrees, 5);
    expect(edgesMm.mean).toBeCloseTo(quality.meanEdgeMm, 5);
    expect(edgesMm.min).toBeGreaterThan(0.75);
    expect(edgesMm.max).toBeLessThan(2.5);
  });

  it('has wall and ostium as patches that share the vertices of one rim', () => {
    expect(made.report.patches.map(({ id, name }) => [id, name])).toEqual([
      [1, 'wall'],
      [2, 'ostium'],
    ]);
    const [wall, ostium] = [rimPlaces(patchOf(made, PATCH.wall)), rimPlaces(patchOf(made, PATCH.ostium))];
    expect(wall).toHaveLength(1);
    expect(wall).toEqual(ostium);
    expect(made.report.patches[1]!.areaMm2).toBeCloseTo(Math.PI * (RADIUS_MM ** 2 - PLANE_MM ** 2), -1);
  });

  it('keeps the volume, and says how far it is from the original', () => {
    const h = RADIUS_MM - PLANE_MM;
    // A ball's cap of height h.
    const truth = (Math.PI * h * h * (3 * RADIUS_MM - h)) / 3;
    expect(signedVolumeMm3(made.mesh) / truth).toBeCloseTo(1, 2);
    expect(Math.abs(made.report.volumeChangePercent)).toBeLessThan(0.05);
    const { toOriginal, fromOriginal } = made.report.deviation;
    // A chord of 1.5 mm is 0.04 mm inside of a circle of 7 mm.
    expect(toOriginal.maxMm).toBeGreaterThan(0.005);
    expect(toOriginal.maxMm).toBeLessThan(0.3);
    expect(fromOriginal.meanMm).toBeLessThan(0.05);
  });

  it('gets an inlet: a straight tube of the outline, flat and square at its end', async () => {
    const extended = await simulationMesh({ surface: openBall() }, { edgeMm: 1.5, inletMm: 8 });
    expect(extended.report.patches.map(({ name }) => name)).toEqual(['wall', 'inlet', 'extension']);
    expect(meshQuality(extended.mesh)).toMatchObject({
      watertight: true,
      manifold: true,
      selfIntersections: 0,
    });
    expect(extended.report.minAngleDegrees).toBeGreaterThan(30);
    const { positionsLpsMm } = patchOf(extended, PATCH.inlet);
    const { pointLpsMm, normal } = fitPlane(positionsLpsMm);
    const middle = dot(pointLpsMm, normal);
    for (let at = 0; at < positionsLpsMm.length; at += 3) {
      expect(
        dot([positionsLpsMm[at]!, positionsLpsMm[at + 1]!, positionsLpsMm[at + 2]!], normal),
      ).toBeCloseTo(middle, 3);
    }
    expect(Math.abs(normal[2])).toBeGreaterThan(0.999);
    expect(pointLpsMm[2]).toBeCloseTo(20 + PLANE_MM - 8, 0);
    const radius = Math.sqrt(RADIUS_MM ** 2 - PLANE_MM ** 2);
    const areas = new Map(extended.report.patches.map(({ name, areaMm2 }) => [name, areaMm2]));
    expect(areas.get('extension')! / (2 * Math.PI * radius * 8)).toBeCloseTo(1, 1);
    expect(areas.get('inlet')! / (Math.PI * radius ** 2)).toBeCloseTo(1, 1);
    const [wall, tube] = [patchOf(extended, PATCH.wall), patchOf(extended, PATCH.extension)].map(rimPlaces);
    expect(tube).toHaveLength(2);
    expect(tube).toContainEqual(wall![0]);
  });
});

describe('a closed surface', () => {
  it('has a wall alone, the same bit for bit each time', async () => {
    const make = () => simulationMesh({ surface: icosphere([0, 0, 0], 5, 2) }, { edgeMm: 1.5, inletMm: 0 });
    const [{ mesh, report }, again] = [await make(), await make()];
    expect(again.mesh).toEqual(mesh);
    expect(report.patches.map(({ name }) => name)).toEqual(['wall']);
    expect(Math.abs(report.volumeChangePercent)).toBeLessThan(0.5);
  });
});

describe('what cannot be remeshed', () => {
  const options = { edgeMm: 1, inletMm: 0 };
  const ball = icosphere([0, 0, 0], 5, 2);
  it.each([
    [
      'a handle',
      torus([0, 0, 0], 6, 2, 30, 12),
      options,
      { code: 'remeshing.handles', fields: { handles: 1 } },
    ],
    [
      'two pieces',
      concatenateMeshes([ball, icosphere([20, 0, 0], 5, 2)]),
      options,
      { code: 'remeshing.pieces', fields: { pieces: 2 } },
    ],
    [
      'two openings',
      submesh(ball, (face) => face !== 0 && face !== 40).mesh,
      options,
      { code: 'remeshing.openings', fields: { openings: 2 } },
    ],
    [
      'a face turned over',
      {
        ...ball,
        triangles: Uint32Array.from([...ball.triangles.slice(0, 3).reverse(), ...ball.triangles.slice(3)]),
      },
      options,
      { code: 'remeshing.not-a-surface', fields: {} },
    ],
    ['a spike through its other side', spiked(ball), options, { code: 'remeshing.crosses-itself' }],
    [
      'less than its edges',
      ball,
      { edgeMm: 3, inletMm: 0 },
      { code: 'remeshing.too-small', fields: { edgeMm: 3 } },
    ],
    ['no ostium, but an inlet', ball, { edgeMm: 1, inletMm: 5 }, { code: 'remeshing.inlet-without-ostium' }],
    [
      'an inlet shorter than its edges',
      openBall(),
      { edgeMm: 1, inletMm: 1 },
      { code: 'remeshing.inlet-too-short' },
    ],
  ])('is refused: %s', async (_, surface, wanted, expected) => {
    expect(await refusal(simulationMesh({ surface }, wanted))).toMatchObject(expected);
  });

  it('is cancelled where that is asked for', async () => {
    const controller = new AbortController();
    controller.abort();
    await expect(simulationMesh({ surface: ball }, options, { signal: controller.signal })).rejects.toThrow(
      /cancel/i,
    );
  });
});

/** A vertex drawn through the middle and out on the other side. */
function spiked(ball: TriangleMesh): TriangleMesh {
  const positionsLpsMm = ball.positionsLpsMm.slice();
  for (let axis = 0; axis < 3; axis++) positionsLpsMm[axis]! *= -1.5;
  return { positionsLpsMm, triangles: ball.triangles };
}
