import { cross, normalize, type Vec3 } from '#shared/geometry/vec3.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import type { Axes, NamedShape, Shape } from '../scene.ts';
import { perpendicularTo, smoothCurve, spread } from './curves.ts';
import { compileField, type Field } from './shapeField.ts';

/** Short constructors of {@link Shape}. */
export const ellipsoid = (centreLpsMm: Vec3, radiiMm: Vec3, axes: Axes): Shape => ({
  kind: 'ellipsoid',
  centreLpsMm,
  radiiMm,
  axes,
});
export const ball = (centreLpsMm: Vec3, radiusMm: number): Shape =>
  ellipsoid(centreLpsMm, [radiusMm, radiusMm, radiusMm], IDENTITY_AXES);
export const tube = (
  pointsLpsMm: readonly Vec3[],
  radiiMm: readonly number[],
  squash?: { readonly axis: Vec3; readonly factor: number },
): Shape => ({ kind: 'tube', pointsLpsMm, radiiMm, ...withoutUndefined({ squash }) });
/** A tube along a smooth curve through a few points, its radius running through a few knots. */
export function curvedTube(
  points: readonly Vec3[],
  radiusKnotsMm: readonly number[],
  perSpan = 3,
  squash?: { readonly axis: Vec3; readonly factor: number },
): Shape {
  const curve = smoothCurve(points, perSpan);
  return tube(curve, spread(radiusKnotsMm, curve.length), squash);
}
export const box = (centreLpsMm: Vec3, halfSizesMm: Vec3, axes: Axes, roundingMm: number): Shape => ({
  kind: 'box',
  centreLpsMm,
  halfSizesMm,
  axes,
  roundingMm,
});
export const halfSpace = (pointLpsMm: Vec3, outwardNormal: Vec3): Shape => ({
  kind: 'halfSpace',
  pointLpsMm,
  outwardNormal,
});
export const union = (...of: readonly Shape[]): Shape => (of.length === 1 ? of[0]! : { kind: 'union', of });
export const intersection = (...of: readonly Shape[]): Shape => ({ kind: 'intersection', of });
export const smoothUnion = (blendMm: number, ...of: readonly Shape[]): Shape =>
  of.length === 1 ? of[0]! : { kind: 'smoothUnion', of, blendMm };
export const smoothIntersection = (blendMm: number, ...of: readonly Shape[]): Shape => ({
  kind: 'smoothIntersection',
  of,
  blendMm,
});
export const complement = (of: Shape): Shape => ({ kind: 'complement', of });
export const offset = (of: Shape, growMm: number): Shape => ({ kind: 'offset', of, growMm });
/** a where `other`, grown by a wall, leaves room for it. */
export const givingWay = (shape: Shape, other: Shape, wallMm: number): Shape =>
  intersection(shape, complement(offset(other, wallMm)));
export const rough = (of: Shape, amplitudeMm: number, wavelengthMm: number, seed: number): Shape => ({
  kind: 'rough',
  of,
  amplitudeMm,
  wavelengthMm,
  seed,
});

export const IDENTITY_AXES: Axes = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];

/** Axes whose third row is the unit vector `main`, the first as near to `hint` as that allows. */
export function axesAlong(main: Vec3, hint: Vec3): Axes {
  const first = perpendicularTo(hint, main);
  return [first, normalize(cross(main, first)), main];
}

/** The scene's shapes while they are being written: names, and a quick evaluator for what the builder must measure. */
export interface ShapeBook {
  /** Names a shape; the answer refers to it. */
  define(name: string, shape: Shape): Shape;
  field(shape: Shape): Field;
  readonly shapes: readonly NamedShape[];
}

export function createShapeBook(): ShapeBook {
  const shapes: NamedShape[] = [];
  const byName = new Map<string, Shape>();
  const compiled = new Map<string, Field>();
  const fieldOfName = (name: string): Field => {
    const known = compiled.get(name);
    if (known) return known;
    const shape = byName.get(name);
    if (!shape) throw new RangeError(`The scene has no shape called ${name}.`);
    const field = compileField(shape, fieldOfName);
    compiled.set(name, field);
    return field;
  };
  return {
    shapes,
    define(name, shape) {
      if (byName.has(name)) throw new RangeError(`The scene already has a shape called ${name}.`);
      byName.set(name, shape);
      shapes.push({ name, shape });
      return { kind: 'named', name };
    },
    field: (shape) => compileField(shape, fieldOfName),
  };
}
