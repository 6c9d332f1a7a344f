import type { Vec3 } from '#shared/geometry/vec3.ts';
import { FAR_MM, type NamedShape, type PhantomScene, type Shape } from '../scene.ts';

/** An axis-aligned box in LPS mm. */
export interface BoxLps {
  readonly low: Vec3;
  readonly high: Vec3;
}

const EVERYWHERE: BoxLps = { low: [-1e9, -1e9, -1e9], high: [1e9, 1e9, 1e9] };

/**
 * The scene without what a box can never show: primitives further than FAR_MM from it, and tissues made of nothing else.
 * Within the box every tissue's inside stays as it was; only distances beyond FAR_MM change.
 */
export function cullScene(scene: PhantomScene, box: BoxLps): PhantomScene {
  const kept = new Map<string, Culled>();
  const shapes: NamedShape[] = [];
  const reach = reachesMm(scene);
  for (const { name, shape } of scene.shapes) {
    const culled = cull(shape, grown(box, reach.get(name) ?? 0), kept);
    kept.set(name, culled);
    if (culled.shape !== 'nothing' && culled.shape !== 'everything')
      shapes.push({ name, shape: culled.shape });
  }
  const tissues = scene.tissues.filter((tissue) => {
    const culled = kept.get(tissue.shape);
    return culled !== undefined && culled.shape !== 'nothing';
  });
  const used = new Set<string>();
  const visit = (name: string): void => {
    if (used.has(name)) return;
    used.add(name);
    const culled = kept.get(name);
    if (culled && typeof culled.shape === 'object') for (const inner of namesIn(culled.shape)) visit(inner);
  };
  for (const tissue of tissues) visit(tissue.shape);
  visit(scene.appendage.bodyShape);
  const isThere = (name: string): boolean => shapes.some((shape) => shape.name === name);
  const surroundings = Object.entries(scene.surroundings ?? {}).filter(([, names]) => names.every(isThere));
  for (const [, names] of surroundings) for (const name of names) visit(name);
  return {
    ...scene,
    shapes: shapes.filter(({ name }) => used.has(name)),
    tissues,
    ...(scene.surroundings ? { surroundings: Object.fromEntries(surroundings) } : {}),
  };
}

/** How far beyond the box each named shape still matters, because others grow, blend or roughen it. */
function reachesMm(scene: PhantomScene): Map<string, number> {
  const reach = new Map<string, number>();
  const visit = (shape: Shape, extraMm: number): void => {
    switch (shape.kind) {
      case 'named':
        reach.set(shape.name, Math.max(extraMm, reach.get(shape.name) ?? 0));
        break;
      case 'union':
      case 'intersection':
        for (const part of shape.of) visit(part, extraMm);
        break;
      case 'smoothUnion':
      case 'smoothIntersection':
        for (const part of shape.of) visit(part, extraMm + shape.blendMm / 2);
        break;
      case 'complement':
        visit(shape.of, extraMm);
        break;
      case 'offset':
        visit(shape.of, extraMm + Math.max(0, shape.growMm));
        break;
      case 'rough':
        visit(shape.of, extraMm + shape.amplitudeMm);
        break;
      default:
    }
  };
  for (const { name, shape } of [...scene.shapes].reverse()) visit(shape, reach.get(name) ?? 0);
  return reach;
}

interface Culled {
  readonly shape: Shape | 'nothing' | 'everything';
  readonly bounds: BoxLps;
}

function cull(shape: Shape, box: BoxLps, named: ReadonlyMap<string, Culled>): Culled {
  switch (shape.kind) {
    case 'ellipsoid': {
      const reach = boxReach(shape.axes, shape.radiiMm, 2);
      return keepIfNear(shape, around(shape.centreLpsMm, reach), box);
    }
    case 'box':
      return keepIfNear(shape, around(shape.centreLpsMm, boxReach(shape.axes, shape.halfSizesMm, 1)), box);
    case 'tube':
      return cullTube(shape, box);
    case 'halfSpace':
      return { shape, bounds: EVERYWHERE };
    case 'union':
    case 'smoothUnion': {
      const near = shape.kind === 'smoothUnion' ? grown(box, shape.blendMm / 2) : box;
      const parts = shape.of.map((part) => cull(part, near, named));
      if (parts.some((part) => part.shape === 'everything'))
        return { shape: 'everything', bounds: EVERYWHERE };
      const blend = shape.kind === 'smoothUnion' ? shape.blendMm / 2 : 0;
      const kept = parts.flatMap((part) => (typeof part.shape === 'object' ? [part.shape] : []));
      const bounds = grown(
        parts
          .filter((part) => part.shape !== 'nothing')
          .map((part) => part.bounds)
          .reduce(hull, NOWHERE),
        blend,
      );
      if (kept.length === 0) return NOTHING;
      return { shape: kept.length === 1 ? kept[0]! : { ...shape, of: kept }, bounds };
    }
    case 'intersection':
    case 'smoothIntersection': {
      const parts = shape.of.map((part) => cull(part, box, named));
      if (parts.some((part) => part.shape === 'nothing')) return NOTHING;
      const kept = parts.flatMap((part) => (typeof part.shape === 'object' ? [part.shape] : []));
      if (kept.length === 0) return { shape: 'everything', bounds: EVERYWHERE };
      const bounds = parts.map((part) => part.bounds).reduce(common, EVERYWHERE);
      if (isFar(bounds, box)) return NOTHING;
      return { shape: kept.length === 1 ? kept[0]! : { ...shape, of: kept }, bounds };
    }
    case 'complement': {
      const of = cull(shape.of, box, named);
      if (of.shape === 'nothing') return { shape: 'everything', bounds: EVERYWHERE };
      if (of.shape === 'everything') return NOTHING;
      return { shape: { ...shape, of: of.shape }, bounds: EVERYWHERE };
    }
    case 'offset':
    case 'rough': {
      const grow = shape.kind === 'offset' ? shape.growMm : shape.amplitudeMm;
      const of = cull(shape.of, grown(box, Math.max(0, grow)), named);
      if (typeof of.shape !== 'object') return of;
      return { shape: { ...shape, of: of.shape }, bounds: grown(of.bounds, Math.max(0, grow)) };
    }
    case 'named': {
      const of = named.get(shape.name) ?? NOTHING;
      return { shape: typeof of.shape === 'object' ? shape : of.shape, bounds: of.bounds };
    }
  }
}

/** Keeps the runs of segments that come near the box. */
function cullTube(shape: Extract<Shape, { kind: 'tube' }>, box: BoxLps): Culled {
  const { pointsLpsMm: points, radiiMm: radii } = shape;
  const runs: Shape[] = [];
  let bounds = NOWHERE;
  let start = -1;
  const widest = Math.max(1, shape.squash?.factor ?? 1);
  for (let index = 0; index < points.length; index++) {
    let near = false;
    if (index + 1 < points.length) {
      const reach = Math.max(radii[index]!, radii[index + 1]!) * widest;
      const segment = grown(
        hull(
          { low: points[index]!, high: points[index]! },
          { low: points[index + 1]!, high: points[index + 1]! },
        ),
        reach,
      );
      near = !isFar(segment, box);
      if (near) bounds = hull(bounds, segment);
    }
    if (near && start < 0) start = index;
    if (!near && start >= 0) {
      runs.push({
        ...shape,
        pointsLpsMm: points.slice(start, index + 1),
        radiiMm: radii.slice(start, index + 1),
      });
      start = -1;
    }
  }
  if (runs.length === 0) return NOTHING;
  return { shape: runs.length === 1 ? runs[0]! : { kind: 'union', of: runs }, bounds };
}

const NOWHERE: BoxLps = { low: [1e9, 1e9, 1e9], high: [-1e9, -1e9, -1e9] };
const NOTHING: Culled = { shape: 'nothing', bounds: NOWHERE };

const keepIfNear = (shape: Shape, bounds: BoxLps, box: BoxLps): Culled =>
  isFar(bounds, box) ? NOTHING : { shape, bounds };
const around = (c: Vec3, r: Vec3): BoxLps => ({
  low: [c[0] - r[0], c[1] - r[1], c[2] - r[2]],
  high: [c[0] + r[0], c[1] + r[1], c[2] + r[2]],
});
/** Half sizes in LPS of a turned box (power 1) or ellipsoid (power 2). */
const boxReach = (axes: readonly [Vec3, Vec3, Vec3], r: Vec3, power: 1 | 2): Vec3 => {
  const along = (k: 0 | 1 | 2): number => {
    const [a, b, c] = [Math.abs(axes[0][k] * r[0]), Math.abs(axes[1][k] * r[1]), Math.abs(axes[2][k] * r[2])];
    return power === 1 ? a + b + c : Math.hypot(a, b, c);
  };
  return [along(0), along(1), along(2)];
};
const zip = (a: Vec3, b: Vec3, f: (x: number, y: number) => number): Vec3 => [
  f(a[0], b[0]),
  f(a[1], b[1]),
  f(a[2], b[2]),
];
const hull = (a: BoxLps, b: BoxLps): BoxLps => ({
  low: zip(a.low, b.low, Math.min),
  high: zip(a.high, b.high, Math.max),
});
const common = (a: BoxLps, b: BoxLps): BoxLps => ({
  low: zip(a.low, b.low, Math.max),
  high: zip(a.high, b.high, Math.min),
});
const grown = (a: BoxLps, by: number): BoxLps => ({
  low: [a.low[0] - by, a.low[1] - by, a.low[2] - by],
  high: [a.high[0] + by, a.high[1] + by, a.high[2] + by],
});
const isFar = (a: BoxLps, b: BoxLps): boolean =>
  [0, 1, 2].some((k) => a.low[k]! > b.high[k]! + FAR_MM || a.high[k]! < b.low[k]! - FAR_MM);

function namesIn(shape: Shape): string[] {
  switch (shape.kind) {
    case 'named':
      return [shape.name];
    case 'union':
    case 'intersection':
    case 'smoothUnion':
    case 'smoothIntersection':
      return shape.of.flatMap(namesIn);
    case 'complement':
    case 'offset':
    case 'rough':
      return namesIn(shape.of);
    default:
      return [];
  }
}
