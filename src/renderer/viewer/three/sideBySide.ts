import { dot, subtract, type Vec3 } from '#shared/geometry/vec3.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { lpsToPixel, type PixelPoint, type PlaneDirections, type PlaneFrame } from '../planeFrame.ts';

/** From one surface to the next where they stand side by side, as a share of their width on the screen. */
const STEP = 1.1;

function widthMm({ positionsLpsMm: p }: TriangleMesh, [rx, ry, rz]: Vec3): number {
  let [least, most] = [Infinity, -Infinity];
  for (let at = 0; at < p.length; at += 3) {
    const along = p[at]! * rx + p[at + 1]! * ry + p[at + 2]! * rz;
    if (along < least) least = along;
    if (along > most) most = along;
  }
  return most > least ? most - least : 0;
}

/** A pane asks for the same width many times until it is turned. */
const known = new WeakMap<TriangleMesh, { readonly right: Vec3; readonly asideMm: number }>();

/** How far to the right of its place a surface is drawn that stands beside another, mm. */
export function asideMm(mesh: TriangleMesh, right: Vec3): number {
  const before = known.get(mesh);
  if (before?.right.every((value, axis) => value === right[axis])) return before.asideMm;
  const aside = STEP * widthMm(mesh, right);
  known.set(mesh, { right, asideMm: aside });
  return aside;
}

/** Between a surface and its name above it, and between names and the pane's edge, in pixels. */
const NAME_GAP_PIXELS = 10;
/** The pane's own words take the lines above. */
const FIRST_LINE_PIXELS = 66;

/** Where the name of a surface stands that is drawn so far to the right of its place: its middle, in pixels. */
export function nameAbove(mesh: TriangleMesh, frame: PlaneFrame, shiftMm: number): PixelPoint {
  const p = mesh.positionsLpsMm;
  let [left, right, top] = [Infinity, -Infinity, Infinity];
  for (let at = 0; at < p.length; at += 3) {
    const [x, y] = lpsToPixel(frame, [p[at]!, p[at + 1]!, p[at + 2]!]);
    if (x < left) left = x;
    if (x > right) right = x;
    if (y < top) top = y;
  }
  return [
    (left + right) / 2 + shiftMm / frame.mmPerPixel,
    Math.min(Math.max(FIRST_LINE_PIXELS, top - NAME_GAP_PIXELS), frame.heightPixels - NAME_GAP_PIXELS),
  ];
}

/** A ball that holds a surface. */
export interface Ball {
  readonly centreLpsMm: Vec3;
  readonly radiusMm: number;
}

/** What a pane has to show of a ball and of a surface to its right. */
export interface SideBySide {
  /** From the ball's middle to that of both, to the right, mm. */
  readonly shiftMm: number;
  readonly halfWidthMm: number;
  readonly halfHeightMm: number;
}

/** The room that two surfaces side by side take on the screen, the first in its place. */
export function sideBySide(
  first: Ball,
  second: Ball & { readonly mesh: TriangleMesh },
  { right, down }: Pick<PlaneDirections, 'right' | 'down'>,
): SideBySide {
  const between = subtract(second.centreLpsMm, first.centreLpsMm);
  const middle = dot(between, right) + asideMm(second.mesh, right);
  const from = Math.min(-first.radiusMm, middle - second.radiusMm);
  const to = Math.max(first.radiusMm, middle + second.radiusMm);
  return {
    shiftMm: (from + to) / 2,
    halfWidthMm: (to - from) / 2,
    halfHeightMm: Math.max(first.radiusMm, Math.abs(dot(between, down)) + second.radiusMm),
  };
}
