import type { LabelMap } from '#shared/contract/values.ts';
import { ijkToLps } from '#shared/geometry/gridLps.ts';
import { add, cross, dot, perpendicular, scale, subtract, type Vec3 } from '#shared/geometry/vec3.ts';
import { labelBox } from '#shared/volume/labelBox.ts';
import { type LabelDelta, recordChange } from './labelDelta.ts';

/**
 * Scissors: an outline on a plane, extended along the plane's normal to both sides, removes labels.
 * @param outlineLpsMm the outline's corners, the last joins the first; inside is by the even–odd rule.
 * @param planeNormal the direction of the cut (a view's, say), a unit vector.
 * @param keep 'outside' removes what is inside of the outline, 'inside' what is not.
 * @param depthMm labels further from the outline's plane than this stay as they are; null cuts through everything.
 * @returns what changed; null for nothing.
 */
export function cutWithOutline(
  labels: LabelMap,
  outlineLpsMm: readonly Vec3[],
  planeNormal: Vec3,
  keep: 'inside' | 'outside',
  depthMm: number | null = null,
): LabelDelta | null {
  if (outlineLpsMm.length < 3) return null;
  const { grid, data } = labels;
  const origin = scale(outlineLpsMm.reduce(add), 1 / outlineLpsMm.length);
  const u = perpendicular(planeNormal);
  const v = cross(planeNormal, u);
  const outline = new Float64Array(2 * outlineLpsMm.length);
  outlineLpsMm.forEach((point, index) => {
    const offset = subtract(point, origin);
    outline[2 * index] = dot(offset, u);
    outline[2 * index + 1] = dot(offset, v);
  });
  const box = labelBox(data, grid.sizeIjk);
  if (!box) return null;
  const [nI, nJ] = grid.sizeIjk;
  // Coordinates on the plane are linear in the voxel's index.
  const along = (axis: Vec3): readonly [number, Vec3] => [
    dot(subtract(ijkToLps(grid, [0, 0, 0]), origin), axis),
    [
      dot(grid.directions[0], axis) * grid.spacingMm[0],
      dot(grid.directions[1], axis) * grid.spacingMm[1],
      dot(grid.directions[2], axis) * grid.spacingMm[2],
    ],
  ];
  const [[u0, du], [v0, dv], [h0, dh]] = [along(u), along(v), along(planeNormal)];
  const removesInside = keep === 'outside';
  return recordChange(labels, box, () => {
    for (let k = box.low[2]; k <= box.high[2]; k++) {
      for (let j = box.low[1]; j <= box.high[1]; j++) {
        const row = nI * (j + nJ * k);
        for (let i = box.low[0]; i <= box.high[0]; i++) {
          if (data[row + i] === 0) continue;
          if (depthMm !== null && Math.abs(h0 + i * dh[0] + j * dh[1] + k * dh[2]) > depthMm) continue;
          const x = u0 + i * du[0] + j * du[1] + k * du[2];
          const y = v0 + i * dv[0] + j * dv[1] + k * dv[2];
          if (isInside(outline, x, y) === removesInside) data[row + i] = 0;
        }
      }
    }
  });
}

function isInside(p: Float64Array, x: number, y: number): boolean {
  let inside = false;
  for (let index = 0, last = p.length - 2; index < p.length; last = index, index += 2) {
    const [ax, ay, bx, by] = [p[last]!, p[last + 1]!, p[index]!, p[index + 1]!];
    if (ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax)) inside = !inside;
  }
  return inside;
}
