import { addScaled, normalize, perpendicular, type Vec3 } from '#shared/geometry/vec3.ts';
import type { Random } from '#shared/random/random.ts';
import type { Shape } from '../scene.ts';
import { rotateAbout, scatter } from './curves.ts';
import { tube } from './shapes.ts';

export interface TreeOptions {
  readonly radiusMm: number;
  /** Branches thinner than this end. */
  readonly leastRadiusMm: number;
  /** Bound on the number of branches. */
  readonly limit: number;
  /** A direction that every branch leans to, with its weight per piece. */
  readonly lean?: { readonly direction: Vec3; readonly weight: number };
}

/**
 * A tree of tapering, slightly winding tubes that fork in two: daughters of 0.62–0.9 of the parent's radius, 15–55° off
 * (Murray's law: r³ = r₁³ + r₂³, which these fulfil in the mean). Used for pulmonary veins, arteries and bronchi.
 */
export function growTree(random: Random, start: Vec3, direction: Vec3, options: TreeOptions): Shape[] {
  const branches: Shape[] = [];
  const queue = [{ start, direction, radius: options.radiusMm }];
  while (queue.length > 0 && branches.length < options.limit) {
    const { start: from, direction: heading, radius } = queue.shift()!;
    const pieces = radius > 2 ? 3 : 2;
    const step = Math.min(26, Math.max(9, radius * random.uniform(3.2, 6.5))) / pieces;
    const points: Vec3[] = [from];
    const radii: number[] = [radius];
    let along = heading;
    let point = from;
    const endRadius = radius * random.uniform(0.8, 0.95);
    for (let piece = 1; piece <= pieces; piece++) {
      along = scatter(random, along, 0.13);
      if (options.lean) along = normalize(addScaled(along, options.lean.direction, options.lean.weight));
      point = addScaled(point, along, step);
      points.push(point);
      radii.push(radius + ((endRadius - radius) * piece) / pieces);
    }
    branches.push(tube(points, radii));
    const side = rotateAbout(perpendicular(along), along, random.uniform(0, 2 * Math.PI));
    const big = endRadius * random.uniform(0.78, 0.92);
    const small = endRadius * random.uniform(0.5, 0.8);
    for (const [childRadius, angle] of [
      [big, -random.uniform(0.15, 0.5)],
      [small, random.uniform(0.4, 0.95)],
    ] as const) {
      if (childRadius >= options.leastRadiusMm) {
        queue.push({ start: point, direction: rotateAbout(along, side, angle), radius: childRadius });
      }
    }
  }
  return branches;
}
