import { ON_CAP_MM } from '../anatomy/landingZone.ts';
import type { PlaneLps } from '../anatomy/plane.ts';
import { cross, dot, perpendicular, subtract } from '../geometry/vec3.ts';
import { type TriangleMesh, vertexCount } from '../mesh/triangleMesh.ts';
import type { BodyPlace } from './deviceBody.ts';

/** The lumen's wall as it is seen from an axis. */
export interface LumenAround {
  /**
   * The distance from the axis to the wall in even directions, at a place along it, mm; NaN towards the ostium's opening.
   * Null where the axis lies outside of the lumen there.
   */
  wallMm(alongMm: number): Float64Array | null;
  /** Where the axis, from its centre on, first meets the surface, mm; null where it does not. */
  readonly leavesAtMm: number | null;
}

/** In even steps round the axis. */
export const WALL_DIRECTIONS = 120;
/** Symmetric surfaces have corners at round angles; directions between them meet faces instead. */
const FIRST_DIRECTION = 0.37;
const STEP = (2 * Math.PI) / WALL_DIRECTIONS;

/**
 * Looks from an axis at the wall round it.
 *
 * Example: in a tube of radius 10 along the axis every direction has 10; with the axis leaning by 30° the section is an
 * ellipse, and the directions have from 10 to 10/cos 30° = 11.5.
 * @param closed the closed lumen, LPS mm. @param ostium the plane that it ends at: its cap is no wall
 */
export function lumenAround(closed: TriangleMesh, place: BodyPlace, ostium: PlaneLps): LumenAround {
  const { centreLpsMm, axis } = place;
  const u = perpendicular(axis);
  const v = cross(axis, u);
  const { positionsLpsMm: p, triangles } = closed;
  const [cx, cy, cz] = centreLpsMm;
  /** Across, across, along. */
  const own = new Float32Array(p.length);
  for (let at = 0; at < 3 * vertexCount(closed); at += 3) {
    const [x, y, z] = [p[at]! - cx, p[at + 1]! - cy, p[at + 2]! - cz];
    own[at] = x * u[0] + y * u[1] + z * u[2];
    own[at + 1] = x * v[0] + y * v[1] + z * v[2];
    own[at + 2] = x * axis[0] + y * axis[1] + z * axis[2];
  }
  const centreHeight = dot(subtract(centreLpsMm, ostium.pointLpsMm), ostium.normal);
  const slopes = [dot(u, ostium.normal), dot(v, ostium.normal), dot(axis, ostium.normal)] as const;
  const heightOf = (x: number, y: number, along: number): number =>
    centreHeight + x * slopes[0] + y * slopes[1] + along * slopes[2];

  const wallMm = (alongMm: number): Float64Array | null => {
    const nearest = new Float64Array(WALL_DIRECTIONS).fill(Infinity);
    const crossings = new Uint16Array(WALL_DIRECTIONS);
    for (let face = 0; face < triangles.length; face += 3) {
      const [a, b, c] = [3 * triangles[face]!, 3 * triangles[face + 1]!, 3 * triangles[face + 2]!];
      const [above, aboveB, aboveC] = [
        own[a + 2]! >= alongMm,
        own[b + 2]! >= alongMm,
        own[c + 2]! >= alongMm,
      ];
      if (above === aboveB && above === aboveC) continue;
      // The corner that lies alone on its side.
      const [lone, second, third] = above === aboveB ? [c, a, b] : above === aboveC ? [b, c, a] : [a, b, c];
      const s = (alongMm - own[lone + 2]!) / (own[second + 2]! - own[lone + 2]!);
      const t = (alongMm - own[lone + 2]!) / (own[third + 2]! - own[lone + 2]!);
      addSegment(
        nearest,
        crossings,
        own[lone]! + s * (own[second]! - own[lone]!),
        own[lone + 1]! + s * (own[second + 1]! - own[lone + 1]!),
        own[lone]! + t * (own[third]! - own[lone]!),
        own[lone + 1]! + t * (own[third + 1]! - own[lone + 1]!),
      );
    }
    const inside = crossings.reduce((sum, count) => sum + (count % 2), 0);
    if (inside < WALL_DIRECTIONS / 2) return null;
    return nearest.map((mm, at) => {
      const angle = (at + FIRST_DIRECTION) * STEP;
      const isOpening = heightOf(mm * Math.cos(angle), mm * Math.sin(angle), alongMm) < ON_CAP_MM;
      return mm === Infinity || isOpening ? Number.NaN : mm;
    });
  };

  return { wallMm, leavesAtMm: leavesAt(own, triangles) };
}

/** Enters a segment of the wall into the directions in which it is seen from the origin. */
function addSegment(
  nearest: Float64Array,
  crossings: Uint16Array,
  ax: number,
  ay: number,
  bx: number,
  by: number,
): void {
  const angle = Math.atan2(ay, ax);
  const swept = Math.atan2(ax * by - ay * bx, ax * bx + ay * by);
  const [from, to] = swept > 0 ? [angle, angle + swept] : [angle + swept, angle];
  const [ex, ey] = [bx - ax, by - ay];
  // The first direction counts and the last does not: a corner between two segments counts once.
  for (let at = Math.ceil(from / STEP - FIRST_DIRECTION); (at + FIRST_DIRECTION) * STEP < to; at++) {
    const direction = (at + FIRST_DIRECTION) * STEP;
    const [dx, dy] = [Math.cos(direction), Math.sin(direction)];
    const across = dx * ey - dy * ex;
    if (across === 0) continue;
    const mm = (ax * ey - ay * ex) / across;
    const index = ((at % WALL_DIRECTIONS) + WALL_DIRECTIONS) % WALL_DIRECTIONS;
    crossings[index]!++;
    if (mm < nearest[index]!) nearest[index] = mm;
  }
}

/** Where the third axis, from 0 on, first crosses the surface. */
function leavesAt(own: Float32Array, triangles: Uint32Array): number | null {
  let first = Infinity;
  for (let face = 0; face < triangles.length; face += 3) {
    const [a, b, c] = [3 * triangles[face]!, 3 * triangles[face + 1]!, 3 * triangles[face + 2]!];
    const [ax, ay, bx, by, cx, cy] = [own[a]!, own[a + 1]!, own[b]!, own[b + 1]!, own[c]!, own[c + 1]!];
    const area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
    if (area === 0) continue;
    const [shareB, shareC] = [(cx * ay - cy * ax) / area, (ax * by - ay * bx) / area];
    if (shareB < 0 || shareC < 0 || shareB + shareC > 1) continue;
    const [alongA, alongB, alongC] = [own[a + 2]!, own[b + 2]!, own[c + 2]!];
    const along = alongA + shareB * (alongB - alongA) + shareC * (alongC - alongA);
    if (along > 0) first = Math.min(first, along);
  }
  return first === Infinity ? null : first;
}
