/**
 * Depth and landing zones of phantoms' surfaces with a spur glued to the tip, as differences from those without: what a
 * spur's thickness must be to count. No network runs.
 *
 *   node bench/run.js spurs [--first 5001] [--count 6]
 */
import { parseArgs } from 'node:util';
import { labelSurface } from '../src/main/meshing/index.ts';
import { buildScene } from '../src/main/phantom/anatomy/index.ts';
import { centreLine } from '../src/shared/anatomy/centreLine.ts';
import { landingZones } from '../src/shared/anatomy/landingZone.ts';
import { type GridLps, ijkToLps, LPS_AXES } from '../src/shared/geometry/gridLps.ts';
import {
  add,
  addScaled,
  distance,
  dot,
  normalize,
  perAxis,
  scale,
  subtract,
  type Vec3,
} from '../src/shared/geometry/vec3.ts';
import { boundingBoxLpsMm } from '../src/shared/mesh/measures.ts';
import { rasterizeClosedMesh } from '../src/shared/mesh/rasterize.ts';
import { createRandom } from '../src/shared/random/random.ts';
import { phantomTruth } from './phantomTruth.ts';

const { values } = parseArgs({
  options: { first: { type: 'string', default: '5001' }, count: { type: 'string', default: '6' } },
});
const THICK_MM = [1.6, 2.4, 3.6];
const LENGTH_MM = 7;
const SPACING_MM = 0.4;

const rows = new Map<number, { depth: number; zone: number; spur: number }[]>();
for (let seed = Number(values.first); seed < Number(values.first) + Number(values.count); seed++) {
  const truth = await phantomTruth(buildScene(seed, { detail: 'crop' }), 64);
  const { closed, ostium } = truth;
  if (!ostium.found || !ostium.centreLine) continue;
  const { low, high } = boundingBoxLpsMm(closed);
  const grid: GridLps = {
    sizeIjk: perAxis((axis) => Math.ceil((high[axis] - low[axis] + 24) / SPACING_MM)),
    originLpsMm: subtract(low, [12, 12, 12]),
    spacingMm: [SPACING_MM, SPACING_MM, SPACING_MM],
    directions: LPS_AXES,
  };
  const plane = { pointLpsMm: ostium.planePointLpsMm, normal: ostium.planeNormal };
  const inside = rasterizeClosedMesh(closed, grid);
  const measured = (data: Uint8Array<ArrayBuffer>) => {
    const surface = labelSurface({ grid, data }).closed;
    const line = centreLine(surface, ostium.measures.centreLpsMm, plane);
    return { line, zones: landingZones(surface, line, plane) };
  };
  const without = measured(new Uint8Array(inside));
  const points = ostium.centreLine.pointsLpsMm;
  const along = normalize(subtract(ostium.centreLine.tipLpsMm, points[Math.max(0, points.length - 6)]!));
  const direction = normalize(add(along, scale(createRandom(seed).direction(), 0.4)));
  const root: Vec3 = addScaled(ostium.centreLine.tipLpsMm, direction, -2);
  const [nI, nJ] = grid.sizeIjk;
  for (const thickMm of THICK_MM) {
    const data = inside.map((flag, voxel) => {
      if (flag === 1) return 1;
      const at = ijkToLps(grid, [voxel % nI, Math.floor(voxel / nI) % nJ, Math.floor(voxel / (nI * nJ))]);
      const t = Math.min(LENGTH_MM + 2, Math.max(0, dot(subtract(at, root), direction)));
      return distance(at, addScaled(root, direction, t)) < thickMm / 2 ? 1 : 0;
    });
    const spurred = measured(new Uint8Array(data));
    const zoneMm = Math.max(
      0,
      ...without.zones.map((zone) => {
        const same = spurred.zones.find(({ distanceMm }) => distanceMm === zone.distanceMm);
        return same ? Math.abs(same.measures.maxDiameter.lengthMm - zone.measures.maxDiameter.lengthMm) : 99;
      }),
    );
    const list = rows.get(thickMm) ?? [];
    rows.set(thickMm, [
      ...list,
      { depth: spurred.line!.depthMm - without.line!.depthMm, zone: zoneMm, spur: spurred.line!.tipSpurMm },
    ]);
  }
  console.log(
    seed,
    `depth ${without.line?.depthMm.toFixed(1)}, by the fine surface ${ostium.centreLine.depthMm.toFixed(1)}, spur of its own ${without.line?.tipSpurMm.toFixed(1)}`,
  );
}
for (const [thickMm, list] of rows) {
  const show = (name: 'depth' | 'zone' | 'spur'): string => list.map((one) => one[name].toFixed(1)).join(' ');
  console.log(
    `${thickMm} mm thick: depth ${show('depth')}; landing zones ${show('zone')}; spur ${show('spur')}`,
  );
}
