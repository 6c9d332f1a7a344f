import type { PixelPoint } from './planeFrame.ts';

export const pixelDistance = (a: PixelPoint, b: PixelPoint): number => Math.hypot(a[0] - b[0], a[1] - b[1]);

/** Distance in pixels from a point to the segment a–b. */
export function distanceToSegment(point: PixelPoint, a: PixelPoint, b: PixelPoint): number {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  const squared = dx * dx + dy * dy;
  const along = squared === 0 ? 0 : ((point[0] - a[0]) * dx + (point[1] - a[1]) * dy) / squared;
  const clamped = Math.min(1, Math.max(0, along));
  return pixelDistance(point, [a[0] + clamped * dx, a[1] + clamped * dy]);
}

/** Distance in pixels from a point to the outline of a closed polygon; infinite for none. */
export const distanceToOutline = (point: PixelPoint, polygon: readonly PixelPoint[]): number =>
  polygon.reduce(
    (nearest, corner, index) =>
      Math.min(nearest, distanceToSegment(point, corner, polygon[(index + 1) % polygon.length]!)),
    Infinity,
  );

/** The part of the line through `point` along `direction` inside of a rectangle from (0, 0); null where it misses it. */
export function clipLine(
  point: PixelPoint,
  direction: PixelPoint,
  width: number,
  height: number,
): readonly [PixelPoint, PixelPoint] | null {
  let [from, to] = [-Infinity, Infinity];
  for (const axis of [0, 1] as const) {
    const size = axis === 0 ? width : height;
    if (Math.abs(direction[axis]) < 1e-9) {
      if (point[axis] < 0 || point[axis] > size) return null;
      continue;
    }
    const [a, b] = [-point[axis] / direction[axis], (size - point[axis]) / direction[axis]];
    from = Math.max(from, Math.min(a, b));
    to = Math.min(to, Math.max(a, b));
  }
  if (from > to) return null;
  return [
    [point[0] + from * direction[0], point[1] + from * direction[1]],
    [point[0] + to * direction[0], point[1] + to * direction[1]],
  ];
}
