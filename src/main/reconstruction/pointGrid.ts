/** Points in cubic cells: what lies within a distance is looked for in the cells near by only. */
export interface PointGrid {
  /** Calls `visit` for every point within `radius` of a place (itself included), with its squared distance. */
  forEachWithin(
    x: number,
    y: number,
    z: number,
    radius: number,
    visit: (point: number, squared: number) => void,
  ): void;
  /** How many points lie within `radius` of a place, at most `atMost`. */
  countWithin(x: number, y: number, z: number, radius: number, atMost: number): number;
  /** The `count` points nearest to a place, nearest first (fewer where there are not as many). */
  nearest(x: number, y: number, z: number, count: number): number[];
}

/**
 * @param points 3·N coordinates
 * @param cell edge of a cell, in the points' unit; about the radius that will be asked for
 */
export function createPointGrid(points: Float32Array | Float64Array, cell: number): PointGrid {
  const count = points.length / 3;
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  for (let index = 0; index < points.length; index++) {
    const axis = index % 3;
    low[axis] = Math.min(low[axis]!, points[index]!);
    high[axis] = Math.max(high[axis]!, points[index]!);
  }
  const [nx, ny, nz] = low.map((start, axis) =>
    Math.max(1, Math.floor((high[axis]! - start) / cell) + 1),
  ) as [number, number, number];
  const along = (value: number, axis: 0 | 1 | 2): number => Math.floor((value - low[axis]!) / cell);
  const cellOf = (point: number): number =>
    along(points[3 * point]!, 0) +
    nx * (along(points[3 * point + 1]!, 1) + ny * along(points[3 * point + 2]!, 2));

  // Counting sort: the points of cell c are order[start[c]] … order[start[c + 1] − 1].
  const start = new Uint32Array(nx * ny * nz + 1);
  for (let point = 0; point < count; point++) start[cellOf(point) + 1]!++;
  for (let index = 1; index < start.length; index++) start[index]! += start[index - 1]!;
  const next = start.slice();
  const order = new Uint32Array(count);
  for (let point = 0; point < count; point++) order[next[cellOf(point)]!++] = point;

  const clamp = (value: number, size: number): number => Math.min(Math.max(value, 0), size - 1);
  const forEachWithin: PointGrid['forEachWithin'] = (x, y, z, radius, visit) => {
    const limit = radius * radius;
    for (let k = clamp(along(z - radius, 2), nz); k <= clamp(along(z + radius, 2), nz); k++) {
      for (let j = clamp(along(y - radius, 1), ny); j <= clamp(along(y + radius, 1), ny); j++) {
        const row = nx * (j + ny * k);
        const from = start[row + clamp(along(x - radius, 0), nx)]!;
        const to = start[row + clamp(along(x + radius, 0), nx) + 1]!;
        for (let at = from; at < to; at++) {
          const point = order[at]!;
          const dx = points[3 * point]! - x;
          const dy = points[3 * point + 1]! - y;
          const dz = points[3 * point + 2]! - z;
          const squared = dx * dx + dy * dy + dz * dz;
          if (squared <= limit) visit(point, squared);
        }
      }
    }
  };
  return {
    forEachWithin,
    countWithin(x, y, z, radius, atMost) {
      let found = 0;
      forEachWithin(x, y, z, radius, () => {
        found++;
      });
      return Math.min(found, atMost);
    },
    nearest(x, y, z, wanted) {
      const most = Math.min(wanted, count);
      // Wider and wider until there are enough; those within the radius are then the nearest.
      for (let radius = cell; ; radius *= 2) {
        const found: { point: number; squared: number }[] = [];
        forEachWithin(x, y, z, radius, (point, squared) => found.push({ point, squared }));
        if (found.length >= most) {
          found.sort((a, b) => a.squared - b.squared || a.point - b.point);
          return found.slice(0, most).map(({ point }) => point);
        }
      }
    },
  };
}

/** The distance at which a surface of `count` points has about one point a cell: the cloud's box divided up. */
export function typicalSpacing(points: Float32Array | Float64Array): number {
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  for (let index = 0; index < points.length; index++) {
    low[index % 3] = Math.min(low[index % 3]!, points[index]!);
    high[index % 3] = Math.max(high[index % 3]!, points[index]!);
  }
  const [a, b, c] = high.map((value, axis) => value - low[axis]!) as [number, number, number];
  const boxArea = 2 * (a * b + b * c + c * a);
  return Math.max(Math.sqrt(boxArea / Math.max(1, points.length / 3)), 1e-6);
}
