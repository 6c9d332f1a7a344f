/**
 * What a person waits for while editing, as shares of one surface drawn from labels in the same run; and what a dab at
 * the tip does to the ostium, in numbers and in a picture.
 *
 *   node bench/run.js edit [--seed 7] [--rounds 5] [--spacing 0.4,0.4,0.4] [--picture FILE.png]
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { encode } from 'fast-png';
import { fillHoles, keepLargest, paintStroke, smoothLabels } from '#renderer/edit/index.ts';
import { appendageAfterEdits, appendageFromLabels, recutAppendage } from '../src/main/meshing/index.ts';
import { buildScene } from '../src/main/phantom/anatomy/index.ts';
import { trueSurface } from '../src/main/phantom/truthSurface.ts';
import { renderMesh } from '../src/main/preview/renderMesh.ts';
import type { MeasuredAppendage } from '../src/shared/contract/services/measured.ts';
import { type GridLps, LPS_AXES } from '../src/shared/geometry/gridLps.ts';
import {
  add,
  addScaled,
  cross,
  dot,
  normalize,
  perAxis,
  perpendicular,
  scale,
  subtract,
  type Vec3,
} from '../src/shared/geometry/vec3.ts';
import { boundingBoxLpsMm, vertexLpsMm } from '../src/shared/mesh/measures.ts';
import { rasterizeClosedMesh } from '../src/shared/mesh/rasterize.ts';
import { faceCount, vertexCount } from '../src/shared/mesh/triangleMesh.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '7' },
    rounds: { type: 'string', default: '5' },
    spacing: { type: 'string', default: '0.4,0.4,0.4' },
    picture: { type: 'string' },
  },
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
const spacings = values.spacing.split(',').map(Number);
const spacingMm = perAxis((axis) => spacings[axis] ?? 0.4);
const sizeIjk = perAxis((axis) => Math.round(110 / spacingMm[axis]));
const grid: GridLps = {
  sizeIjk,
  originLpsMm: perAxis((axis) => centre[axis] - ((sizeIjk[axis] - 1) * spacingMm[axis]) / 2),
  spacingMm,
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
const shown = [
  original,
  appendageFromLabels(atTip, plane, false),
  appendageAfterEdits(original, atTip, plane, false),
];
for (const [at, name] of ['before', 'after a dab, from the labels', 'after a dab, locally'].entries()) {
  const { ostium: section, volumeMl } = shown[at]!.measurements;
  console.log(`${name}: ostium ${section?.areaMm2} mm², ${section?.perimeterMm} mm; ${volumeMl} mL`);
}
if (values.picture !== undefined) writeFileSync(values.picture, pictureOf(shown));

/** Each surface from the side, and its ostium as the atrium sees it. */
function pictureOf(appendages: readonly MeasuredAppendage[]): Uint8Array {
  const px = 300;
  const across = perpendicular(plane.normal);
  const views = [
    { direction: addScaled(cross(plane.normal, across), plane.normal, -0.4), up: plane.normal, ahead: 12 },
    { direction: addScaled(plane.normal, across, 0.2), up: across, ahead: 0 },
  ];
  const [width, height] = [px * appendages.length, px * views.length];
  const data = new Uint8Array(3 * width * height);
  views.forEach(({ direction, up, ahead }, row) => {
    appendages.forEach(({ closed: mesh, rimLpsMm: rim }, column) => {
      const points = Array.from(
        { length: (rim?.length ?? 0) / 3 },
        (_, at): Vec3 => [rim![3 * at]!, rim![3 * at + 1]!, rim![3 * at + 2]!],
      );
      const { rgb } = renderMesh(
        [{ mesh, colour: [205, 90, 80] }],
        [{ pointsLpsMm: points, closed: true, colour: [20, 60, 160], widthPx: 2 }],
        {
          widthPx: px,
          heightPx: px,
          viewDirection: normalize(direction),
          up,
          centreLpsMm: addScaled(plane.pointLpsMm, plane.normal, ahead),
          millimetresAcross: 44,
        },
      );
      for (let y = 0; y < px; y++)
        data.set(rgb.subarray(3 * px * y, 3 * px * (y + 1)), 3 * (width * (row * px + y) + column * px));
    });
  });
  return encode({ width, height, data, channels: 3 });
}

const drawn = leastMs(() => appendageFromLabels(labels, plane, false));
const rows: [string, number][] = [
  [`surface from labels (${sizeIjk.join(' × ')}), cut and measured`, drawn],
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
