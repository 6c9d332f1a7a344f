type Point = readonly [number, number];

/**
 * A line as it was drawn by hand, closed, as a polygon that does not cross itself: points nearer than `toleranceMm` to the
 * line through their neighbours are left out, and where it crosses itself the largest loop is kept. So the ends of a loop
 * that overshoot each other fall away. Fewer than three points: no area was drawn.
 */
export function freehandOutline(drawnMm: readonly Point[], toleranceMm: number): readonly Point[] {
  const outline = largestLoop(thinned(drawnMm, toleranceMm));
  return outline.length >= 3 && Math.abs(signedArea(outline)) > 0 ? outline : [];
}

/** A polygon without its smaller loops, where it crosses itself; else the same array. */
export function largestLoop(polygon: readonly Point[]): readonly Point[] {
  let outline = polygon;
  for (;;) {
    const crossing = firstCrossing(outline);
    if (!crossing) return outline;
    const { at, from, to } = crossing;
    const within = [at, ...outline.slice(from + 1, to + 1)];
    const without = [...outline.slice(0, from + 1), at, ...outline.slice(to + 1)];
    outline = Math.abs(signedArea(within)) > Math.abs(signedArea(without)) ? within : without;
  }
}

/** Ramer, Douglas and Peucker; the two ends stay. */
function thinned(points: readonly Point[], toleranceMm: number): Point[] {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last || points.length < 3) return [...points];
  let [farthest, farthestMm] = [0, 0];
  points.forEach((one, at) => {
    const far = distanceToSegment(one, first, last);
    if (far > farthestMm) [farthest, farthestMm] = [at, far];
  });
  if (farthestMm <= toleranceMm) return [first, last];
  const head = thinned(points.slice(0, farthest + 1), toleranceMm);
  return [...head.slice(0, -1), ...thinned(points.slice(farthest), toleranceMm)];
}

function distanceToSegment([x, y]: Point, [ax, ay]: Point, [bx, by]: Point): number {
  const [dx, dy] = [bx - ax, by - ay];
  const squared = dx * dx + dy * dy;
  const along = squared === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / squared));
  return Math.hypot(x - ax - along * dx, y - ay - along * dy);
}

const signedArea = (points: readonly Point[]): number =>
  points.reduce((sum, [x, y], at) => {
    const [nextX, nextY] = points[(at + 1) % points.length]!;
    return sum + (x * nextY - nextX * y) / 2;
  }, 0);

/** The first two edges that cross within themselves, by the points that they begin at. */
function firstCrossing(
  points: readonly Point[],
): { readonly from: number; readonly to: number; readonly at: Point } | null {
  const count = points.length;
  for (let from = 0; from < count; from++) {
    for (let to = from + 2; to < count; to++) {
      // The last edge and the first are neighbours.
      if (from === 0 && to === count - 1) continue;
      const at = crossingOf(points[from]!, points[from + 1]!, points[to]!, points[(to + 1) % count]!);
      if (at) return { from, to, at };
    }
  }
  return null;
}

function crossingOf(a: Point, b: Point, c: Point, d: Point): Point | null {
  const [ux, uy, vx, vy] = [b[0] - a[0], b[1] - a[1], d[0] - c[0], d[1] - c[1]];
  const turn = ux * vy - uy * vx;
  if (turn === 0) return null;
  const s = ((c[0] - a[0]) * vy - (c[1] - a[1]) * vx) / turn;
  const t = ((c[0] - a[0]) * uy - (c[1] - a[1]) * ux) / turn;
  const isWithin = s > 0 && s < 1 && t > 0 && t < 1;
  return isWithin ? [a[0] + s * ux, a[1] + s * uy] : null;
}
