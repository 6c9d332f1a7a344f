import { addScaled, distance, length, scale, type Vec3 } from '#shared/geometry/vec3.ts';
import type { Shape } from '../scene.ts';

/** f(p) of a shape in mm, negative inside. */
export type Field = (x: number, y: number, z: number) => number;

/**
 * A shape as a closure, for the few thousand samples that a builder needs while it places one organ beside another.
 * It follows the formulas of scene.ts except that roughness, which is small, is left out. Pictures, truth and tests use
 * the scene evaluator.
 */
export function compileField(shape: Shape, named: (name: string) => Field): Field {
  switch (shape.kind) {
    case 'ellipsoid':
      return ellipsoidField(shape);
    case 'tube':
      return tubeField(shape);
    case 'box':
      return boxField(shape);
    case 'halfSpace': {
      const [px, py, pz] = shape.pointLpsMm;
      const [nx, ny, nz] = shape.outwardNormal;
      return (x, y, z) => (x - px) * nx + (y - py) * ny + (z - pz) * nz;
    }
    case 'union':
    case 'intersection': {
      const parts = shape.of.map((part) => compileField(part, named));
      const pick = shape.kind === 'union' ? Math.min : Math.max;
      return (x, y, z) => {
        let value = parts[0]!(x, y, z);
        for (let index = 1; index < parts.length; index++) value = pick(value, parts[index]!(x, y, z));
        return value;
      };
    }
    case 'smoothUnion':
    case 'smoothIntersection': {
      const parts = shape.of.map((part) => compileField(part, named));
      const sign = shape.kind === 'smoothUnion' ? 1 : -1;
      const blend = shape.blendMm;
      return (x, y, z) => {
        let value = sign * parts[0]!(x, y, z);
        for (let index = 1; index < parts.length; index++) {
          value = smoothMinimum(value, sign * parts[index]!(x, y, z), blend);
        }
        return sign * value;
      };
    }
    case 'complement': {
      const of = compileField(shape.of, named);
      return (x, y, z) => -of(x, y, z);
    }
    case 'offset': {
      const of = compileField(shape.of, named);
      const { growMm } = shape;
      return (x, y, z) => of(x, y, z) - growMm;
    }
    case 'rough':
      return compileField(shape.of, named);
    case 'named':
      return named(shape.name);
  }
}

function smoothMinimum(a: number, b: number, blend: number): number {
  const h = Math.min(Math.max(0.5 + (0.5 * (b - a)) / blend, 0), 1);
  return b + (a - b) * h - blend * h * (1 - h);
}

function ellipsoidField(shape: Extract<Shape, { kind: 'ellipsoid' }>): Field {
  const [cx, cy, cz] = shape.centreLpsMm;
  const [[ux, uy, uz], [vx, vy, vz], [wx, wy, wz]] = shape.axes;
  const [ru, rv, rw] = shape.radiiMm;
  return (x, y, z) => {
    const dx = x - cx;
    const dy = y - cy;
    const dz = z - cz;
    const a = (ux * dx + uy * dy + uz * dz) / ru;
    const b = (vx * dx + vy * dy + vz * dz) / rv;
    const c = (wx * dx + wy * dy + wz * dz) / rw;
    const k0 = Math.sqrt(a * a + b * b + c * c);
    const k1 = Math.sqrt((a * a) / (ru * ru) + (b * b) / (rv * rv) + (c * c) / (rw * rw));
    return k1 < 1e-9 ? -Math.min(ru, rv, rw) : (k0 * (k0 - 1)) / k1;
  };
}

/** Beyond this distance from a tube's bounding ball a bound is enough: the builder needs no exact distance. */
const TUBE_FAR_MM = 45;

function tubeField(shape: Extract<Shape, { kind: 'tube' }>): Field {
  const { pointsLpsMm: points, radiiMm: radii } = shape;
  const segments = points.length - 1;
  // Start 3, direction 3, 1/length², radius, change of radius.
  const flat = new Float64Array(Math.max(1, segments) * 9);
  for (let index = 0; index < segments; index++) {
    const a = points[index]!;
    const b = points[index + 1]!;
    const d: Vec3 = [b[0] - a[0], b[1] - a[1], b[2] - a[2]];
    const squared = d[0] * d[0] + d[1] * d[1] + d[2] * d[2];
    flat.set(
      [...a, ...d, 1 / (squared + 1e-12), radii[index]!, radii[index + 1]! - radii[index]!],
      index * 9,
    );
  }
  const middle = points[Math.floor(points.length / 2)]!;
  const factor = Math.max(1, shape.squash?.factor ?? 1);
  let ball = 0;
  for (let index = 0; index < points.length; index++) {
    ball = Math.max(ball, distance(points[index]!, middle) + radii[index]! * factor);
  }
  const [mx, my, mz] = middle;
  const ux = shape.squash?.axis[0] ?? 0;
  const uy = shape.squash?.axis[1] ?? 0;
  const uz = shape.squash?.axis[2] ?? 0;
  const stretch = shape.squash ? 1 / shape.squash.factor - 1 : 0;
  const stretchSquared = 2 * stretch + stretch * stretch;
  const far = (ball + TUBE_FAR_MM) * (ball + TUBE_FAR_MM);
  return (x, y, z) => {
    const toMiddle = (x - mx) * (x - mx) + (y - my) * (y - my) + (z - mz) * (z - mz);
    if (toMiddle > far) return Math.sqrt(toMiddle) - ball;
    let best = Number.POSITIVE_INFINITY;
    for (let at = 0; at < flat.length; at += 9) {
      const bx = flat[at + 3]!;
      const by = flat[at + 4]!;
      const bz = flat[at + 5]!;
      const px = x - flat[at]!;
      const py = y - flat[at + 1]!;
      const pz = z - flat[at + 2]!;
      let t = (px * bx + py * by + pz * bz) * flat[at + 6]!;
      t = t < 0 ? 0 : Math.min(t, 1);
      const dx = px - t * bx;
      const dy = py - t * by;
      const dz = pz - t * bz;
      const radius = flat[at + 7]! + flat[at + 8]! * t;
      const d2 = dx * dx + dy * dy + dz * dz;
      const d = Math.sqrt(d2);
      let value = d - radius;
      if (stretch !== 0) {
        const along = dx * ux + dy * uy + dz * uz;
        // |d + along·stretch·u|² expanded.
        const s = Math.sqrt(d2 + along * along * stretchSquared);
        value = s < 1e-9 ? -radius : d * (1 - radius / s);
      }
      if (value < best) best = value;
    }
    return best;
  };
}

function boxField(shape: Extract<Shape, { kind: 'box' }>): Field {
  const [cx, cy, cz] = shape.centreLpsMm;
  const [u, v, w] = shape.axes;
  const r = shape.roundingMm;
  const [hu, hv, hw] = shape.halfSizesMm;
  return (x, y, z) => {
    const dx = x - cx;
    const dy = y - cy;
    const dz = z - cz;
    const a = Math.abs(u[0] * dx + u[1] * dy + u[2] * dz) - hu + r;
    const b = Math.abs(v[0] * dx + v[1] * dy + v[2] * dz) - hv + r;
    const c = Math.abs(w[0] * dx + w[1] * dy + w[2] * dz) - hw + r;
    const outside = Math.hypot(Math.max(a, 0), Math.max(b, 0), Math.max(c, 0));
    return outside + Math.min(Math.max(a, b, c), 0) - r;
  };
}

export const fieldAt = (field: Field, point: Vec3): number => field(point[0], point[1], point[2]);

/** The direction in which f grows fastest, a unit vector, by central differences of ±h mm. */
export function gradientAt(field: Field, [x, y, z]: Vec3, h = 0.5): Vec3 {
  const gradient: Vec3 = [
    field(x + h, y, z) - field(x - h, y, z),
    field(x, y + h, z) - field(x, y - h, z),
    field(x, y, z + h) - field(x, y, z - h),
  ];
  const norm = length(gradient);
  return norm < 1e-9 ? [0, 0, 1] : scale(gradient, 1 / norm);
}

/** The first point on the ray from `inside` where f rises to `level`, by marching and bisection; within `reachMm`. */
export function surfacePoint(field: Field, inside: Vec3, direction: Vec3, level = 0, reachMm = 90): Vec3 {
  let low = 0;
  let high = reachMm;
  for (let at = 2; at < reachMm; at += 2) {
    if (fieldAt(field, addScaled(inside, direction, at)) > level) {
      high = at;
      low = at - 2;
      break;
    }
  }
  for (let step = 0; step < 16; step++) {
    const middle = (low + high) / 2;
    if (fieldAt(field, addScaled(inside, direction, middle)) > level) high = middle;
    else low = middle;
  }
  return addScaled(inside, direction, high);
}

/** The point moved along the gradient until f = level (`both`), or only if it is nearer than that (`push`). */
export function moveToLevel(field: Field, start: Vec3, level: number, mode: 'both' | 'push' = 'push'): Vec3 {
  let point = start;
  for (let step = 0; step < 4; step++) {
    const value = fieldAt(field, point);
    const missing = level - value;
    if (Math.abs(missing) < 0.05 || (mode === 'push' && missing < 0)) break;
    point = addScaled(point, gradientAt(field, point), Math.max(-8, Math.min(8, missing)));
  }
  return point;
}
