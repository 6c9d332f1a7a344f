import { type GridLps, ijkToLps } from '#shared/geometry/gridLps.ts';
import { add, distance, perAxis, scale, subtract, type Vec3 } from '#shared/geometry/vec3.ts';
import { heightAbovePlane, lpsToPixel, type PixelPoint, type PlaneFrame } from './planeFrame.ts';
import type { RegionBox } from './types.ts';

const SMALLEST_EDGE_MM = 10;
const LARGEST_EDGE_MM = 300;

/** The eight corners in LPS mm; bits 0, 1, 2 of the index say which side along x, y, z. */
export function boxCorners({ centreLpsMm, edgeMm }: RegionBox): Vec3[] {
  const half = edgeMm / 2;
  return Array.from({ length: 8 }, (_, corner) =>
    add(centreLpsMm, [corner & 1 ? half : -half, corner & 2 ? half : -half, corner & 4 ? half : -half]),
  );
}

/** The twelve edges as pairs of corner indices. */
export const BOX_EDGES: readonly (readonly [number, number])[] = Array.from({ length: 8 }, (_, corner) =>
  [1, 2, 4].filter((bit) => (corner & bit) === 0).map((bit) => [corner, corner | bit] as const),
).flat();

/** The corners of all voxels together, in the order of {@link boxCorners}. */
export function gridCorners(grid: GridLps): Vec3[] {
  return Array.from({ length: 8 }, (_, corner) =>
    ijkToLps(
      grid,
      perAxis((axis) => (corner & (1 << axis) ? grid.sizeIjk[axis] - 0.5 : -0.5)),
    ),
  );
}

/** The polygon (3 to 6 pixels, in order) in which a pane's plane cuts the box; empty where the plane misses the box. */
export const boxSection = (frame: PlaneFrame, box: RegionBox): PixelPoint[] =>
  cornersSection(frame, boxCorners(box));

/** The same of a body with eight corners in the order of {@link boxCorners}. */
export function cornersSection(frame: PlaneFrame, corners: readonly Vec3[]): PixelPoint[] {
  const heights = corners.map((corner) => heightAbovePlane(frame, corner));
  const points: PixelPoint[] = [];
  for (const [a, b] of BOX_EDGES) {
    const [from, to] = [heights[a]!, heights[b]!];
    if (from >= 0 === to >= 0) continue;
    const share = from / (from - to);
    points.push(lpsToPixel(frame, add(corners[a]!, scale(subtract(corners[b]!, corners[a]!), share))));
  }
  if (points.length < 3) return [];
  const middle = points.reduce(
    ([x, y], [px, py]) => [x + px / points.length, y + py / points.length],
    [0, 0],
  );
  const angle = ([x, y]: PixelPoint): number => Math.atan2(y - middle[1]!, x - middle[0]!);
  return points.sort((p, q) => angle(p) - angle(q));
}

/** The box after its handle was dragged from one point to another: it grows with the distance from its centre. */
export function resizeBox(box: RegionBox, grabbedLpsMm: Vec3, nowLpsMm: Vec3, fromLpsMm: Vec3): RegionBox {
  const before = Math.max(1, distance(grabbedLpsMm, fromLpsMm));
  const edgeMm = (box.edgeMm * distance(nowLpsMm, fromLpsMm)) / before;
  return { ...box, edgeMm: Math.min(LARGEST_EDGE_MM, Math.max(SMALLEST_EDGE_MM, edgeMm)) };
}
