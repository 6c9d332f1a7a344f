import { type DeviceShape, relatedMm } from '../contract/virtualDevice.ts';
import { addScaled, cross, dot, length, perpendicular, subtract, type Vec3 } from '../geometry/vec3.ts';
import type { TriangleMesh } from '../mesh/triangleMesh.ts';

/**
 * A device as a body of revolution about its axis, as it is outside of the body: nothing of it is compressed.
 */
export interface DeviceBody {
  readonly kind: DeviceShape['kind'];
  /**
   * From the end in the atrium to that in the appendage, mm: along the axis, from the widest circumference, and from the
   * axis. First and last point lie on the axis.
   */
  readonly outline: readonly (readonly [alongMm: number, radiusMm: number])[];
  /** Of the widest circumference, at 0 along the axis. */
  readonly radiusMm: number;
  /** Where the part that lies in the appendage begins: the lobe, or all of a cup. */
  readonly lobeFromMm: number;
}

/** Where a body lies. */
export interface BodyPlace {
  /** Of the widest circumference. */
  readonly centreLpsMm: Vec3;
  /** Unit vector away from the ostium. */
  readonly axis: Vec3;
}

/** Points of a rounded edge. */
const ROUND_STEPS = 6;

/** The body of a shape in a size. @throws RangeError where the shape has no such size, which its table's check excludes */
export function deviceBody(shape: DeviceShape, sizeMm: number): DeviceBody {
  const radiusMm = sizeMm / 2;
  const mm = (relation: Parameters<typeof relatedMm>[0]): number => {
    const known = relatedMm(relation, sizeMm);
    if (known === undefined) throw new RangeError('The shape has no such size.');
    return known;
  };
  if (shape.kind === 'cup') {
    const [length, shoulder] = [mm(shape.length), mm(shape.shoulder)];
    const face = mm(shape.faceDiameter) / 2;
    const end = mm(shape.endDiameter) / 2;
    /** A quarter of an ellipse from the widest circumference to a narrower one. */
    const rounded = (toMm: number, toRadius: number): [number, number][] =>
      Array.from({ length: ROUND_STEPS }, (_, at) => {
        const angle = ((Math.PI / 2) * (at + 1)) / ROUND_STEPS;
        return [toMm * Math.sin(angle), toRadius + (radiusMm - toRadius) * Math.cos(angle)];
      });
    return {
      kind: shape.kind,
      radiusMm,
      lobeFromMm: -shoulder,
      outline: [
        [-shoulder, 0],
        ...rounded(-shoulder, face).reverse(),
        [0, radiusMm],
        ...rounded(length - shoulder, end),
        [length - shoulder, 0],
      ],
    };
  }
  const half = mm(shape.lobeLength) / 2;
  const disc = mm(shape.discDiameter) / 2;
  const waist = mm(shape.waistDiameter) / 2;
  const discTo = -half - mm(shape.waistLength);
  const discFrom = discTo - mm(shape.discThickness);
  return {
    kind: shape.kind,
    radiusMm,
    lobeFromMm: -half,
    outline: [
      [discFrom, 0],
      [discFrom, disc],
      [discTo, disc],
      [discTo, waist],
      [-half, waist],
      [-half, radiusMm],
      [half, radiusMm],
      [half, 0],
    ],
  };
}

/** Beside each corner of the outline lies a ring, so that faces keep their own shade, mm. */
const BESIDE_CORNER_MM = 0.3;

/** The surface of a body in its place: closed, outward, LPS mm. */
export function bodyMesh({ outline }: DeviceBody, place: BodyPlace, around = 64): TriangleMesh {
  const { centreLpsMm, axis } = place;
  const u = perpendicular(axis);
  const v = cross(axis, u);
  const rings = withRingsAtCorners(outline);
  const positions: number[] = [];
  const triangles: number[] = [];
  const onAxis = (alongMm: number): Vec3 => addScaled(centreLpsMm, axis, alongMm);
  const [first, ...rest] = rings;
  const last = rest.pop();
  if (!first || !last) throw new RangeError('An outline needs two ends.');
  for (const [alongMm, radiusMm] of rest) {
    for (let step = 0; step < around; step++) {
      const angle = (2 * Math.PI * step) / around;
      const aside = addScaled(onAxis(alongMm), u, radiusMm * Math.cos(angle));
      positions.push(...addScaled(aside, v, radiusMm * Math.sin(angle)));
    }
  }
  const [start, end] = [rest.length * around, rest.length * around + 1];
  positions.push(...onAxis(first[0]), ...onAxis(last[0]));
  for (let step = 0; step < around; step++) {
    const next = (step + 1) % around;
    triangles.push(start, next, step);
    for (let ring = 0; ring + 1 < rest.length; ring++) {
      const [a, b] = [ring * around + step, ring * around + next];
      triangles.push(a, b, b + around, a, b + around, a + around);
    }
    const from = (rest.length - 1) * around;
    triangles.push(end, from + step, from + next);
  }
  return { positionsLpsMm: Float32Array.from(positions), triangles: Uint32Array.from(triangles) };
}

function withRingsAtCorners(outline: DeviceBody['outline']): [number, number][] {
  return outline.flatMap(([along, radius], at): [number, number][] => {
    const next = outline[at + 1];
    if (!next) return [[along, radius]];
    const [dAlong, dRadius] = [next[0] - along, next[1] - radius];
    const mm = Math.hypot(dAlong, dRadius);
    if (mm < 4 * BESIDE_CORNER_MM) return [[along, radius]];
    const between = (share: number): [number, number] => [along + share * dAlong, radius + share * dRadius];
    const share = BESIDE_CORNER_MM / mm;
    return [[along, radius], between(share), between(1 - share)];
  });
}

/** The distance from a body's surface to a point, mm; 0 within it. */
export function distanceToBody({ outline }: DeviceBody, place: BodyPlace, pointLpsMm: Vec3): number {
  const offset = subtract(pointLpsMm, place.centreLpsMm);
  const along = dot(offset, place.axis);
  const radius = length(addScaled(offset, place.axis, -along));
  let nearest = Infinity;
  let isInside = false;
  for (let at = 0; at + 1 < outline.length; at++) {
    const [[a, ra], [b, rb]] = [outline[at]!, outline[at + 1]!];
    const [da, dr] = [b - a, rb - ra];
    const squared = da * da + dr * dr;
    const share =
      squared === 0 ? 0 : Math.min(1, Math.max(0, ((along - a) * da + (radius - ra) * dr) / squared));
    nearest = Math.min(nearest, Math.hypot(a + share * da - along, ra + share * dr - radius));
    // The outline and the axis enclose half of the body's section.
    if (a > along !== b > along && radius < ra + ((along - a) / da) * dr) isInside = !isInside;
  }
  return isInside ? 0 : nearest;
}
