import { addScaled, length, scale, type Vec3 } from '#shared/geometry/vec3.ts';
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
  const [u, v, w] = shape.axes;
  const [ru, rv, rw] = shape.radiiMm;
  return (x, y, z) => {
    const [dx, dy, dz] = [x - cx, y - cy, z - cz];
    const a = (u[0] * dx + u[1] * dy + u[2] * dz) / ru;
    const b = (v[0] * dx + v[1] * dy + v[2] * dz) / rv;
    const c = (w[0] * dx + w[1] * dy + w[2] * dz) / rw;
    const k0 = Math.sqrt(a * a + b * b + c * c);
    const k1 = Math.sqrt((a / ru) ** 2 + (b / rv) ** 2 + (c / rw) ** 2);
    return k1 < 1e-9 ? -Math.min(ru, rv, rw) : (k0 * (k0 - 1)) / k1;
  };
}

function tubeField(shape: Extract<Shape, { kind: 'tube' }>): Field {
  const count = shape.pointsLpsMm.length;
  const flat = new Float64Array(count * 4);
  shape.pointsLpsMm.forEach((point, index) => {
    flat.set([...point, shape.radiiMm[index]!], index * 4);
  });
  const [ux, uy, uz] = shape.squash?.axis ?? [0, 0, 0];
  const stretch = shape.squash ? 1 / shape.squash.factor - 1 : 0;
  return (x, y, z) => {
    let best = Number.POSITIVE_INFINITY;
    for (let at = 0; at + 4 < flat.length; at += 4) {
      const [ax, ay, az, ra] = [flat[at]!, flat[at + 1]!, flat[at + 2]!, flat[at + 3]!];
      const [bx, by, bz] = [flat[at + 4]! - ax, flat[at + 5]! - ay, flat[at + 6]! - az];
      const [px, py, pz] = [x - ax, y - ay, z - az];
      const t = Math.min(
        Math.max((px * bx + py * by + pz * bz) / (bx * bx + by * by + bz * bz + 1e-12), 0),
        1,
      );
      const [dx, dy, dz] = [px - t * bx, py - t * by, pz - t * bz];
      const radius = ra + (flat[at + 7]! - ra) * t;
      const d2 = dx * dx + dy * dy + dz * dz;
      const d = Math.sqrt(d2);
      let value = d - radius;
      if (stretch !== 0) {
        const along = dx * ux + dy * uy + dz * uz;
        // |d + along·stretch·u|² expanded.
        const s = Math.sqrt(d2 + along * along * (2 * stretch + stretch * stretch));
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
    const [dx, dy, dz] = [x - cx, y - cy, z - cz];
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
