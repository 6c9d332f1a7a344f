import { hypot3 } from '#shared/geometry/vec3.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { rayTriangle } from './rayTriangle.ts';
import { buildTriangleTree, type TriangleTree } from './triangleTree.ts';

/**
 * Pairs of faces that pierce each other, each pair once: faces without a common vertex that cross, faces with one
 * common vertex that cross elsewhere, and faces with a common edge that are folded onto each other. Faces that merely
 * touch, or lie in one plane, are not counted.
 */
export function selfIntersectingFaces(mesh: TriangleMesh): [number, number][] {
  const pairs: [number, number][] = [];
  if (mesh.triangles.length === 0) return pairs;
  const planes = facePlanes(mesh);
  const test = (f: number, g: number): void => {
    if (facesPierce(mesh, planes, f, g)) pairs.push([f, g]);
  };
  const faceBoxes = boxesOfFaces(mesh);
  const cells = sortIntoCells(faceBoxes);
  if (cells) pairsInCells(cells, faceBoxes, test);
  else pairsInTree(buildTriangleTree(mesh), test);
  return pairs;
}

/** 6 numbers a face: low x, y, z, high x, y, z, LPS mm. */
function boxesOfFaces({ positionsLpsMm: p, triangles }: TriangleMesh): Float32Array {
  const boxes = new Float32Array(2 * triangles.length);
  for (let face = 0; 3 * face < triangles.length; face++) {
    for (let axis = 0; axis < 3; axis++) {
      const a = p[3 * triangles[3 * face]! + axis]!;
      const b = p[3 * triangles[3 * face + 1]! + axis]!;
      const c = p[3 * triangles[3 * face + 2]! + axis]!;
      boxes[6 * face + axis] = a < b ? (a < c ? a : c) : b < c ? b : c;
      boxes[6 * face + 3 + axis] = a > b ? (a > c ? a : c) : b > c ? b : c;
    }
  }
  return boxes;
}

/** Cells of this many mean faces' edge. */
const CELL_FACES = 2;
/** A mesh of faces of so different sizes that each lies in more cells than this, or that is so scattered, has a tree. */
const MOST_CELLS_OF_FACE = 16;
const MOST_CELLS_PER_FACE = 64;

/** The faces by the cells of a lattice that their boxes touch. */
interface FaceCells {
  /** Cells along x, y and z. */
  readonly size: readonly [number, number, number];
  /** The faces of cell c, ascending, are `faces[start[c] … start[c + 1] − 1]`. */
  readonly start: Uint32Array;
  readonly faces: Uint32Array;
  /** The first cell of each face's box along x, y and z. */
  readonly first: Int32Array;
}

/** @returns undefined where a tree is better */
function sortIntoCells(boxes: Float32Array): FaceCells | undefined {
  const count = boxes.length / 6;
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  let extents = 0;
  for (let box = 0; box < boxes.length; box += 6) {
    for (let axis = 0; axis < 3; axis++) {
      const [from, to] = [boxes[box + axis]!, boxes[box + 3 + axis]!];
      extents += to - from;
      if (from < low[axis]!) low[axis] = from;
      if (to > high[axis]!) high[axis] = to;
    }
  }
  const cellMm = (CELL_FACES * extents) / (3 * count);
  const size = [0, 1, 2].map((axis) => Math.floor((high[axis]! - low[axis]!) / cellMm) + 1);
  const [nX, nY, nZ] = size as [number, number, number];
  // Of one point, or not finite, there are no cells.
  if (!(nX * nY * nZ <= MOST_CELLS_PER_FACE * count + 4096)) return undefined;
  const first = new Int32Array(3 * count);
  const last = new Int32Array(3 * count);
  let entries = 0;
  for (let face = 0; face < count; face++) {
    let cells = 1;
    for (let axis = 0; axis < 3; axis++) {
      const at = 3 * face + axis;
      first[at] = (boxes[6 * face + axis]! - low[axis]!) / cellMm;
      last[at] = (boxes[6 * face + 3 + axis]! - low[axis]!) / cellMm;
      cells *= last[at]! - first[at]! + 1;
    }
    entries += cells;
  }
  if (entries > MOST_CELLS_OF_FACE * count) return undefined;
  const start = new Uint32Array(nX * nY * nZ + 1);
  const faces = new Uint32Array(entries);
  for (let face = 0; face < count; face++) {
    const at = 3 * face;
    for (let z = first[at + 2]!; z <= last[at + 2]!; z++)
      for (let y = first[at + 1]!; y <= last[at + 1]!; y++)
        for (let x = first[at]!; x <= last[at]!; x++) start[x + nX * (y + nY * z) + 1]!++;
  }
  for (let cell = 1; cell < start.length; cell++) start[cell]! += start[cell - 1]!;
  const fill = start.slice(0, -1);
  for (let face = 0; face < count; face++) {
    const at = 3 * face;
    for (let z = first[at + 2]!; z <= last[at + 2]!; z++)
      for (let y = first[at + 1]!; y <= last[at + 1]!; y++)
        for (let x = first[at]!; x <= last[at]!; x++) faces[fill[x + nX * (y + nY * z)]!++] = face;
  }
  return { size: [nX, nY, nZ], start, faces, first };
}

/** Calls for each pair of faces whose boxes touch, once: in the first cell that both lie in. */
function pairsInCells(
  { size: [nX, nY, nZ], start, faces, first }: FaceCells,
  boxes: Float32Array,
  test: (f: number, g: number) => void,
): void {
  let cell = 0;
  for (let z = 0; z < nZ; z++) {
    for (let y = 0; y < nY; y++) {
      for (let x = 0; x < nX; x++, cell++) {
        const end = start[cell + 1]!;
        for (let i = start[cell]!; i < end; i++) {
          const f = faces[i]!;
          const isFirstX = first[3 * f] === x;
          const isFirstY = first[3 * f + 1] === y;
          const isFirstZ = first[3 * f + 2] === z;
          for (let j = i + 1; j < end; j++) {
            const g = faces[j]!;
            if (!boxesOverlap(boxes, f, g)) continue;
            if (!isFirstX && first[3 * g] !== x) continue;
            if (!isFirstY && first[3 * g + 1] !== y) continue;
            if (!isFirstZ && first[3 * g + 2] !== z) continue;
            test(f, g);
          }
        }
      }
    }
  }
}

/** Calls for each pair of faces whose boxes touch, once. */
function pairsInTree(tree: TriangleTree, test: (f: number, g: number) => void): void {
  const { boxes, first, count, second, faces, faceBoxes } = tree;
  const stack: number[] = [0, 0];
  while (stack.length > 0) {
    const n = stack.pop()!;
    const m = stack.pop()!;
    if (m !== n && !boxesOverlap(boxes, m, n)) continue;
    const leafM = second[m] === 0;
    const leafN = second[n] === 0;
    if (leafM && leafN) {
      const endM = first[m]! + count[m]!;
      const endN = first[n]! + count[n]!;
      for (let i = first[m]!; i < endM; i++) {
        const f = faces[i]!;
        for (let j = m === n ? i + 1 : first[n]!; j < endN; j++) {
          const g = faces[j]!;
          if (boxesOverlap(faceBoxes, f, g)) test(f, g);
        }
      }
    } else if (m === n) {
      const other = second[m]!;
      stack.push(m + 1, m + 1, other, other, m + 1, other);
    } else if (leafN || (!leafM && count[m]! >= count[n]!)) {
      stack.push(m + 1, n, second[m]!, n);
    } else {
      stack.push(m, n + 1, m, second[n]!);
    }
  }
}

/** Whether two of a list of boxes (6 numbers each: low x, y, z, high x, y, z) touch. */
function boxesOverlap(boxes: Float32Array, m: number, n: number): boolean {
  const a = 6 * m;
  const b = 6 * n;
  return (
    boxes[a]! <= boxes[b + 3]! &&
    boxes[b]! <= boxes[a + 3]! &&
    boxes[a + 1]! <= boxes[b + 4]! &&
    boxes[b + 1]! <= boxes[a + 4]! &&
    boxes[a + 2]! <= boxes[b + 5]! &&
    boxes[b + 2]! <= boxes[a + 5]!
  );
}

/** What rounding may do to a corner's height over a face, as a share of the product of the face's sides. */
const HEIGHT_ROUNDING = 1e-10;
const PLANE_NUMBERS = 4;

/** For each face its normal, as long as twice its area in mm², and the rounding of heights along it, mm³. */
function facePlanes(mesh: TriangleMesh): Float64Array {
  const { triangles, positionsLpsMm: p } = mesh;
  const total = triangles.length / 3;
  const planes = new Float64Array(PLANE_NUMBERS * total);
  for (let face = 0; face < total; face++) {
    const a = 3 * triangles[3 * face]!;
    const b = 3 * triangles[3 * face + 1]!;
    const c = 3 * triangles[3 * face + 2]!;
    const ux = p[b]! - p[a]!;
    const uy = p[b + 1]! - p[a + 1]!;
    const uz = p[b + 2]! - p[a + 2]!;
    const vx = p[c]! - p[a]!;
    const vy = p[c + 1]! - p[a + 1]!;
    const vz = p[c + 2]! - p[a + 2]!;
    const at = PLANE_NUMBERS * face;
    planes[at] = uy * vz - uz * vy;
    planes[at + 1] = uz * vx - ux * vz;
    planes[at + 2] = ux * vy - uy * vx;
    planes[at + 3] =
      HEIGHT_ROUNDING * Math.sqrt((ux * ux + uy * uy + uz * uz) * (vx * vx + vy * vy + vz * vz));
  }
  return planes;
}

/** Whether all corners of face f lie clearly on one side of face g's plane, but for those that g has itself. */
function isBeside(mesh: TriangleMesh, planes: Float64Array, f: number, g: number): boolean {
  const { triangles, positionsLpsMm: p } = mesh;
  const g0 = triangles[3 * g]!;
  const g1 = triangles[3 * g + 1]!;
  const g2 = triangles[3 * g + 2]!;
  const origin = 3 * g0;
  const at = PLANE_NUMBERS * g;
  const rounding = planes[at + 3]!;
  let side = 0;
  for (let corner = 3 * f; corner < 3 * f + 3; corner++) {
    const vertex = triangles[corner]!;
    if (vertex === g0 || vertex === g1 || vertex === g2) continue;
    const height =
      planes[at]! * (p[3 * vertex]! - p[origin]!) +
      planes[at + 1]! * (p[3 * vertex + 1]! - p[origin + 1]!) +
      planes[at + 2]! * (p[3 * vertex + 2]! - p[origin + 2]!);
    if (height > rounding && side >= 0) side = 1;
    else if (height < -rounding && side <= 0) side = -1;
    else return false;
  }
  return true;
}

function facesPierce(mesh: TriangleMesh, planes: Float64Array, f: number, g: number): boolean {
  const { triangles, positionsLpsMm: p } = mesh;
  const g0 = triangles[3 * g]!;
  const g1 = triangles[3 * g + 1]!;
  const g2 = triangles[3 * g + 2]!;
  let shared = 0;
  let sharedInF = -1;
  let sharedInG = -1;
  for (let i = 0; i < 3; i++) {
    const vertex = triangles[3 * f + i]!;
    if (vertex !== g0 && vertex !== g1 && vertex !== g2) continue;
    shared += (vertex === g0 ? 1 : 0) + (vertex === g1 ? 1 : 0) + (vertex === g2 ? 1 : 0);
    sharedInF = i;
    sharedInG = vertex === g2 ? 2 : vertex === g1 ? 1 : 0;
  }
  if (shared >= 2) return foldedOver(planes, f, g);
  if (isBeside(mesh, planes, f, g) || isBeside(mesh, planes, g, f)) return false;
  for (let i = 0; i < 3; i++) {
    const next = (i + 1) % 3;
    const ofF = shared === 0 || (i !== sharedInF && next !== sharedInF);
    if (ofF && segmentPierces(p, triangles[3 * f + i]!, triangles[3 * f + next]!, mesh, g)) return true;
    const ofG = shared === 0 || (i !== sharedInG && next !== sharedInG);
    if (ofG && segmentPierces(p, triangles[3 * g + i]!, triangles[3 * g + next]!, mesh, f)) return true;
  }
  return false;
}

/** Two faces at one edge lie on each other when their normals are opposite. */
function foldedOver(planes: Float64Array, f: number, g: number): boolean {
  const a = PLANE_NUMBERS * f;
  const b = PLANE_NUMBERS * g;
  const along = planes[a]! * planes[b]! + planes[a + 1]! * planes[b + 1]! + planes[a + 2]! * planes[b + 2]!;
  if (along >= 0) return false;
  const lengths =
    hypot3(planes[a]!, planes[a + 1]!, planes[a + 2]!) * hypot3(planes[b]!, planes[b + 1]!, planes[b + 2]!);
  return along < -0.999999 * lengths;
}

/** Whether the open segment from vertex s to vertex t passes through the inside of a face. */
function segmentPierces(
  p: Float32Array,
  s: number,
  t: number,
  { triangles }: TriangleMesh,
  face: number,
): boolean {
  const x = p[3 * s]!;
  const y = p[3 * s + 1]!;
  const z = p[3 * s + 2]!;
  const along = rayTriangle(
    p,
    3 * triangles[3 * face]!,
    3 * triangles[3 * face + 1]!,
    3 * triangles[3 * face + 2]!,
    x,
    y,
    z,
    p[3 * t]! - x,
    p[3 * t + 1]! - y,
    p[3 * t + 2]! - z,
    true,
  );
  return along > 0 && along < 1;
}
