import { beamFrame, type CArmView } from '#shared/anatomy/cArmView.ts';
import { type GridLps, lpsToIjk } from '#shared/geometry/gridLps.ts';
import { addScaled, dot, subtract, type Vec3 } from '#shared/geometry/vec3.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';

/** Voxels as scans are kept. */
export interface ProjectedVolume {
  readonly grid: GridLps;
  readonly data: Int16Array;
}

/** A picture plane, that of a section or square to a C-arm's beam. Row 0 is at the top; the patient is seen from the detector. */
export interface PictureFrame {
  readonly centreLpsMm: Vec3;
  /** Along the beam, from the detector to the tube's side of the patient. */
  readonly along: Vec3;
  readonly right: Vec3;
  readonly down: Vec3;
  readonly sidePixels: number;
  readonly mmPerPixel: number;
}

/** Beams are parallel: the picture is as large as the patient, and has no perspective. */
export function projectionFrame(
  view: CArmView,
  centreLpsMm: Vec3,
  { sidePixels, mmPerPixel }: Pick<PictureFrame, 'sidePixels' | 'mmPerPixel'>,
): PictureFrame {
  return { centreLpsMm, ...beamFrame(view), sidePixels, mmPerPixel };
}

/** Where a point is in the picture, in pixels from its upper left corner. */
export function projectPoint(frame: PictureFrame, pointLpsMm: Vec3): readonly [number, number] {
  const offset = subtract(pointLpsMm, frame.centreLpsMm);
  const middle = frame.sidePixels / 2;
  return [
    middle + dot(offset, frame.right) / frame.mmPerPixel,
    middle + dot(offset, frame.down) / frame.mmPerPixel,
  ];
}

/** Along the beam, mm. */
const STEP_MM = 1.5;
/** Of the picture's darkest and brightest pixels, shares that are clipped. */
const CLIPPED = 0.01;

/**
 * A simulated projection of a volume (a digitally reconstructed radiograph): along each beam the attenuation is summed,
 * (HU + 1000)/1000 in mm of water, and shown as fluoroscopy shows it: what attenuates more is darker.
 *
 * Example: a cube of water of 40 mm in air, seen square to a face, gives 40 mm within its outline and 0 beside it.
 * @param reachMm how far before and behind the centre the beam is followed
 */
export function attenuationMm(
  { grid, data }: ProjectedVolume,
  frame: PictureFrame,
  reachMm: number,
): Float32Array {
  const { sidePixels, mmPerPixel, centreLpsMm, right, down, along } = frame;
  const [nI, nJ, nK] = grid.sizeIjk;
  const origin = lpsToIjk(grid, centreLpsMm);
  const perStep = (direction: Vec3, mm: number): Vec3 =>
    subtract(lpsToIjk(grid, addScaled(centreLpsMm, direction, mm)), origin);
  const [di, dj, dk] = perStep(along, STEP_MM);
  const [ri, rj, rk] = perStep(right, mmPerPixel);
  const [wi, wj, wk] = perStep(down, mmPerPixel);
  const steps = Math.ceil((2 * reachMm) / STEP_MM);
  const sums = new Float32Array(sidePixels * sidePixels);
  const middle = (sidePixels - 1) / 2;
  for (let row = 0; row < sidePixels; row++) {
    for (let column = 0; column < sidePixels; column++) {
      const x = column - middle;
      const y = row - middle;
      // The nearest voxel: half is added once, and the rest is cut off.
      let i = origin[0] + x * ri + y * wi - (steps / 2) * di + 0.5;
      let j = origin[1] + x * rj + y * wj - (steps / 2) * dj + 0.5;
      let k = origin[2] + x * rk + y * wk - (steps / 2) * dk + 0.5;
      let sum = 0;
      for (let step = 0; step < steps; step++, i += di, j += dj, k += dk) {
        if (i < 0 || j < 0 || k < 0 || i >= nI || j >= nJ || k >= nK) continue;
        const hu = data[(i | 0) + nI * ((j | 0) + nJ * (k | 0))]!;
        if (hu > -1000) sum += hu + 1000;
      }
      sums[row * sidePixels + column] = (sum / 1000) * STEP_MM;
    }
  }
  return sums;
}

/** Grey levels of a picture, 0 to 255: the more attenuation, the darker. */
export function fluoroscopyGreys(attenuation: Float32Array): Uint8ClampedArray {
  const sorted = Float32Array.from(attenuation).sort();
  const least = sorted[Math.floor(CLIPPED * (sorted.length - 1))] ?? 0;
  const most = sorted[Math.ceil((1 - CLIPPED) * (sorted.length - 1))] ?? 1;
  const range = Math.max(most - least, 1e-6);
  return Uint8ClampedArray.from(attenuation, (mm) => 235 - (215 * (mm - least)) / range);
}

/** 1 where a surface lies behind a pixel: its silhouette. */
export function silhouette({ positionsLpsMm: p, triangles }: TriangleMesh, frame: PictureFrame): Uint8Array {
  const side = frame.sidePixels;
  const mask = new Uint8Array(side * side);
  const points = new Float32Array((2 * p.length) / 3);
  for (let vertex = 0; vertex < p.length / 3; vertex++) {
    const [x, y] = projectPoint(frame, [p[3 * vertex]!, p[3 * vertex + 1]!, p[3 * vertex + 2]!]);
    points[2 * vertex] = x;
    points[2 * vertex + 1] = y;
  }
  for (let at = 0; at < triangles.length; at += 3) {
    const [a, b, c] = [2 * triangles[at]!, 2 * triangles[at + 1]!, 2 * triangles[at + 2]!];
    fillTriangle(mask, side, points, a, b, c);
  }
  return mask;
}

/** Sets the pixels whose centre lies in a triangle, and that of its first corner: small ones hold no centre. */
function fillTriangle(
  mask: Uint8Array,
  side: number,
  points: Float32Array,
  a: number,
  b: number,
  c: number,
): void {
  const [ax, ay, bx, by, cx, cy] = [
    points[a]!,
    points[a + 1]!,
    points[b]!,
    points[b + 1]!,
    points[c]!,
    points[c + 1]!,
  ];
  const set = (x: number, y: number): void => {
    if (x >= 0 && y >= 0 && x < side && y < side) mask[y * side + x] = 1;
  };
  set(Math.floor(ax), Math.floor(ay));
  const area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
  if (area === 0) return;
  for (let y = Math.floor(Math.min(ay, by, cy)); y <= Math.max(ay, by, cy); y++) {
    for (let x = Math.floor(Math.min(ax, bx, cx)); x <= Math.max(ax, bx, cx); x++) {
      const [px, py] = [x + 0.5, y + 0.5];
      const u = ((bx - ax) * (py - ay) - (by - ay) * (px - ax)) / area;
      const v = ((cx - bx) * (py - by) - (cy - by) * (px - bx)) / area;
      const w = ((ax - cx) * (py - cy) - (ay - cy) * (px - cx)) / area;
      if (u >= 0 && v >= 0 && w >= 0) set(x, y);
    }
  }
}

/** Whether a pixel of a silhouette has a neighbour beyond it. */
export function isOutline(mask: Uint8Array, side: number, at: number): boolean {
  if (mask[at] !== 1) return false;
  const x = at % side;
  return (
    x === 0 ||
    x === side - 1 ||
    mask[at - 1] !== 1 ||
    mask[at + 1] !== 1 ||
    mask[at - side] !== 1 ||
    mask[at + side] !== 1
  );
}
