import { type GridLps, voxelCount } from '../geometry/gridLps.ts';
import { heightsMm, type SliceStack, sliceGrid } from '../geometry/sliceStack.ts';
import type { Vec3 } from '../geometry/vec3.ts';
import { faceCount, type TriangleMesh } from './triangleMesh.ts';

/**
 * 1 for each voxel whose centre is inside a closed mesh, on any grid (oblique, anisotropic, left-handed): parity of
 * the crossings along i, counted per row. A row that would hit an edge or a vertex is decided as if it lay an
 * infinitesimal way along +j, then +k (symbolic perturbation), so that every row crosses a closed mesh an even number
 * of times. Only the mesh's box is visited.
 * @returns voxelCount(grid) bytes, i fastest.
 */
export function rasterizeClosedMesh(mesh: TriangleMesh, grid: GridLps): Uint8Array {
  const [nI, nJ, nK] = grid.sizeIjk;
  const mask = new Uint8Array(voxelCount(grid));
  const ijk = verticesIjk(mesh, grid);
  const { start, places } = rowCrossings(mesh, ijk, nJ, nK);
  for (let row = 0; row < nJ * nK; row++) {
    const end = start[row + 1]!;
    if (end === start[row]) continue;
    sortRange(places, start[row]!, end);
    for (let pair = start[row]!; pair + 1 < end; pair += 2) {
      // A centre exactly on the surface counts on entering, not on leaving.
      const from = Math.max(0, Math.ceil(places[pair]!));
      const to = Math.min(nI, Math.ceil(places[pair + 1]!));
      if (to > from) mask.fill(1, row * nI + from, row * nI + to);
    }
  }
  return mask;
}

/** The vertices as voxel indices, 3·V; the numbers of lpsToIjk. */
function verticesIjk(mesh: TriangleMesh, { originLpsMm, directions, spacingMm }: GridLps): Float64Array {
  const { positionsLpsMm: p } = mesh;
  const [ox, oy, oz] = originLpsMm;
  const ijk = new Float64Array(p.length);
  for (let axis = 0; axis < 3; axis++) {
    const [dx, dy, dz] = directions[axis as 0 | 1 | 2];
    const spacing = spacingMm[axis as 0 | 1 | 2];
    for (let at = 0; at < p.length; at += 3) {
      ijk[at + axis] = ((p[at]! - ox) * dx + (p[at + 1]! - oy) * dy + (p[at + 2]! - oz) * dz) / spacing;
    }
  }
  return ijk;
}

/** Sorts `values[from … to − 1]` ascending; most rows hold two places or four. */
function sortRange(values: Float64Array, from: number, to: number): void {
  if (to - from > 32) {
    values.subarray(from, to).sort();
    return;
  }
  for (let index = from + 1; index < to; index++) {
    const value = values[index]!;
    let at = index;
    while (at > from && values[at - 1]! > value) {
      values[at] = values[at - 1]!;
      at--;
    }
    values[at] = value;
  }
}

interface RowCrossings {
  /** The places of row r (j + nJ·k) are `places[start[r] … start[r + 1] − 1]`. */
  readonly start: Uint32Array;
  readonly places: Float64Array;
}

/** For each row the places along i at which the mesh crosses it, in the order of the faces. */
function rowCrossings(mesh: TriangleMesh, ijk: Float64Array, nJ: number, nK: number): RowCrossings {
  const { triangles } = mesh;
  let capacity = Math.max(16, 2 * faceCount(mesh));
  let foundRow = new Uint32Array(capacity);
  let foundPlace = new Float64Array(capacity);
  let found = 0;
  for (let face = 0; face < faceCount(mesh); face++) {
    const a = 3 * triangles[3 * face]!;
    const b = 3 * triangles[3 * face + 1]!;
    const c = 3 * triangles[3 * face + 2]!;
    const aj = ijk[a + 1]!;
    const bj = ijk[b + 1]!;
    const cj = ijk[c + 1]!;
    const ak = ijk[a + 2]!;
    const bk = ijk[b + 2]!;
    const ck = ijk[c + 2]!;
    const area = (bj - aj) * (ck - ak) - (bk - ak) * (cj - aj);
    if (area === 0) continue;
    const k0 = Math.max(0, Math.ceil(Math.min(ak, bk, ck)));
    const k1 = Math.min(nK - 1, Math.floor(Math.max(ak, bk, ck)));
    const j0 = Math.max(0, Math.ceil(Math.min(aj, bj, cj)));
    const j1 = Math.min(nJ - 1, Math.floor(Math.max(aj, bj, cj)));
    for (let k = k0; k <= k1; k++) {
      for (let j = j0; j <= j1; j++) {
        const s = edgeSide(aj, ak, bj, bk, j, k);
        if (s !== edgeSide(bj, bk, cj, ck, j, k) || s !== edgeSide(cj, ck, aj, ak, j, k)) continue;
        const wb = ((j - aj) * (ck - ak) - (k - ak) * (cj - aj)) / area;
        const wc = ((bj - aj) * (k - ak) - (bk - ak) * (j - aj)) / area;
        if (found === capacity) {
          capacity *= 2;
          foundRow = grown(foundRow, new Uint32Array(capacity));
          foundPlace = grown(foundPlace, new Float64Array(capacity));
        }
        foundRow[found] = j + nJ * k;
        foundPlace[found++] = ijk[a]! + wb * (ijk[b]! - ijk[a]!) + wc * (ijk[c]! - ijk[a]!);
      }
    }
  }
  const start = new Uint32Array(nJ * nK + 1);
  for (let index = 0; index < found; index++) start[foundRow[index]! + 1]!++;
  for (let row = 0; row < nJ * nK; row++) start[row + 1]! += start[row]!;
  const fill = start.slice(0, -1);
  const places = new Float64Array(found);
  for (let index = 0; index < found; index++) places[fill[foundRow[index]!]!++] = foundPlace[index]!;
  return { start, places };
}

function grown<A extends Uint32Array | Float64Array>(from: A, into: A): A {
  into.set(from);
  return into;
}

/**
 * Whether (j, k) lies left of the directed line from P to Q; on the line, whether (j + ε, k + ε²) does. The same edge
 * taken the other way round answers the opposite, to the last bit, because it is always computed from its lower end.
 */
function edgeSide(pj: number, pk: number, qj: number, qk: number, j: number, k: number): boolean {
  const swap = pj > qj || (pj === qj && pk > qk);
  const lj = swap ? qj : pj;
  const lk = swap ? qk : pk;
  const hj = swap ? pj : qj;
  const hk = swap ? pk : qk;
  let side = (hj - lj) * (k - lk) - (hk - lk) * (j - lj);
  if (side === 0) side = -(hk - lk);
  if (side === 0) side = hj - lj;
  return side > 0 !== swap;
}

/**
 * The same on slices that are no lattice, each at its own place: columns · rows bytes for each slice, in their order,
 * made when they are read; those that the mesh does not reach share one array.
 */
export function* rasterizeOnSlices(mesh: TriangleMesh, stack: SliceStack): Generator<Uint8Array> {
  const { low, high } = heightRange(mesh, stack.directions[2]);
  const empty = new Uint8Array(stack.columns * stack.rows);
  for (const [k, height] of heightsMm(stack).entries()) {
    yield height < low || height > high ? empty : rasterizeClosedMesh(mesh, sliceGrid(stack, k));
  }
}

function heightRange({ positionsLpsMm }: TriangleMesh, [nx, ny, nz]: Vec3): { low: number; high: number } {
  let [low, high] = [Infinity, -Infinity];
  for (let at = 0; at < positionsLpsMm.length; at += 3) {
    const height = nx * positionsLpsMm[at]! + ny * positionsLpsMm[at + 1]! + nz * positionsLpsMm[at + 2]!;
    low = Math.min(low, height);
    high = Math.max(high, height);
  }
  return { low, high };
}
