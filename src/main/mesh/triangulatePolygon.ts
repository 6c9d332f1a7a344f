/** A triangulation in a plane; triangles are counter-clockwise. */
export interface PlanarTriangulation {
  /** 2·V coordinates: the polygon's corners first, in their order, then the points inside of it. */
  readonly points: Float64Array;
  /** 3·F indices. */
  readonly triangles: Uint32Array;
}

/**
 * Fills a simple polygon with well-shaped triangles: ears are cut off (Meisters 1975), points of a regular lattice are
 * inserted inside, and edges flipped until they are Delaunay (Lawson 1977). The polygon's edges stay as they are, so
 * that the triangles join what borders on it.
 * @param corners 2·N coordinates, counter-clockwise, N ≥ 3; the last corner joins the first.
 * @param spacing distance of the points inside, in the corners' unit.
 * @throws RangeError for fewer than three corners.
 */
export function triangulatePolygon(corners: Float64Array, spacing: number): PlanarTriangulation {
  const count = corners.length / 2;
  if (count < 3) throw new RangeError('A polygon needs three corners.');
  const inner = pointsInside(corners, spacing);
  const points = new Float64Array(corners.length + inner.length);
  points.set(corners);
  points.set(inner, corners.length);
  const net = createNet(points, cutEars(corners));
  net.flipAll();
  for (let point = count; point < points.length / 2; point++) net.insert(point);
  return compact(points, count, net.triangles());
}

/** Twice the signed area of a triangle; positive when it is counter-clockwise. */
function orientation(p: Float64Array, a: number, b: number, c: number): number {
  const ax = p[2 * a]!;
  const ay = p[2 * a + 1]!;
  return (p[2 * b]! - ax) * (p[2 * c + 1]! - ay) - (p[2 * b + 1]! - ay) * (p[2 * c]! - ax);
}

/** Cuts the ear with the largest smallest height first come, first served; a corner that cannot be one is left last. */
function cutEars(p: Float64Array): number[] {
  const rest = Array.from({ length: p.length / 2 }, (_, index) => index);
  const triangles: number[] = [];
  let at = 0;
  let missed = 0;
  while (rest.length > 3) {
    const size = rest.length;
    const [a, b, c] = [rest[(at + size - 1) % size]!, rest[at % size]!, rest[(at + 1) % size]!];
    // Where rounding leaves no ear, the next convex corner is taken: better a thin overlap than a hole.
    const isEar =
      missed < size ? isConvexAndEmpty(p, rest, a, b, c) : orientation(p, a, b, c) > 0 || missed > 2 * size;
    if (!isEar) {
      at = (at + 1) % size;
      missed++;
      continue;
    }
    triangles.push(a, b, c);
    rest.splice(at % size, 1);
    // The next corner but one, so that ears are taken all round and not as a fan.
    at = (at + 1) % rest.length;
    missed = 0;
  }
  triangles.push(rest[0]!, rest[1]!, rest[2]!);
  return triangles;
}

function isConvexAndEmpty(
  p: Float64Array,
  rest: readonly number[],
  a: number,
  b: number,
  c: number,
): boolean {
  if (orientation(p, a, b, c) <= 0) return false;
  for (const v of rest) {
    if (v === a || v === b || v === c) continue;
    if (orientation(p, a, b, v) >= 0 && orientation(p, b, c, v) >= 0 && orientation(p, c, a, v) >= 0)
      return false;
  }
  return true;
}

/** A triangular lattice's points inside the polygon, those nearer to its edges than 0.6 of the spacing left out. */
function pointsInside(corners: Float64Array, spacing: number): number[] {
  let [lowX, lowY, highX, highY] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let index = 0; index < corners.length; index += 2) {
    lowX = Math.min(lowX, corners[index]!);
    highX = Math.max(highX, corners[index]!);
    lowY = Math.min(lowY, corners[index + 1]!);
    highY = Math.max(highY, corners[index + 1]!);
  }
  const found: number[] = [];
  const rowStep = (spacing * Math.sqrt(3)) / 2;
  let row = 0;
  for (let y = lowY + rowStep / 2; y < highY; y += rowStep, row++) {
    const line: [number, number][] = [];
    for (let x = lowX + (row % 2 === 0 ? 0.25 : 0.75) * spacing; x < highX; x += spacing) {
      if (isWellInside(corners, x, y, 0.6 * spacing)) line.push([x, y]);
    }
    // Back and forth, so that each point lies near the one before.
    if (row % 2 === 1) line.reverse();
    for (const point of line) found.push(...point);
  }
  return found;
}

function isWellInside(p: Float64Array, x: number, y: number, clearance: number): boolean {
  let inside = false;
  const limit = clearance * clearance;
  for (let index = 0, last = p.length - 2; index < p.length; last = index, index += 2) {
    const ax = p[last]!;
    const ay = p[last + 1]!;
    const bx = p[index]!;
    const by = p[index + 1]!;
    if (ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax)) inside = !inside;
    const ex = bx - ax;
    const ey = by - ay;
    const t = Math.min(1, Math.max(0, ((x - ax) * ex + (y - ay) * ey) / (ex * ex + ey * ey || 1)));
    const offX = x - ax - t * ex;
    const offY = y - ay - t * ey;
    if (offX * offX + offY * offY < limit) return false;
  }
  return inside;
}

interface Net {
  insert(point: number): void;
  flipAll(): void;
  triangles(): Uint32Array;
}

/** A triangulation that points can be inserted into; kept Delaunay but for its border. */
function createNet(p: Float64Array, triangles: readonly number[]): Net {
  const tri: number[] = [...triangles];
  /** The half-edge on the other side, −1 at the border; half-edge 3·t + e runs from corner e to the next. */
  const twin: number[] = new Array<number>(tri.length).fill(-1);
  const next = (h: number): number => (h % 3 === 2 ? h - 2 : h + 1);
  const byEnds = new Map<number, number>();
  const stride = p.length / 2;
  tri.forEach((from, h) => {
    const to = tri[next(h)]!;
    const other = byEnds.get(to * stride + from);
    if (other === undefined) byEnds.set(from * stride + to, h);
    else link(h, other);
  });
  function link(a: number, b: number): void {
    twin[a] = b;
    if (b >= 0) twin[b] = a;
  }
  /** Flips the edge where the corner beyond lies in the circle round the triangle; answers whether it did. */
  const flip = (a: number): boolean => {
    const b = twin[a]!;
    if (b < 0) return false;
    const an = next(a);
    const bn = next(b);
    const ap = next(an);
    const bp = next(bn);
    const u = tri[a]!;
    const v = tri[an]!;
    const w = tri[ap]!;
    const x = tri[bp]!;
    if (!inCircle(p, u, v, w, x)) return false;
    if (orientation(p, w, u, x) <= 0 || orientation(p, x, v, w) <= 0) return false;
    // The triangles (u v w) and (v u x) become (x v w) in a's place and (w u x) in b's.
    const outerUx = twin[bn]!;
    const outerVw = twin[an]!;
    const outerXv = twin[bp]!;
    const outerWu = twin[ap]!;
    const ta = 3 * Math.floor(a / 3);
    const tb = 3 * Math.floor(b / 3);
    tri[ta] = x;
    tri[ta + 1] = v;
    tri[ta + 2] = w;
    tri[tb] = w;
    tri[tb + 1] = u;
    tri[tb + 2] = x;
    link(ta, outerXv);
    link(ta + 1, outerVw);
    link(tb, outerWu);
    link(tb + 1, outerUx);
    link(ta + 2, tb + 2);
    return true;
  };
  const legalize = (stack: number[]): void => {
    // Lawson's flips end in exact arithmetic; the bound keeps rounding from going round in circles.
    for (let left = 40 * stride + 1000; stack.length > 0 && left > 0; left--) {
      const h = stack.pop()!;
      const other = twin[h]!;
      if (!flip(h)) continue;
      const [a, b] = [3 * Math.floor(h / 3), 3 * Math.floor(other / 3)];
      stack.push(a, a + 1, b, b + 1);
    }
  };
  let last = 0;
  const contains = (t: number, point: number): number => {
    for (let e = 0; e < 3; e++) {
      if (orientation(p, tri[3 * t + e]!, tri[3 * t + ((e + 1) % 3)]!, point) <= 0) return e;
    }
    return -1;
  };
  const locate = (point: number): number => {
    let t = last;
    for (let steps = 0; steps < 200; steps++) {
      const e = contains(t, point);
      if (e < 0) return t;
      const other = twin[3 * t + e]!;
      if (other < 0) break;
      t = Math.floor(other / 3);
    }
    for (t = 0; t < tri.length / 3; t++) if (contains(t, point) < 0) return t;
    return -1;
  };
  return {
    insert(point) {
      const t = locate(point);
      // A point exactly on an edge is no loss.
      if (t < 0) return;
      last = t;
      const [a, b, c] = [tri[3 * t]!, tri[3 * t + 1]!, tri[3 * t + 2]!];
      const [bc, ca] = [twin[3 * t + 1]!, twin[3 * t + 2]!];
      const second = tri.length;
      const third = second + 3;
      tri[3 * t + 2] = point;
      tri.push(b, c, point, c, a, point);
      twin.push(-1, -1, -1, -1, -1, -1);
      link(second, bc);
      link(third, ca);
      link(3 * t + 1, second + 2);
      link(second + 1, third + 2);
      link(third + 1, 3 * t + 2);
      legalize([3 * t, second, third]);
    },
    flipAll: () => legalize(tri.map((_, h) => h)),
    triangles: () => Uint32Array.from(tri),
  };
}

/** Whether d lies inside the circle through a, b, c (counter-clockwise), by more than rounding. */
function inCircle(p: Float64Array, a: number, b: number, c: number, d: number): boolean {
  const dx = p[2 * d]!;
  const dy = p[2 * d + 1]!;
  const ax = p[2 * a]! - dx;
  const ay = p[2 * a + 1]! - dy;
  const bx = p[2 * b]! - dx;
  const by = p[2 * b + 1]! - dy;
  const cx = p[2 * c]! - dx;
  const cy = p[2 * c + 1]! - dy;
  const a2 = ax * ax + ay * ay;
  const b2 = bx * bx + by * by;
  const c2 = cx * cx + cy * cy;
  const determinant = a2 * (bx * cy - by * cx) - b2 * (ax * cy - ay * cx) + c2 * (ax * by - ay * bx);
  return determinant > 1e-12 * (a2 * b2 + b2 * c2 + c2 * a2 + 1e-30);
}

/** Leaves out the points inside that no triangle uses; the polygon's corners stay all. */
function compact(points: Float64Array, corners: number, triangles: Uint32Array): PlanarTriangulation {
  const newIndex = new Int32Array(points.length / 2).fill(-1);
  for (const vertex of triangles) newIndex[vertex] = 0;
  let kept = 0;
  const places: number[] = [];
  for (let point = 0; point < newIndex.length; point++) {
    if (point >= corners && newIndex[point] === -1) continue;
    newIndex[point] = kept++;
    places.push(points[2 * point]!, points[2 * point + 1]!);
  }
  return { points: Float64Array.from(places), triangles: triangles.map((vertex) => newIndex[vertex]!) };
}
