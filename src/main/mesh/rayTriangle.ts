import { hypot3 } from '#shared/geometry/vec3.ts';

/** A face seen along its plane by less than this, as a share of the product of the lengths, is not met where edges are left out. */
const EDGE_ON = 1e-12;

/**
 * Where a ray meets a triangle, in lengths of the ray's direction; NaN where it misses. By Möller and Trumbore, "Fast,
 * minimum storage ray/triangle intersection", Journal of Graphics Tools 1997.
 * @param p coordinates, mm; the corners begin at a, b and c
 * @param x with y and z where the ray begins, mm; dx, dy, dz its direction
 * @param isOpen the triangle without its edges: two faces that touch there do not pierce each other, while a ray that
 *   leaves a closed mesh through an edge must not miss both its faces
 */
export function rayTriangle(
  p: Float32Array,
  a: number,
  b: number,
  c: number,
  x: number,
  y: number,
  z: number,
  dx: number,
  dy: number,
  dz: number,
  isOpen: boolean,
): number {
  const ux = p[b]! - p[a]!;
  const uy = p[b + 1]! - p[a + 1]!;
  const uz = p[b + 2]! - p[a + 2]!;
  const vx = p[c]! - p[a]!;
  const vy = p[c + 1]! - p[a + 1]!;
  const vz = p[c + 2]! - p[a + 2]!;
  const hx = dy * vz - dz * vy;
  const hy = dz * vx - dx * vz;
  const hz = dx * vy - dy * vx;
  const determinant = ux * hx + uy * hy + uz * hz;
  const wx = x - p[a]!;
  const wy = y - p[a + 1]!;
  const wz = z - p[a + 2]!;
  const first = (wx * hx + wy * hy + wz * hz) / determinant;
  if (isOpen ? first <= 0 || first >= 1 : first < 0 || first > 1) return Number.NaN;
  const qx = wy * uz - wz * uy;
  const qy = wz * ux - wx * uz;
  const qz = wx * uy - wy * ux;
  const other = (dx * qx + dy * qy + dz * qz) / determinant;
  if (isOpen ? other <= 0 || first + other >= 1 : other < 0 || first + other > 1) return Number.NaN;
  // Looked at last, for hardly any triangle comes so far: dividing by 0 above gives infinities, or what compares with nothing.
  const least = isOpen ? EDGE_ON * (hypot3(dx, dy, dz) * hypot3(ux, uy, uz) * hypot3(vx, vy, vz)) : 0;
  if (Math.abs(determinant) <= least) return Number.NaN;
  return (vx * qx + vy * qy + vz * qz) / determinant;
}
