import {
  addScaled,
  cross,
  distance,
  dot,
  perpendicular,
  subtract,
  type Vec3,
} from '#shared/geometry/vec3.ts';
import type { CropFrame } from '../../cropFrame.ts';
import type { FieldFunction } from '../../field/fieldFunction.ts';

/** One tapering piece of a tube: a ball of radius r0 at a, swept to one of r1 at b. LPS mm. */
export interface TubePiece {
  readonly a: Vec3;
  readonly b: Vec3;
  readonly radiusA: number;
  readonly radiusB: number;
}

/**
 * A shape with known fields, for tests and benches: a union of swept balls, of which the half-space distal of the
 * ostium plane is the lumen. `normal` points distally (from the atrium into the appendage).
 */
export interface AnalyticAppendage {
  readonly pieces: readonly TubePiece[];
  readonly ostiumPoint: Vec3;
  readonly normal: Vec3;
  /** Blends the pieces over this width, mm; 0 for a sharp union. */
  readonly blendMm: number;
}

/** Signed distance to the tube before it is cut (approximate where pieces taper or blend). */
export function tubeDistance(shape: AnalyticAppendage, x: number, y: number, z: number): number {
  let result = Infinity;
  for (const { a, b, radiusA, radiusB } of shape.pieces) {
    const [dx, dy, dz] = [b[0] - a[0], b[1] - a[1], b[2] - a[2]];
    const along = (x - a[0]) * dx + (y - a[1]) * dy + (z - a[2]) * dz;
    const t = Math.min(1, Math.max(0, along / (dx * dx + dy * dy + dz * dz)));
    const ex = x - a[0] - t * dx;
    const ey = y - a[1] - t * dy;
    const ez = z - a[2] - t * dz;
    const d = Math.sqrt(ex * ex + ey * ey + ez * ez) - radiusA - t * (radiusB - radiusA);
    if (shape.blendMm > 0 && Math.abs(d - result) < shape.blendMm) {
      const h = shape.blendMm - Math.abs(d - result);
      result = Math.min(d, result) - (h * h) / (4 * shape.blendMm);
    } else result = Math.min(result, d);
  }
  return result;
}

/** The rim: where the ostium plane cuts the tube, along rays from the ostium's centre. */
export function rimOf(shape: AnalyticAppendage, points = 360): Vec3[] {
  const u = perpendicular(shape.normal);
  const v = cross(shape.normal, u);
  return Array.from({ length: points }, (_, index) => {
    const angle = (2 * Math.PI * index) / points;
    const at = (radius: number): Vec3 =>
      addScaled(addScaled(shape.ostiumPoint, u, radius * Math.cos(angle)), v, radius * Math.sin(angle));
    let [low, high] = [0, 40];
    for (let step = 0; step < 40; step++) {
      const middle = (low + high) / 2;
      if (tubeDistance(shape, ...at(middle)) < 0) low = middle;
      else high = middle;
    }
    return at(low);
  });
}

function distanceToRim(rim: readonly Vec3[], x: number, y: number, z: number): number {
  let least = Infinity;
  for (const [px, py, pz] of rim) {
    const squared = (x - px) ** 2 + (y - py) ** 2 + (z - pz) ** 2;
    if (squared < least) least = squared;
  }
  return Math.sqrt(least);
}

/** How a network's fields differ from the exact ones. */
export interface FieldFlaws {
  /** Amplitude of smooth noise on both fields, mm, and its wavelength. */
  readonly noiseMm?: number;
  readonly wavelengthMm?: number;
  /** Width over which the unsigned field's kinks are rounded off, mm: √(u² + w²) leaves w on the wall. */
  readonly roundingMm?: number;
  /** Values are clamped to ± this, mm. Default 5. */
  readonly clampMm?: number;
  /** False pieces: balls of the signed field. */
  readonly islands?: readonly { readonly centre: Vec3; readonly radius: number }[];
  /** Places at which the unsigned field is wrongly raised: bumps of this height over a Gaussian of this width. */
  readonly bumps?: readonly { readonly centre: Vec3; readonly widthMm: number; readonly heightMm: number }[];
}

/** The shape's two fields in the normalised coordinates of a crop. */
export function analyticField(
  shape: AnalyticAppendage,
  frame: CropFrame,
  flaws: FieldFlaws = {},
): FieldFunction {
  const rim = rimOf(shape, 180);
  const { noiseMm = 0, wavelengthMm = 6, roundingMm = 0, clampMm = 5, islands = [], bumps = [] } = flaws;
  const wave = (2 * Math.PI) / wavelengthMm;
  const half = frame.edgeMm / 2;
  const clamp = (value: number): number => Math.min(clampMm, Math.max(-clampMm, value));
  const step = 1e-3;
  return async (points) => {
    const count = points.length / 3;
    const signedMm = new Float32Array(count);
    const unsignedMm = new Float32Array(count);
    for (let index = 0; index < count; index++) {
      const x = frame.centreLpsMm[0] + half * points[3 * index]!;
      const y = frame.centreLpsMm[1] + half * points[3 * index + 1]!;
      const z = frame.centreLpsMm[2] + half * points[3 * index + 2]!;
      const tube = tubeDistance(shape, x, y, z);
      const [nx, ny, nz] = shape.normal;
      const [ox, oy, oz] = shape.ostiumPoint;
      const proximal = -((x - ox) * nx + (y - oy) * ny + (z - oz) * nz);
      let signed = Math.max(tube, proximal);
      let unsigned = clampMm;
      if (Math.abs(tube) < clampMm) {
        // The foot on the tube; where it is proximal of the plane there is no wall, and the rim is nearest.
        const gx = (tubeDistance(shape, x + step, y, z) - tube) / step;
        const gy = (tubeDistance(shape, x, y + step, z) - tube) / step;
        const gz = (tubeDistance(shape, x, y, z + step) - tube) / step;
        const foot = proximal + tube * (gx * nx + gy * ny + gz * nz);
        if (foot <= 0) unsigned = Math.abs(tube);
      }
      // The rim lies in the ostium's plane: it is no nearer than the plane.
      if (Math.abs(proximal) < unsigned) unsigned = Math.min(unsigned, distanceToRim(rim, x, y, z));
      if (roundingMm > 0) unsigned = Math.sqrt(unsigned * unsigned + roundingMm * roundingMm);
      for (const { centre, radius } of islands) {
        signed = Math.min(signed, Math.hypot(x - centre[0], y - centre[1], z - centre[2]) - radius);
      }
      for (const { centre, widthMm, heightMm } of bumps) {
        const squared = (x - centre[0]) ** 2 + (y - centre[1]) ** 2 + (z - centre[2]) ** 2;
        unsigned += heightMm * Math.exp(-squared / (2 * widthMm * widthMm));
      }
      if (noiseMm > 0) {
        const a = Math.sin(wave * x + 1.3) * Math.sin(wave * y + 0.7) + Math.sin(wave * (z + x) * 0.8 + 2.1);
        const b = Math.sin(wave * (y - z) + 0.4) + Math.sin(wave * z + 1.9) * Math.sin(wave * x * 1.3 + 0.2);
        signed += 0.5 * noiseMm * a;
        unsigned = Math.abs(unsigned + 0.5 * noiseMm * b);
      }
      signedMm[index] = clamp(signed);
      unsignedMm[index] = Math.min(clampMm, unsigned);
    }
    return { signedMm, unsignedMm };
  };
}

/** Area of a closed planar polygon in 3-D, mm². */
export function polygonAreaMm2(polygon: readonly Vec3[]): number {
  let sum: Vec3 = [0, 0, 0];
  const origin = polygon[0]!;
  for (let index = 1; index + 1 < polygon.length; index++) {
    sum = addScaled(
      sum,
      cross(subtract(polygon[index]!, origin), subtract(polygon[index + 1]!, origin)),
      0.5,
    );
  }
  return Math.sqrt(dot(sum, sum));
}

/** Distance from a point to the nearest point of a closed polygon's vertices, mm. */
export const distanceToVertices = (point: Vec3, polygon: readonly Vec3[]): number =>
  polygon.reduce((least, vertex) => Math.min(least, distance(point, vertex)), Infinity);

/** A bent, tapering appendage of about 7 mL with a side lobe, its ostium 24 mm wide: the usual test piece. */
export const BENT_APPENDAGE: AnalyticAppendage = {
  pieces: [
    { a: [-10, 0, -12], b: [0, 0, 0], radiusA: 10, radiusB: 9 },
    { a: [0, 0, 0], b: [10, 4, 2], radiusA: 9, radiusB: 6 },
    { a: [10, 4, 2], b: [14, 10, -6], radiusA: 6, radiusB: 3.5 },
    { a: [4, 2, 2], b: [2, 10, 12], radiusA: 5, radiusB: 2.5 },
  ],
  ostiumPoint: [-4, 0, -5],
  normal: [0.64, 0, 0.768374908],
  blendMm: 2,
};
