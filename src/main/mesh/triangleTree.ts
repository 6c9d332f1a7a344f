import { faceCount, type TriangleMesh } from '#shared/mesh/triangleMesh.ts';

/**
 * A tree of boxes over a mesh's triangles (bounding volume hierarchy), binary, stored flat: node n covers
 * `faces[first[n] … first[n] + count[n] − 1]`; an inner node's children are n + 1 and `second[n]`, a leaf's second is 0.
 */
export interface TriangleTree {
  readonly mesh: TriangleMesh;
  readonly faces: Uint32Array;
  readonly first: Uint32Array;
  readonly count: Uint32Array;
  readonly second: Uint32Array;
  /** 6 numbers a node: low x, y, z, high x, y, z, LPS mm. */
  readonly boxes: Float32Array;
  /** 6 numbers a face, in the mesh's own order of faces, as in `boxes`. */
  readonly faceBoxes: Float32Array;
}

const LEAF_FACES = 4;

export function buildTriangleTree(mesh: TriangleMesh): TriangleTree {
  const total = faceCount(mesh);
  const { positionsLpsMm: p, triangles } = mesh;
  const faces = new Uint32Array(total);
  for (let face = 0; face < total; face++) faces[face] = face;
  const centres = new Float32Array(3 * total);
  const faceBoxes = new Float32Array(6 * total);
  for (let face = 0; face < total; face++) {
    for (let axis = 0; axis < 3; axis++) {
      const a = p[3 * triangles[3 * face]! + axis]!;
      const b = p[3 * triangles[3 * face + 1]! + axis]!;
      const c = p[3 * triangles[3 * face + 2]! + axis]!;
      centres[3 * face + axis] = a + b + c;
      faceBoxes[6 * face + axis] = a < b ? (a < c ? a : c) : b < c ? b : c;
      faceBoxes[6 * face + 3 + axis] = a > b ? (a > c ? a : c) : b > c ? b : c;
    }
  }
  // Leaves have two faces or more, so that there are fewer nodes than faces.
  const capacity = Math.max(1, total);
  const first = new Uint32Array(capacity);
  const count = new Uint32Array(capacity);
  const second = new Uint32Array(capacity);
  const boxes = new Float32Array(6 * capacity);
  let nodes = 0;
  const build = (from: number, to: number): number => {
    const node = nodes++;
    first[node] = from;
    count[node] = to - from;
    const box = 6 * node;
    let lowX = Infinity;
    let lowY = Infinity;
    let lowZ = Infinity;
    let highX = -Infinity;
    let highY = -Infinity;
    let highZ = -Infinity;
    for (let index = from; index < to; index++) {
      const slot = 6 * faces[index]!;
      if (faceBoxes[slot]! < lowX) lowX = faceBoxes[slot]!;
      if (faceBoxes[slot + 1]! < lowY) lowY = faceBoxes[slot + 1]!;
      if (faceBoxes[slot + 2]! < lowZ) lowZ = faceBoxes[slot + 2]!;
      if (faceBoxes[slot + 3]! > highX) highX = faceBoxes[slot + 3]!;
      if (faceBoxes[slot + 4]! > highY) highY = faceBoxes[slot + 4]!;
      if (faceBoxes[slot + 5]! > highZ) highZ = faceBoxes[slot + 5]!;
    }
    boxes[box] = lowX;
    boxes[box + 1] = lowY;
    boxes[box + 2] = lowZ;
    boxes[box + 3] = highX;
    boxes[box + 4] = highY;
    boxes[box + 5] = highZ;
    if (to - from <= LEAF_FACES) return node;
    let axis = 0;
    for (let other = 1; other < 3; other++) {
      const extent = boxes[box + 3 + other]! - boxes[box + other]!;
      if (extent > boxes[box + 3 + axis]! - boxes[box + axis]!) axis = other;
    }
    const middle = (from + to) >> 1;
    selectMedian(faces, centres, axis, from, to - 1, middle);
    build(from, middle);
    second[node] = build(middle, to);
    return node;
  };
  if (total > 0) build(0, total);
  return { mesh, faces, first, count, second, boxes, faceBoxes };
}

/** Partial sort (quickselect): afterwards everything before `middle` has a smaller centre, everything after a larger. */
function selectMedian(
  faces: Uint32Array,
  centres: Float32Array,
  axis: number,
  from: number,
  to: number,
  middle: number,
): void {
  let low = from;
  let high = to;
  while (low < high) {
    const pivot = centres[3 * faces[(low + high) >> 1]! + axis]!;
    let left = low;
    let right = high;
    while (left <= right) {
      while (centres[3 * faces[left]! + axis]! < pivot) left++;
      while (centres[3 * faces[right]! + axis]! > pivot) right--;
      if (left > right) break;
      const swap = faces[left]!;
      faces[left++] = faces[right]!;
      faces[right--] = swap;
    }
    if (middle <= right) high = right;
    else if (middle >= left) low = left;
    else return;
  }
}

/** The point of a surface nearest to a query. */
export interface NearestOnMesh {
  distanceMm: number;
  face: number;
  x: number;
  y: number;
  z: number;
}

/**
 * The exact nearest point of the mesh to (x, y, z), LPS mm; written to `out`, which is also returned.
 * @param withinMm only look this far; `out.face` is −1 and the distance `withinMm` when nothing is that near.
 */
export function nearestOnMesh(
  tree: TriangleTree,
  x: number,
  y: number,
  z: number,
  out: NearestOnMesh = { distanceMm: 0, face: -1, x: 0, y: 0, z: 0 },
  withinMm = Infinity,
): NearestOnMesh {
  const { boxes, second, first, count, faces, mesh } = tree;
  const { positionsLpsMm: p, triangles } = mesh;
  let best = withinMm * withinMm;
  out.face = -1;
  let depth = 0;
  if (faces.length > 0) {
    STACK[0] = 0;
    SQUARED[0] = squaredToBox(boxes, 0, x, y, z);
    depth = 1;
  }
  while (depth > 0) {
    const node = STACK[--depth]!;
    if (SQUARED[depth]! >= best) continue;
    const other = second[node]!;
    if (other !== 0) {
      const near = squaredToBox(boxes, node + 1, x, y, z);
      const far = squaredToBox(boxes, other, x, y, z);
      const isNextFirst = near < far;
      STACK[depth] = isNextFirst ? other : node + 1;
      SQUARED[depth++] = isNextFirst ? far : near;
      STACK[depth] = isNextFirst ? node + 1 : other;
      SQUARED[depth++] = isNextFirst ? near : far;
      continue;
    }
    for (let slot = first[node]!; slot < first[node]! + count[node]!; slot++) {
      const face = faces[slot]!;
      const squared = nearestOnTriangle(
        p,
        3 * triangles[3 * face]!,
        3 * triangles[3 * face + 1]!,
        3 * triangles[3 * face + 2]!,
        x,
        y,
        z,
      );
      if (squared < best) {
        best = squared;
        out.face = face;
        out.x = foot[0]!;
        out.y = foot[1]!;
        out.z = foot[2]!;
      }
    }
  }
  out.distanceMm = Math.sqrt(best);
  return out;
}

function squaredToBox(boxes: Float32Array, node: number, x: number, y: number, z: number): number {
  const b = 6 * node;
  const dx = Math.max(boxes[b]! - x, 0, x - boxes[b + 3]!);
  const dy = Math.max(boxes[b + 1]! - y, 0, y - boxes[b + 4]!);
  const dz = Math.max(boxes[b + 2]! - z, 0, z - boxes[b + 5]!);
  return dx * dx + dy * dy + dz * dz;
}

/** Nodes to be visited, and the squared distances to their boxes; a balanced tree over 2³² faces needs no more. */
const STACK = new Int32Array(128);
const SQUARED = new Float64Array(128);
const foot = new Float64Array(3);

/** Squared distance to a triangle (Ericson, Real-Time Collision Detection, 5.1.5); the nearest point goes to `foot`. */
function nearestOnTriangle(
  p: Float32Array,
  a: number,
  b: number,
  c: number,
  x: number,
  y: number,
  z: number,
): number {
  const [ax, ay, az] = [p[a]!, p[a + 1]!, p[a + 2]!];
  const ux = p[b]! - ax;
  const uy = p[b + 1]! - ay;
  const uz = p[b + 2]! - az;
  const vx = p[c]! - ax;
  const vy = p[c + 1]! - ay;
  const vz = p[c + 2]! - az;
  const px = x - ax;
  const py = y - ay;
  const pz = z - az;
  const d1 = ux * px + uy * py + uz * pz;
  const d2 = vx * px + vy * py + vz * pz;
  const uu = ux * ux + uy * uy + uz * uz;
  const uv = ux * vx + uy * vy + uz * vz;
  const vv = vx * vx + vy * vy + vz * vz;
  const [d3, d4, d5, d6] = [d1 - uu, d2 - uv, d1 - uv, d2 - vv];
  // s and t: the nearest point is A + s·(B − A) + t·(C − A).
  let s = 0;
  let t = 0;
  const va = d3 * d6 - d5 * d4;
  const vb = d5 * d2 - d1 * d6;
  const vc = d1 * d4 - d3 * d2;
  if (d1 <= 0 && d2 <= 0) {
    s = 0;
  } else if (d3 >= 0 && d4 <= d3) {
    s = 1;
  } else if (vc <= 0 && d1 >= 0 && d3 <= 0) {
    s = d1 / (d1 - d3);
  } else if (d6 >= 0 && d5 <= d6) {
    t = 1;
  } else if (vb <= 0 && d2 >= 0 && d6 <= 0) {
    t = d2 / (d2 - d6);
  } else if (va <= 0 && d4 - d3 >= 0 && d5 - d6 >= 0) {
    t = (d4 - d3) / (d4 - d3 + (d5 - d6));
    s = 1 - t;
  } else {
    const sum = va + vb + vc;
    s = vb / sum;
    t = vc / sum;
  }
  const dx = px - s * ux - t * vx;
  const dy = py - s * uy - t * vy;
  const dz = pz - s * uz - t * vz;
  foot[0] = x - dx;
  foot[1] = y - dy;
  foot[2] = z - dz;
  return dx * dx + dy * dy + dz * dz;
}
