/** A point of a plane, in steps of a lattice. */
export type LatticePoint = readonly [number, number];

/** An area on a lattice: the ellipse centre + cos t · first + sin t · second, or a polygon. */
export type LatticeOutline =
  | {
      readonly kind: 'ellipse';
      readonly centre: LatticePoint;
      readonly halfAxes: readonly [LatticePoint, LatticePoint];
    }
  | { readonly kind: 'polygon'; readonly points: readonly LatticePoint[] };

/** Rounding must not leave out a sample that lies on the outline itself. */
const ON_OUTLINE = 1e-7;

const firstWithin = (value: number): number => Math.ceil(value - ON_OUTLINE);
const lastWithin = (value: number): number => Math.floor(value + ON_OUTLINE);

/** The lattice points that can lie within, ends included; none where `low` exceeds `high`. */
export function outlineBounds(outline: LatticeOutline): {
  readonly low: LatticePoint;
  readonly high: LatticePoint;
} {
  const range = (axis: 0 | 1): readonly [number, number] => {
    if (outline.kind === 'ellipse') {
      const [first, second] = outline.halfAxes;
      const reach = Math.hypot(first[axis], second[axis]);
      return [outline.centre[axis] - reach, outline.centre[axis] + reach];
    }
    return outline.points.reduce(
      ([least, most], one) => [Math.min(least, one[axis]), Math.max(most, one[axis])] as const,
      [Infinity, -Infinity] as const,
    );
  };
  const [columns, rows] = [range(0), range(1)];
  return {
    low: [firstWithin(columns[0]), firstWithin(rows[0])],
    high: [lastWithin(columns[1]), lastWithin(rows[1])],
  };
}

/** The columns of a row that lie within, as spans from first to last; a point on the outline lies within. */
export function rowSpans(outline: LatticeOutline, row: number): readonly (readonly [number, number])[] {
  const ends = outline.kind === 'ellipse' ? ellipseEnds(outline, row) : polygonEnds(outline.points, row);
  const spans: (readonly [number, number])[] = [];
  for (let at = 0; at + 1 < ends.length; at += 2) {
    const [from, to] = [firstWithin(ends[at]!), lastWithin(ends[at + 1]!)];
    if (from <= to) spans.push([from, to]);
  }
  return spans;
}

/** y = centre + R · cos(t − φ) has two solutions t = φ ± arccos(…); they are put into x. */
function ellipseEnds(
  { centre, halfAxes: [first, second] }: Extract<LatticeOutline, { kind: 'ellipse' }>,
  row: number,
): number[] {
  const reach = Math.hypot(first[1], second[1]);
  if (reach === 0) return [];
  const height = (row - centre[1]) / reach;
  if (Math.abs(height) > 1 + ON_OUTLINE) return [];
  const turn = Math.atan2(second[1], first[1]);
  const half = Math.acos(Math.min(1, Math.max(-1, height)));
  const xAt = (t: number): number => centre[0] + first[0] * Math.cos(t) + second[0] * Math.sin(t);
  return [xAt(turn - half), xAt(turn + half)].sort((a, b) => a - b);
}

/** Where a row's line crosses the outline, in order; each edge has its lower end and not its upper one. */
function polygonEnds(points: readonly LatticePoint[], row: number): number[] {
  const crossings: number[] = [];
  points.forEach((from, at) => {
    const to = points[(at + 1) % points.length]!;
    if (from[1] <= row === to[1] <= row) return;
    crossings.push(from[0] + ((row - from[1]) / (to[1] - from[1])) * (to[0] - from[0]));
  });
  return crossings.sort((a, b) => a - b);
}
