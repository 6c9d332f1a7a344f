/**
 * What tells how far a point of the surface is from the true wall: measures at each vertex of segmented phantoms, their
 * rank correlation with its error, and how often a point is off by more than 1 mm for each level of a measure. Also how
 * much of a part that contrast does not fill the networks' surface holds (docs/accuracy.md).
 *
 *   npm run bench:points -- [--first 4001] [--count 12] [--variety usual|wide] [--rows FILE]
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { buildScene, drawAcquisitionSpacing, FILLINGS } from '../src/main/phantom/anatomy/index.ts';
import { renderCtBox } from '../src/main/phantom/renderCt.ts';
import { trueUnfilledMl } from '../src/main/phantom/trueFilling.ts';
import { createTruthField } from '../src/main/phantom/truthField.ts';
import { loadNetworkModels, openNetworks } from '../src/main/pipeline/networks.ts';
import { type SurfaceWithField, segmentAppendage } from '../src/main/pipeline/segmentAppendage.ts';
import { createStageClock } from '../src/main/pipeline/stageClock.ts';
import { lpsToNormalized } from '../src/main/surface/cropFrame.ts';
import { evaluateInChunks } from '../src/main/surface/field/fieldFunction.ts';
import { messageOf } from '../src/shared/errors.ts';
import { cubeGridLps, type GridLps, lpsToIjk, voxelCount } from '../src/shared/geometry/gridLps.ts';
import { addScaled, dot, perAxis, subtract, type Vec3 } from '../src/shared/geometry/vec3.ts';
import { vertexLpsMm, vertexNormals } from '../src/shared/mesh/measures.ts';
import { rasterizeClosedMesh } from '../src/shared/mesh/rasterize.ts';
import { type TriangleMesh, vertexCount } from '../src/shared/mesh/triangleMesh.ts';
import { createRandom } from '../src/shared/random/random.ts';
import type { VolumeHu } from '../src/shared/volume/volume.ts';
import { varietyOf } from './choiceOf.ts';
import { phantomTruth } from './phantomTruth.ts';

const { values } = parseArgs({
  options: {
    first: { type: 'string', default: '4001' },
    count: { type: 'string', default: '12' },
    variety: { type: 'string', default: 'wide' },
    rows: { type: 'string' },
  },
});
const [first, count] = [Number(values.first), Number(values.count)];
const variety = varietyOf(values.variety);

/** The crop that the application sends. */
const CROP_MM = 112;
/** Nearer to the ostium's plane than this the wall ends, mm. */
const RIM_MM = 1.5;
const ASIDE_MM = 0.7;
/** Along the normal the image is read from so far inside to so far outside, mm. */
const EDGE_REACH_MM = 2.5;
const EDGE_STEP_MM = 0.25;

const NAMES = [
  'errorMm',
  'unsignedMm',
  'offsetMm',
  'slopeSigned',
  'slopeUnsigned',
  'edgeMm',
  'edgeDrop',
] as const;
type Measured = Record<(typeof NAMES)[number], number>;
const points: Measured[] = [];

const valueAt = ({ grid, data }: VolumeHu, point: Vec3): number => {
  const at = lpsToIjk(grid, point);
  const low = perAxis((axis) => Math.min(Math.max(0, Math.floor(at[axis])), grid.sizeIjk[axis] - 2));
  const [fi, fj, fk] = perAxis((axis) => at[axis] - low[axis]);
  const [nI, nJ] = grid.sizeIjk;
  let sum = 0;
  for (let corner = 0; corner < 8; corner++) {
    const [di, dj, dk] = [corner & 1, (corner >> 1) & 1, corner >> 2];
    const weight = (di ? fi : 1 - fi) * (dj ? fj : 1 - fj) * (dk ? fk : 1 - fk);
    sum += weight * data[low[0] + di + nI * (low[1] + dj + nJ * (low[2] + dk))]!;
  }
  return sum;
};

/** How far the steepest fall along the normal is from the vertex, mm, and how deep it is, as a share of the blood's HU. */
function imageEdge(volume: VolumeHu, vertex: Vec3, normal: Vec3, bloodHu: number): [number, number] {
  const steps = Math.round((2 * EDGE_REACH_MM) / EDGE_STEP_MM);
  const profile = Array.from({ length: steps + 1 }, (_, n) =>
    valueAt(volume, addScaled(vertex, normal, -EDGE_REACH_MM + n * EDGE_STEP_MM)),
  );
  const half = Math.round(0.75 / EDGE_STEP_MM);
  let [best, deepest] = [half, Number.NEGATIVE_INFINITY];
  for (let n = half; n + half < profile.length; n++) {
    const fall = profile[n - half]! - profile[n + half]!;
    if (fall > deepest) [best, deepest] = [n, fall];
  }
  return [Math.abs(-EDGE_REACH_MM + best * EDGE_STEP_MM), deepest / bloodHu];
}

async function measurePoints(
  { appendage, field, frame }: SurfaceWithField,
  volume: VolumeHu,
  truth: (normalized: Float32Array) => Float32Array | Float64Array,
): Promise<void> {
  const { ostium, closed } = appendage;
  if (!ostium.found) return;
  const normals = vertexNormals(closed);
  const normalOf = (vertex: number): Vec3 => [
    normals[3 * vertex]!,
    normals[3 * vertex + 1]!,
    normals[3 * vertex + 2]!,
  ];
  const wall = Array.from({ length: vertexCount(closed) }, (_, vertex) => vertex).filter(
    (vertex) =>
      dot(subtract(vertexLpsMm(closed, vertex), ostium.planePointLpsMm), ostium.planeNormal) > RIM_MM,
  );
  const at = (asideMm: number): Float32Array =>
    Float32Array.from(
      wall.flatMap((vertex) => [
        ...lpsToNormalized(frame, addScaled(vertexLpsMm(closed, vertex), normalOf(vertex), asideMm)),
      ]),
    );
  const here = await evaluateInChunks(field, at(0));
  const inside = await evaluateInChunks(field, at(-ASIDE_MM));
  const outside = await evaluateInChunks(field, at(ASIDE_MM));
  const distances = truth(at(0));
  const hu = wall.map((vertex) =>
    valueAt(volume, addScaled(vertexLpsMm(closed, vertex), normalOf(vertex), -2.5)),
  );
  const bloodHu = hu.sort((a, b) => a - b)[hu.length >> 1]!;
  wall.forEach((vertex, n) => {
    const [edgeMm, edgeDrop] = imageEdge(volume, vertexLpsMm(closed, vertex), normalOf(vertex), bloodHu);
    const [low, high] = [inside.unsignedMm[n]!, outside.unsignedMm[n]!];
    points.push({
      errorMm: Math.abs(distances[2 * n + 1]!),
      unsignedMm: here.unsignedMm[n]!,
      offsetMm: Math.abs(high - low) / 2,
      slopeSigned: Math.abs((outside.signedMm[n]! - inside.signedMm[n]!) / (2 * ASIDE_MM) - 1),
      slopeUnsigned: Math.abs((low + high - 2 * here.unsignedMm[n]!) / (2 * ASIDE_MM) - 1),
      edgeMm,
      edgeDrop: -edgeDrop,
    });
  });
}

/** How much of one mesh lies in another, mL. */
function sharedMl(a: TriangleMesh, b: TriangleMesh, grid: GridLps): number {
  const [inA, inB] = [rasterizeClosedMesh(a, grid), rasterizeClosedMesh(b, grid)];
  let both = 0;
  inA.forEach((flag, voxel) => {
    both += flag & inB[voxel]!;
  });
  return (both * grid.spacingMm[0] ** 3) / 1000;
}

const models = await loadNetworkModels();
const networks = await openNetworks(models, { engine: 'onnx' });
for (let seed = first; seed < first + count; seed++) {
  const filling = FILLINGS[seed % FILLINGS.length]!;
  const spacing = drawAcquisitionSpacing(createRandom(seed).fork('spacing'), variety);
  const scene = buildScene(seed, { detail: 'crop', variety, filling });
  const truth = await phantomTruth(scene, 64);
  const centre = truth.keptPiece.centroidLpsMm;
  const inPlane = Math.ceil(CROP_MM / spacing.inPlaneMm);
  const slices = Math.ceil(CROP_MM / spacing.sliceMm);
  const grid: GridLps = {
    ...cubeGridLps(centre, CROP_MM, 1),
    sizeIjk: [inPlane, inPlane, slices],
    spacingMm: [spacing.inPlaneMm, spacing.inPlaneMm, spacing.sliceMm],
    originLpsMm: subtract(centre, [CROP_MM / 2, CROP_MM / 2, CROP_MM / 2]),
  };
  const data = Int16Array.from(renderCtBox(scene, grid, { from: [0, 0, 0], to: grid.sizeIjk }), Math.round);
  if (data.length !== voxelCount(grid)) throw new Error('The crop has another size.');
  const volume: VolumeHu = { grid, data };
  const before = points.length;
  try {
    const found = await segmentAppendage(volume, networks, {
      clock: createStageClock(),
      resolution: 128,
      start: { centreLpsMm: centre, confidence: null },
      onSurface: (surface) => {
        const field = createTruthField(scene, surface.frame);
        return measurePoints(surface, volume, (normalized) => field.distances(normalized));
      },
    });
    const { closed } = found.appendage;
    const fine = cubeGridLps(centre, 70, 140);
    const trueMl = trueUnfilledMl(scene, truth.closed);
    console.log(
      [
        seed,
        filling.padEnd(11),
        `true ${truth.volumeMl.toFixed(1)} mL, unfilled ${trueMl.toFixed(2)}`,
        `found ${found.appendage.volumeMl.toFixed(1)}, of it true ${sharedMl(closed, truth.closed, fine).toFixed(1)}`,
        found.filling
          ? `unfilled ${found.filling.unfilledMl.toFixed(2)} ± ${found.filling.uncertaintyMl.toFixed(2)}`
          : 'one compartment',
        `confidence ${found.fitness.confidence?.toFixed(2)}`,
        `${points.length - before} points`,
      ].join('  '),
    );
  } catch (thrown) {
    points.length = before;
    console.log(`${seed}  ${filling}  refused: ${messageOf(thrown)}`);
  }
}
await networks.free();
if (values.rows)
  await writeFile(
    values.rows,
    points.map((one) => NAMES.map((name) => one[name].toFixed(4)).join('\t')).join('\n'),
  );

const ranks = (list: readonly number[]): Float64Array => {
  const order = list.map((_, at) => at).sort((a, b) => list[a]! - list[b]!);
  const rank = new Float64Array(list.length);
  order.forEach((at, place) => {
    rank[at] = place;
  });
  return rank;
};
const correlation = (a: Float64Array, b: Float64Array): number => {
  const mean = (a.length - 1) / 2;
  let [ab, aa] = [0, 0];
  a.forEach((value, at) => {
    ab += (value - mean) * (b[at]! - mean);
    aa += (value - mean) ** 2;
  });
  return ab / aa;
};
const errors = points.map(({ errorMm }) => errorMm);
const errorRanks = ranks(errors);
console.log(
  `\n${points.length} points, ${((100 * errors.filter((mm) => mm > 1).length) / points.length).toFixed(1)} % off by more than 1 mm`,
);
for (const name of NAMES.slice(1)) {
  const list = points.map((one) => one[name]);
  const rank = ranks(list);
  const off = [...rank].filter((_, at) => errors[at]! > 1);
  // The chance that a point that is off has the higher value of the two.
  const area =
    (off.reduce((sum, value) => sum + value, 0) - (off.length * (off.length - 1)) / 2) /
    (off.length * (points.length - off.length));
  console.log(
    `${name.padEnd(14)} rank correlation ${correlation(errorRanks, rank).toFixed(3)}  tells points off by 1 mm: ${area.toFixed(3)}`,
  );
  const sorted = [...list].sort((a, b) => a - b);
  const cuts = [0.5, 0.8, 0.9, 0.95, 0.98, 1].map(
    (share) => sorted[Math.round(share * (sorted.length - 1))]!,
  );
  console.log(
    cuts
      .map((cut, n) => {
        const own = errors.filter((_, at) => list[at]! <= cut && (n === 0 || list[at]! > cuts[n - 1]!));
        const share = (mm: number): string =>
          `${((100 * own.filter((one) => one > mm).length) / Math.max(1, own.length)).toFixed(0)} %`;
        return `  to ${cut.toFixed(2)}: ${own.length} points, above 0.5 mm ${share(0.5)}, above 1 mm ${share(1)}`;
      })
      .join('\n'),
  );
}
