/**
 * What a person waits for while editing, as shares of one surface drawn from labels in the same run.
 *
 *   node bench/run.js edit [--seed 7] [--rounds 5]
 */
import { parseArgs } from 'node:util';
import { fillHoles, keepLargest, paintStroke, smoothLabels } from '#renderer/edit/index.ts';
import { appendageAfterEdits, appendageFromLabels, recutAppendage } from '../src/main/meshing/index.ts';
import { buildScene } from '../src/main/phantom/anatomy/index.ts';
import { trueSurface } from '../src/main/phantom/truthSurface.ts';
import { type GridLps, LPS_AXES } from '../src/shared/geometry/gridLps.ts';
import { add, addScaled, dot, normalize, scale, subtract, type Vec3 } from '../src/shared/geometry/vec3.ts';
import { boundingBoxLpsMm, vertexLpsMm } from '../src/shared/mesh/measures.ts';
import { rasterizeClosedMesh } from '../src/shared/mesh/rasterize.ts';
import { faceCount, vertexCount } from '../src/shared/mesh/triangleMesh.ts';

const { values } = parseArgs({
  options: { seed: { type: 'string', default: '7' }, rounds: { type: 'string', default: '5' } },
});
const rounds = Number(values.rounds);

/** The least processor time of some rounds, ms: other work on the machine can only lengthen one. */
function leastMs(work: (round: number) => void): number {
  let least = Infinity;
  for (let round = 0; round < rounds; round++) {
    const before = process.cpuUsage();
    work(round);
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1000);
  }
  return least;
}

const { closed, ostium } = await trueSurface(buildScene(Number(values.seed)), { resolution: 128 });
const { low, high } = boundingBoxLpsMm(closed);
const centre = scale(add(low, high), 0.5);
const spacing = 0.4;
const count = 275;
const half = ((count - 1) * spacing) / 2;
const grid: GridLps = {
  sizeIjk: [count, count, count],
  originLpsMm: subtract(centre, [half, half, half]),
  spacingMm: [spacing, spacing, spacing],
  directions: LPS_AXES,
};
const labels = { grid, data: new Uint8Array(rasterizeClosedMesh(closed, grid)) };
const plane = { pointLpsMm: ostium.planePointLpsMm, normal: ostium.planeNormal };
const planeOf = (round: number) => ({
  pointLpsMm: addScaled(plane.pointLpsMm, plane.normal, 1 + round),
  normal: normalize(add(plane.normal, [0.05 * round, 0.03, -0.02 * round])),
});
const strokeFrom = (round: number): Vec3[] => [
  addScaled(centre, [1, 0, 0], 3 * round),
  addScaled(centre, [1, 0.4, 0], 3 * round + 2),
];

const original = recutAppendage(closed, plane, false);
const dabAt = (point: Vec3) => {
  const after = { grid, data: new Uint8Array(rasterizeClosedMesh(original.closed, grid)) };
  paintStroke(after, [point], 3, 1);
  return after;
};
let tip: Vec3 = plane.pointLpsMm;
for (let vertex = 0; vertex < vertexCount(original.closed); vertex++) {
  const point = vertexLpsMm(original.closed, vertex);
  if (dot(subtract(point, tip), plane.normal) > 0) tip = point;
}
const atTip = dabAt(tip);
const [rimX = 0, rimY = 0, rimZ = 0] = original.rimLpsMm ?? [];
const atRim = dabAt([rimX, rimY, rimZ]);
const smooth = dabAt(tip);
smoothLabels(smooth, 2);
for (const [name, { measurements }] of [
  ['before', original],
  ['after a dab at the tip', appendageAfterEdits(original, atTip, plane, false)],
  ['the same drawn from labels', appendageFromLabels(atTip, plane, false)],
] as const) {
  const { ostium: section, volumeMl } = measurements;
  console.log(`${name}: ostium ${section?.areaMm2} mm², ${section?.perimeterMm} mm; ${volumeMl} mL`);
}

const drawn = leastMs(() => appendageFromLabels(labels, plane, false));
const rows: [string, number][] = [
  [`surface from labels (${count}³, 0.4 mm), cut and measured`, drawn],
  ['the same without a plane', leastMs(() => appendageFromLabels(labels, null, false))],
  ['surface after a dab at the tip', leastMs(() => appendageAfterEdits(original, atTip, plane, false))],
  ['after a dab at the rim', leastMs(() => appendageAfterEdits(original, atRim, plane, false))],
  ['after smoothing all of it', leastMs(() => appendageAfterEdits(original, smooth, plane, false))],
  [
    `recut of ${faceCount(closed)} faces at another plane`,
    leastMs((round) => recutAppendage(closed, planeOf(round), false)),
  ],
  ['recut at the surface’s own plane', leastMs(() => recutAppendage(closed, plane, false))],
  ['a step of a 5 mm brush', leastMs((round) => paintStroke(labels, strokeFrom(round), 5, 1))],
  ['smoothLabels, 2 mm', leastMs(() => smoothLabels(labels, 2))],
  ['keepLargest', leastMs(() => keepLargest(labels))],
  ['fillHoles', leastMs(() => fillHoles(labels))],
];
for (const [name, ms] of rows) {
  console.log(`${(ms / drawn).toFixed(3).padStart(7)}  ${ms.toFixed(1).padStart(7)} ms  ${name}`);
}
