import { addScaled, cross, perpendicular, type Vec3 } from '#shared/geometry/vec3.ts';
import { type Field, fieldAt } from './shapeField.ts';

export interface OstiumPlane {
  readonly pointLpsMm: Vec3;
  /** Unit vector into the appendage. */
  readonly normal: Vec3;
}

/** The section of a lumen by a plane, on a square lattice. */
export interface Section {
  readonly areaMm2: number;
  readonly pieces: number;
  readonly longDiameterMm: number;
  readonly shortDiameterMm: number;
  readonly centreLpsMm: Vec3;
  /** Whether the section stays clear of the lattice's edge. */
  readonly closed: boolean;
}

/**
 * Cuts a lumen with a plane: a lattice of `spacingMm` that reaches `halfWidthMm` round the plane's point.
 * `marginPieces` counts the pieces of the lumen grown by `marginMm`: more than one means that something else comes
 * close to the plane.
 */
export function cutSection(
  lumen: Field,
  plane: OstiumPlane,
  spacingMm: number,
  marginMm: number,
  halfWidthMm = 26,
): Section & { readonly marginPieces: number } {
  const u = perpendicular(plane.normal);
  const v = cross(plane.normal, u);
  const half = Math.ceil(halfWidthMm / spacingMm);
  const n = 2 * half + 1;
  const at = (i: number, j: number): Vec3 =>
    addScaled(addScaled(plane.pointLpsMm, u, (i - half) * spacingMm), v, (j - half) * spacingMm);
  const values = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    for (let i = 0; i < n; i++) values[i + n * j] = fieldAt(lumen, at(i, j));
  }
  const below = (level: number) => Uint8Array.from(values, (value) => (value < level ? 1 : 0));
  return {
    ...sectionOfLattice(below(0), n, spacingMm, at),
    marginPieces: sectionOfLattice(below(marginMm), n, spacingMm, at).pieces,
  };
}

/** Where the flaring wall grazes the plane, single lattice points are detached; they do not count as contours. */
const SPECK_MM2 = 4;

/**
 * Measures a section given as an n × n lattice of ones and zeros (which it marks); `at` gives a lattice point in LPS
 * mm.
 */
export function sectionOfLattice(
  inside: Uint8Array,
  n: number,
  spacingMm: number,
  at: (i: number, j: number) => Vec3,
): Section {
  let pieces = 0;
  let closed = true;
  let [count, sumI, sumJ, sII, sIJ, sJJ] = [0, 0, 0, 0, 0, 0];
  const stack: number[] = [];
  for (let start = 0; start < inside.length; start++) {
    if (inside[start] !== 1) continue;
    const before = count;
    stack.push(start);
    inside[start] = 2;
    while (stack.length > 0) {
      const index = stack.pop()!;
      const [i, j] = [index % n, Math.floor(index / n)];
      count++;
      sumI += i;
      sumJ += j;
      sII += i * i;
      sIJ += i * j;
      sJJ += j * j;
      if (i === 0 || j === 0 || i === n - 1 || j === n - 1) {
        closed = false;
        continue;
      }
      for (const next of [index - 1, index + 1, index - n, index + n]) {
        if (inside[next] === 1) {
          inside[next] = 2;
          stack.push(next);
        }
      }
    }
    if ((count - before) * spacingMm * spacingMm >= SPECK_MM2) pieces++;
  }
  const [mI, mJ] = [sumI / Math.max(1, count), sumJ / Math.max(1, count)];
  const [a, b, c] = [sII / count - mI * mI, sIJ / count - mI * mJ, sJJ / count - mJ * mJ];
  const root = Math.hypot((a - c) / 2, b);
  // A filled ellipse has variance (semi-axis)²/4 along each axis.
  const axis = (variance: number) => 4 * Math.sqrt(Math.max(0, variance)) * spacingMm;
  return {
    areaMm2: count * spacingMm * spacingMm,
    pieces,
    longDiameterMm: count ? axis((a + c) / 2 + root) : 0,
    shortDiameterMm: count ? axis((a + c) / 2 - root) : 0,
    centreLpsMm: at(mI, mJ),
    closed,
  };
}

/** Share of the points `beyondMm` outside of the section's rim, in the plane, that lie in the atrium or a vein. */
export function shareInAtrium(
  lumen: Field,
  atrial: Field,
  plane: OstiumPlane,
  centre: Vec3,
  beyondMm: number,
): number {
  const u = perpendicular(plane.normal);
  const v = cross(plane.normal, u);
  const count = 24;
  let within = 0;
  for (let index = 0; index < count; index++) {
    const angle = (2 * Math.PI * index) / count;
    const ray = addScaled(
      [u[0] * Math.cos(angle), u[1] * Math.cos(angle), u[2] * Math.cos(angle)],
      v,
      Math.sin(angle),
    );
    let reach = 1;
    while (reach < 30 && fieldAt(lumen, addScaled(centre, ray, reach)) < 0) reach += 0.75;
    if (fieldAt(atrial, addScaled(centre, ray, reach + beyondMm)) < 0) within++;
  }
  return within / count;
}
