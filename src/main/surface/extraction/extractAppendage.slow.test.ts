import { describe, expect, it } from 'vitest';
import { meshTopology } from '#main/mesh/topology.ts';
import { dot, type Vec3 } from '#shared/geometry/vec3.ts';
import { createRandom, type Random } from '#shared/random/random.ts';
import { type ExtractedAppendage, extractAppendage } from './extractAppendage.ts';
import {
  type AnalyticAppendage,
  analyticField,
  BENT_APPENDAGE,
  distanceToVertices,
  type FieldFlaws,
  polygonAreaMm2,
  rimOf,
} from './testing/analyticAppendage.ts';

const frame = { centreLpsMm: [3, -5, 10], edgeMm: 70 } as const;

async function extracted(
  shape: AnalyticAppendage,
  flaws: FieldFlaws,
  resolution: number,
): Promise<ExtractedAppendage> {
  const result = await extractAppendage(analyticField(shape, frame, flaws), frame, { resolution });
  if (!result.found) throw new Error('no appendage');
  return result;
}

function expectGoodSplit(result: ExtractedAppendage, shape: AnalyticAppendage, toleranceMm: number): void {
  const { ostium, closed } = result;
  if (!ostium.found) throw new Error('no ostium');
  const disc = {
    boundaryLoops: 1,
    components: 1,
    nonManifoldEdges: 0,
    nonManifoldVertices: 0,
    misorientedEdges: 0,
  };
  expect(meshTopology(ostium.wall)).toMatchObject(disc);
  expect(meshTopology(ostium.cap)).toMatchObject(disc);
  expect(meshTopology(closed)).toMatchObject({ ...disc, boundaryLoops: 0, watertight: true });
  expect(ostium.wall.triangles.length + ostium.cap.triangles.length).toBe(closed.triangles.length);
  expect(result.quality).toMatchObject({
    manifold: true,
    outward: true,
    selfIntersections: 0,
    degenerateFaces: 0,
  });
  const truth = rimOf(shape);
  const distances = ostium.rimLpsMm.map((point) => distanceToVertices(point, truth));
  expect(distances.reduce((sum, d) => sum + d, 0) / distances.length).toBeLessThan(toleranceMm);
  const back = truth.map((point) => distanceToVertices(point, ostium.rimLpsMm));
  expect(back.reduce((sum, d) => sum + d, 0) / back.length).toBeLessThan(toleranceMm);
  expect(Math.abs(ostium.measures.areaMm2 / polygonAreaMm2(truth) - 1)).toBeLessThan(0.05);
  expect(dot(ostium.planeNormal, shape.normal)).toBeGreaterThan(Math.cos((6 * Math.PI) / 180));
}

describe('extractAppendage', () => {
  it('finds wall, cap, rim and measures of exact fields at full resolution', async () => {
    const result = await extracted(BENT_APPENDAGE, {}, 256);
    expectGoodSplit(result, BENT_APPENDAGE, 0.25);
    expect(result.quality).toMatchObject({
      watertight: true,
      manifold: true,
      outward: true,
      components: 1,
      genus: 0,
      selfIntersections: 0,
      degenerateFaces: 0,
    });
    expect(result.quality.angle1PercentDegrees).toBeGreaterThan(25);
    expect(result.truncated).toBe(false);
    expect(result.droppedPieces).toHaveLength(0);
    expect(result.residualMm.mean).toBeLessThan(0.01);
    expect(result.evaluatedPoints.total).toBeLessThan(0.03 * 257 ** 3);
  });

  it('leaves no face piercing another where the rim moves by several triangles', async () => {
    const flaws = { roundingMm: 0.5, noiseMm: 0.5, wavelengthMm: 3 };
    expectGoodSplit(await extracted(BENT_APPENDAGE, flaws, 256), BENT_APPENDAGE, 0.5);
  });

  it('stays within half a millimetre with network-like flaws', async () => {
    const flaws: FieldFlaws[] = [
      { roundingMm: 0.4 },
      { roundingMm: 0.4, noiseMm: 0.3, wavelengthMm: 6 },
      { roundingMm: 0.6, noiseMm: 0.4, wavelengthMm: 3 },
      {
        roundingMm: 0.4,
        islands: [{ centre: [25, -20, 30], radius: 3 }],
        bumps: [
          { centre: [-4, 0, -5], widthMm: 2, heightMm: -3 },
          { centre: [5, 4, 8], widthMm: 2, heightMm: 3 },
        ],
      },
    ];
    for (const flaw of flaws) {
      const result = await extracted(BENT_APPENDAGE, flaw, 128);
      expectGoodSplit(result, BENT_APPENDAGE, 0.5);
      const islandMl = flaw.islands ? ((4 / 3) * Math.PI * 27) / 1000 : 0;
      expect(result.droppedPieces[0]?.volumeMl ?? 0).toBeCloseTo(islandMl, 1);
    }
  });

  it('has one loop and the right rim for many shapes', async () => {
    const random = createRandom(11);
    for (let trial = 0; trial < 7; trial++) {
      const shape = randomAppendage(random);
      const result = await extracted(
        shape,
        { roundingMm: 0.3, noiseMm: random.uniform(0, 0.3), wavelengthMm: 5 },
        64,
      );
      expectGoodSplit(result, shape, 0.5);
    }
  });

  it('cuts a thin bridge between two lobes, and takes the cut for wall', async () => {
    const bridge = { radiusA: 1.4, radiusB: 1.4 };
    const top: Vec3 = [10, 17, 4];
    const bridged: AnalyticAppendage = {
      ...BENT_APPENDAGE,
      pieces: [
        ...BENT_APPENDAGE.pieces,
        { a: [14, 10, -6], b: top, ...bridge },
        { a: top, b: [2, 10, 12], ...bridge },
      ],
    };
    const result = await extracted(bridged, {}, 64);
    expectGoodSplit(result, BENT_APPENDAGE, 0.5);
    expect(result.removedHandles).toBe(1);
    expect(result.quality.genus).toBe(0);
    // The bridge itself, 31 mm long, stays: 0.19 mL.
    const without = await extracted(BENT_APPENDAGE, {}, 64);
    expect(without.removedHandles).toBe(0);
    expect(result.volumeMl - without.volumeMl).toBeGreaterThan(0.1);
    expect(result.volumeMl - without.volumeMl).toBeLessThan(0.2);
  });

  it('measures a straight capsule: depth, volume, diameters', async () => {
    const axis: Vec3 = [0.6, 0, 0.8];
    const capsule: AnalyticAppendage = {
      pieces: [{ a: [-12, -5, -6], b: [12, -5, 26], radiusA: 8, radiusB: 8 }],
      ostiumPoint: [0, -5, 10],
      normal: axis,
      blendMm: 0,
    };
    const result = await extracted(capsule, {}, 256);
    if (!result.ostium.found) throw new Error('no ostium');
    const { measures, centreLine } = result.ostium;
    expect(measures.areaDerivedDiameterMm).toBeCloseTo(16, 0);
    expect(Math.abs(measures.maxDiameter.lengthMm - 16)).toBeLessThan(0.4);
    expect(Math.abs(measures.minDiameter.lengthMm - 16)).toBeLessThan(0.4);
    // Half the axis, 20 mm, and the ball's radius.
    expect(Math.abs(centreLine!.depthMm - 28)).toBeLessThan(0.7);
    expect(centreLine!.depthToFirstBendMm).toBeUndefined();
    const volumeMm3 = Math.PI * 64 * 20 + (2 / 3) * Math.PI * 512;
    expect(Math.abs((1000 * result.volumeMl) / volumeMm3 - 1)).toBeLessThan(0.005);
  });

  it('reports an appendage that the cube cuts', async () => {
    const shape: AnalyticAppendage = {
      pieces: [{ a: [3, -5, 10], b: [50, -5, 10], radiusA: 8, radiusB: 8 }],
      ostiumPoint: [8, -5, 10],
      normal: [1, 0, 0],
      blendMm: 0,
    };
    const result = await extracted(shape, {}, 64);
    expect(result.truncated).toBe(true);
    expect(result.quality).toMatchObject({ watertight: true, manifold: true });
  });

  it('answers no-ostium for a closed wall, and no-appendage for an empty cube', async () => {
    const closedWall = analyticField(BENT_APPENDAGE, frame);
    const result = await extractAppendage(
      async (points) => {
        const { signedMm } = await closedWall(points);
        return { signedMm, unsignedMm: signedMm.map(Math.abs) };
      },
      frame,
      { resolution: 64 },
    );
    expect(result.found && result.ostium).toEqual({ found: false, reason: 'no-ostium' });
    const empty = await extractAppendage(
      async (points) => ({
        signedMm: new Float32Array(points.length / 3).fill(4),
        unsignedMm: new Float32Array(points.length / 3).fill(5),
      }),
      frame,
      { resolution: 64 },
    );
    expect(empty).toMatchObject({ found: false, reason: 'no-appendage' });
  });
});

/** A trunk through the ostium plane, tilted against it by up to 25°, with a bend and up to two lobes. */
function randomAppendage(random: Random): AnalyticAppendage {
  const ostium: Vec3 = [random.uniform(-8, -2), random.uniform(-8, 0), random.uniform(2, 10)];
  const along = random.direction();
  const tilt = random.direction();
  const unit = (v: Vec3): Vec3 => {
    const norm = Math.hypot(...v);
    return [v[0] / norm, v[1] / norm, v[2] / norm];
  };
  const normal = unit([along[0] + 0.4 * tilt[0], along[1] + 0.4 * tilt[1], along[2] + 0.4 * tilt[2]]);
  const at = (from: Vec3, direction: Vec3, mm: number): Vec3 => [
    from[0] + mm * direction[0],
    from[1] + mm * direction[1],
    from[2] + mm * direction[2],
  ];
  const radius = random.uniform(7, 12);
  const bend = unit([along[0] + 0.8 * tilt[1], along[1] + 0.8 * tilt[2], along[2] + 0.8 * tilt[0]]);
  const middle = at(ostium, along, random.uniform(9, 14));
  const pieces = [
    { a: at(ostium, along, -16), b: middle, radiusA: radius * 1.1, radiusB: radius * 0.85 },
    { a: middle, b: at(middle, bend, random.uniform(4, 9)), radiusA: radius * 0.85, radiusB: radius * 0.5 },
  ];
  for (let lobe = random.integer(0, 2); lobe > 0; lobe--) {
    const side = random.direction();
    if (dot(side, normal) < 0.2) continue;
    pieces.push({ a: middle, b: at(middle, side, 9), radiusA: 4, radiusB: 2.5 });
  }
  return { pieces, ostiumPoint: ostium, normal, blendMm: 2 };
}
