import { describe, expect, it } from 'vitest';
import type { LeftAtriumField } from '#shared/anatomy/surroundings.ts';
import type { MeasuredAppendage } from '#shared/contract/services/measured.ts';
import type { OstiumPlane } from '#shared/contract/values.ts';
import { UserError } from '#shared/errors.ts';
import { cubeGridLps, ijkToLps } from '#shared/geometry/gridLps.ts';
import { addScaled, cross, normalize, perpendicular, type Vec3 } from '#shared/geometry/vec3.ts';
import { buildScene } from '../phantom/anatomy/index.ts';
import { evaluateNamed } from '../phantom/evaluateShape.ts';
import { surroundingDistances } from '../phantom/surroundingDistances.ts';
import { compileTape } from '../phantom/tape.ts';
import { trueSurface } from '../phantom/truthSurface.ts';
import { editedBeyond, recutAppendage, recutBeyond } from './index.ts';
import { funnelOf, type OwnEnd } from './intoAtrium.ts';
import { cylinderMesh } from './testing/cylinderMesh.ts';

const SIZE = 40;

/** A field at voxels of 1.5 mm round the origin, as coarse as a network's. */
function fieldOf(distanceMm: (point: Vec3) => number): LeftAtriumField {
  const grid = cubeGridLps([0, 0, 0], 60, SIZE);
  const distancesMm = Float32Array.from({ length: SIZE ** 3 }, (_, n) =>
    distanceMm(ijkToLps(grid, [n % SIZE, Math.floor(n / SIZE) % SIZE, Math.floor(n / SIZE ** 2)])),
  );
  return { grid, distancesMm };
}

const planeAt = (z: number, tilt = 0): OstiumPlane => ({
  pointLpsMm: [0, 0, z],
  normal: [Math.sin(tilt), 0, Math.cos(tilt)],
});

const codes = ({ warnings }: MeasuredAppendage): string[] => warnings.map(({ code }) => code);

const whyRefused = (act: () => unknown): string => {
  try {
    act();
  } catch (thrown) {
    if (thrown instanceof UserError) return thrown.failure.code;
    throw thrown;
  }
  return 'not refused';
};

describe('a cylinder of 6 mm radius whose neck widens by 0.4 mm for each mm towards the atrium', () => {
  const [radiusMm, lengthMm] = [6, 22];
  const own = recutAppendage(cylinderMesh(radiusMm, lengthMm, 44, 64), planeAt(0), false);
  const neckMm = (z: number): number => radiusMm - 0.4 * z;
  const neck = fieldOf(([x, y, z]) => (Math.hypot(x, y) - neckMm(z)) / Math.hypot(1, 0.4));

  it.each([2, 9])('is measured %s mm beyond its own end: the neck there, to 3 %%', (mm) => {
    const made = recutBeyond(own, planeAt(-mm), neck, false);
    expect(made.mesh).toMatchObject({
      watertight: true,
      manifold: true,
      components: 1,
      wallBoundaryLoops: 1,
      selfIntersections: 0,
      genus: 0,
    });
    const { ostium, volumeMl } = made.measurements;
    const atPlane = neckMm(-mm);
    expect(ostium!.areaMm2 / (Math.PI * atPlane ** 2)).toBeCloseTo(1, 1.5);
    expect(ostium!.maxDiameterMm / (2 * atPlane)).toBeCloseTo(1, 1.5);
    // A cone's part is added, the edge of the neck where it begins included.
    const added = (Math.PI * mm * (radiusMm ** 2 + radiusMm * atPlane + atPlane ** 2)) / 3000;
    expect((volumeMl! - own.measurements.volumeMl!) / added).toBeCloseTo(1, 1);
    expect(made.warnings[0]).toMatchObject({
      code: 'meshing.ostium-in-atrium',
      fields: { mm: expect.closeTo(mm, 1), openShare: expect.closeTo(0, 1) },
    });
    // All further than 5 mm from the rim is as it was.
    const places = new Set<string>();
    const p = made.closed.positionsLpsMm;
    for (let at = 0; at < p.length; at += 3) places.add(p.subarray(at, at + 3).join());
    const before = own.closed.positionsLpsMm;
    let [far, kept] = [0, 0];
    for (let at = 0; at < before.length; at += 3) {
      if (before[at + 2]! < 5) continue;
      far++;
      if (places.has(before.subarray(at, at + 3).join())) kept++;
    }
    expect(far).toBeGreaterThan(100);
    // Slivers aside, which every cut collapses wherever they are.
    expect(kept / far).toBeGreaterThan(0.998);
  });

  it('is cut obliquely, on one side within its own wall', () => {
    const tilt = Math.PI / 9;
    const made = recutBeyond(own, planeAt(-1, tilt), neck, false);
    expect(codes(made)[0]).toBe('meshing.ostium-in-atrium');
    expect(made.mesh).toMatchObject({ watertight: true, wallBoundaryLoops: 1 });
    expect(made.measurements.ostium!.areaMm2).toBeGreaterThan(Math.PI * radiusMm ** 2);
    expect(made.measurements.ostium!.areaMm2).toBeLessThan((Math.PI * neckMm(-5) ** 2) / Math.cos(tilt));
  });

  it('is cut as without an atrium within its own wall, and where none is known', () => {
    expect(recutBeyond(own, planeAt(6), neck, false)).toEqual(recutAppendage(own.closed, planeAt(6), false));
    expect(codes(recutBeyond(own, planeAt(-5), null, false))).toContain('meshing.own-end-taken');
  });

  it('is refused too far in the atrium, and where the atrium opens on all sides', () => {
    expect(whyRefused(() => recutBeyond(own, planeAt(-10.5), neck, false))).toBe(
      'meshing.too-far-into-atrium',
    );
    const wide = fieldOf(([, , z]) => z);
    expect(whyRefused(() => recutBeyond(own, planeAt(-4), wide, false))).toBe('meshing.opens-into-atrium');
  });

  it('has the edits of its labels as well', () => {
    const grid = cubeGridLps([0, 0, 9], 40, 40);
    const data = new Uint8Array(40 ** 3);
    for (let n = 0; n < data.length; n++) {
      const [x, y, z] = ijkToLps(grid, [n % 40, Math.floor(n / 40) % 40, Math.floor(n / 1600)]);
      const isWithin = Math.hypot(x, y) < radiusMm && z > 0 && z < lengthMm;
      if (isWithin || Math.hypot(x - radiusMm, y, z - 14) < 4) data[n] = 1;
    }
    const edited = editedBeyond(own, { grid, data }, planeAt(-4), neck, false);
    expect(codes(edited)).toContain('meshing.ostium-in-atrium');
    expect(edited.measurements.ostium!.areaMm2 / (Math.PI * neckMm(-4) ** 2)).toBeCloseTo(1, 1);
    const unedited = recutBeyond(own, planeAt(-4), neck, false);
    expect(edited.measurements.volumeMl! - unedited.measurements.volumeMl!).toBeGreaterThan(0.08);
  });
});

/** A phantom's true surface takes 3 s of processor time: the only one with the exact section of appendage and atrium. */
describe('the appendage of phantom 143', () => {
  const STEP_MM = 0.5;
  const HALF = Math.round(26 / STEP_MM);
  const SIDE = 2 * HALF + 1;

  /** The area round a plane's point where a function is below 0, mm². */
  function areaMm2(
    { pointLpsMm, normal }: OstiumPlane,
    values: (points: Float32Array) => Float32Array,
  ): number {
    const u = perpendicular(normalize(normal));
    const v = cross(normalize(normal), u);
    const points = new Float32Array(3 * SIDE * SIDE);
    for (let n = 0; n < SIDE * SIDE; n++) {
      const [x, y] = [(n % SIDE) - HALF, Math.floor(n / SIDE) - HALF];
      points.set(addScaled(addScaled(pointLpsMm, u, x * STEP_MM), v, y * STEP_MM), 3 * n);
    }
    const found = values(points);
    const seen = new Uint8Array(SIDE * SIDE);
    const pending = [HALF + SIDE * HALF];
    let cells = 0;
    for (let n = pending.pop(); n !== undefined; n = pending.pop()) {
      if (seen[n] === 1 || !(found[n]! <= 0)) continue;
      seen[n] = 1;
      cells++;
      pending.push(n - 1, n + 1, n - SIDE, n + SIDE);
    }
    return cells * STEP_MM ** 2;
  }

  it('is measured beyond its ostium: appendage and atrium within the funnel, to 2 %', async () => {
    const scene = buildScene(143, { detail: 'crop', surroundings: true });
    const tape = compileTape(scene);
    const { closed, ostium } = await trueSurface(scene, { resolution: 64 });
    const { planePointLpsMm: point, planeNormal: normal } = ostium;
    const { wall, ostiumPlane, ...own } = recutAppendage(closed, { pointLpsMm: point, normal }, false);
    const end: OwnEnd = { ...own, wall: wall!, ostiumPlane: ostiumPlane! };
    const grid = cubeGridLps(point, 60, SIZE);
    const atrium = { grid, distancesMm: surroundingDistances(scene, grid, ['leftAtrium']) };
    const outsideFunnelMm = funnelOf(end);
    const mm = 4;
    const plane = { pointLpsMm: addScaled(point, normal, -mm), normal };
    const made = recutBeyond(end, plane, atrium, false);
    const trueMm2 = areaMm2(plane, (points) => {
      const appendage = evaluateNamed(tape, scene.appendage.bodyShape, points);
      const blood = evaluateNamed(tape, 'leftAtrialBlood', points);
      return appendage.map((value, n) =>
        Math.max(
          Math.min(value, blood[n]!),
          outsideFunnelMm([points[3 * n]!, points[3 * n + 1]!, points[3 * n + 2]!]),
        ),
      );
    });
    expect(trueMm2).toBeGreaterThan(own.measurements.ostium!.areaMm2);
    expect(Math.abs(made.measurements.ostium!.areaMm2 / trueMm2 - 1)).toBeLessThan(0.02);
    expect(made.mesh).toMatchObject({
      watertight: true,
      wallBoundaryLoops: 1,
      selfIntersections: 0,
      genus: 0,
    });
  });
});
