import { perAxis } from '#shared/geometry/vec3.ts';
import type { Shape, Tissue } from './scene.ts';

/** What follows an instruction's header in the tape's parameters, by kind of shape; the layouts are the interpreters' own. */
type ShapeOf<K extends Shape['kind']> = Extract<Shape, { kind: K }>;

/** A 32-bit seed as two numbers that a float holds exactly. */
export const seedWords = (seed: number): [number, number] => [(seed >>> 16) & 0xffff, seed & 0xffff];

export const halfSpaceParams = ({ pointLpsMm, outwardNormal }: ShapeOf<'halfSpace'>): number[] => [
  ...pointLpsMm,
  ...outwardNormal,
];

export function boxParams({ centreLpsMm, halfSizesMm, axes, roundingMm }: ShapeOf<'box'>): number[] {
  const inner = halfSizesMm.map((half) => half - roundingMm);
  return [...centreLpsMm, ...inner, ...axes.flat(), roundingMm];
}

export function ellipsoidParams({ centreLpsMm, radiiMm, axes }: ShapeOf<'ellipsoid'>): number[] {
  const [smallest, largest] = [Math.min(...radiiMm), Math.max(...radiiMm)];
  const inverse = radiiMm.map((radius) => 1 / radius);
  // |p − c| − largest, times smallest/largest, never exceeds the formula.
  return [...[...centreLpsMm, largest, smallest / largest], ...[...inverse, ...axes.flat(), smallest]];
}

export const roughParams = ({ amplitudeMm, wavelengthMm, seed }: ShapeOf<'rough'>): number[] => [
  ...[amplitudeMm, 1 / wavelengthMm],
  ...seedWords(seed),
];

/** Bounding ball, number of segments, squash, widest and narrowest factor and steepest taper; then the segments. */
export function tubeParams(tube: ShapeOf<'tube'>): number[] {
  const { pointsLpsMm: points, radiiMm: radii, squash } = tube;
  const factor = squash?.factor ?? 1;
  const [narrow, wide] = [Math.min(1, factor), Math.max(1, factor)];
  const middle = perAxis((axis) => {
    const values = points.map((point) => point[axis]);
    return (Math.min(...values) + Math.max(...values)) / 2;
  });
  let reach = 0;
  let steepest = 0;
  const segments: number[] = [];
  for (const [index, point] of points.entries()) {
    reach = Math.max(
      reach,
      Math.hypot(point[0] - middle[0], point[1] - middle[1], point[2] - middle[2]) + radii[index]! * wide,
    );
    const next = points[index + 1];
    if (next === undefined) break;
    const along = [next[0] - point[0], next[1] - point[1], next[2] - point[2]] as const;
    const squared = along[0] ** 2 + along[1] ** 2 + along[2] ** 2;
    const change = radii[index + 1]! - radii[index]!;
    if (squared > 0) steepest = Math.max(steepest, Math.abs(change) / Math.sqrt(squared));
    segments.push(...point, ...along, squared > 0 ? 1 / squared : 0, radii[index]!, change);
  }
  return [
    ...[...middle, reach],
    ...[points.length - 1, squash === undefined || factor === 1 ? 0 : 1 / factor],
    ...(squash?.axis ?? [0, 0, 1]),
    ...[narrow, wide, steepest],
    ...segments,
  ];
}

/** See PAINT for the offsets. */
export function paintParams({ hu, label }: Tissue): number[] {
  const { texture, ramp } = hu;
  return [
    ...[hu.baseHu, label],
    ...(texture === undefined
      ? [0, 0, 0, 0]
      : [texture.amplitudeHu, 1 / texture.wavelengthMm, ...seedWords(texture.seed)]),
    ...(ramp === undefined
      ? [0, 0, 0, 0, 0, 0, 0, 0, 0]
      : [ramp.deltaHu, ...ramp.fromLpsMm, ...ramp.direction, ramp.startMm, 1 / (ramp.endMm - ramp.startMm)]),
  ];
}
