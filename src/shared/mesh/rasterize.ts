import { type GridLps, lpsToIjk, voxelCount } from '../geometry/gridLps.ts';
import { faceCount, type TriangleMesh, vertexCount } from './triangleMesh.ts';

/**
 * 1 for each voxel whose centre is inside a closed mesh, on any grid (oblique, anisotropic, left-handed): parity of
 * the crossings along i, counted per row. A row that would hit an edge or a vertex is decided as if it lay an
 * infinitesimal way along +j, then +k (symbolic perturbation), so that every row crosses a closed mesh evenly.
 * Only the mesh's box is visited.
 * @returns voxelCount(grid) bytes, i fastest.
 */
export function rasterizeClosedMesh(mesh: TriangleMesh, grid: GridLps): Uint8Array {
  const [nI, nJ, nK] = grid.sizeIjk;
  const mask = new Uint8Array(voxelCount(grid));
  const count = vertexCount(mesh);
  const ijk = new Float64Array(3 * count);
  for (let vertex = 0; vertex < count; vertex++) {
    const p = mesh.positionsLpsMm;
    ijk.set(lpsToIjk(grid, [p[3 * vertex]!, p[3 * vertex + 1]!, p[3 * vertex + 2]!]), 3 * vertex);
  }
  for (const [row, places] of rowCrossings(mesh, ijk, nJ, nK)) {
    places.sort((a, b) => a - b);
    for (let pair = 0; pair + 1 < places.length; pair += 2) {
      // A centre exactly on the surface counts on entering, not on leaving.
      const from = Math.max(0, Math.ceil(places[pair]!));
      const to = Math.min(nI, Math.ceil(places[pair + 1]!));
      if (to > from) mask.fill(1, row * nI + from, row * nI + to);
    }
  }
  return mask;
}

/** For each row (j + nJ·k) that the mesh crosses, the places along i at which it does. */
function rowCrossings(mesh: TriangleMesh, ijk: Float64Array, nJ: number, nK: number): Map<number, number[]> {
  const rows = new Map<number, number[]>();
  const { triangles } = mesh;
  for (let face = 0; face < faceCount(mesh); face++) {
    const a = 3 * triangles[3 * face]!;
    const b = 3 * triangles[3 * face + 1]!;
    const c = 3 * triangles[3 * face + 2]!;
    const [aj, bj, cj] = [ijk[a + 1]!, ijk[b + 1]!, ijk[c + 1]!];
    const [ak, bk, ck] = [ijk[a + 2]!, ijk[b + 2]!, ijk[c + 2]!];
    const area = (bj - aj) * (ck - ak) - (bk - ak) * (cj - aj);
    if (area === 0) continue;
    const k1 = Math.min(nK - 1, Math.floor(Math.max(ak, bk, ck)));
    const j1 = Math.min(nJ - 1, Math.floor(Math.max(aj, bj, cj)));
    for (let k = Math.max(0, Math.ceil(Math.min(ak, bk, ck))); k <= k1; k++) {
      for (let j = Math.max(0, Math.ceil(Math.min(aj, bj, cj))); j <= j1; j++) {
        const s = edgeSide(aj, ak, bj, bk, j, k);
        if (s !== edgeSide(bj, bk, cj, ck, j, k) || s !== edgeSide(cj, ck, aj, ak, j, k)) continue;
        const wb = ((j - aj) * (ck - ak) - (k - ak) * (cj - aj)) / area;
        const wc = ((bj - aj) * (k - ak) - (bk - ak) * (j - aj)) / area;
        const place = ijk[a]! + wb * (ijk[b]! - ijk[a]!) + wc * (ijk[c]! - ijk[a]!);
        const row = j + nJ * k;
        const list = rows.get(row);
        if (list) list.push(place);
        else rows.set(row, [place]);
      }
    }
  }
  return rows;
}

/**
 * Whether (j, k) lies left of the directed line from P to Q; on the line, whether (j + ε, k + ε²) does. The same edge
 * taken the other way round answers the opposite, to the last bit, because it is always computed from its lower end.
 */
function edgeSide(pj: number, pk: number, qj: number, qk: number, j: number, k: number): boolean {
  const swap = pj > qj || (pj === qj && pk > qk);
  const [lj, lk, hj, hk] = swap ? [qj, qk, pj, pk] : [pj, pk, qj, qk];
  let side = (hj - lj) * (k - lk) - (hk - lk) * (j - lj);
  if (side === 0) side = -(hk - lk);
  if (side === 0) side = hj - lj;
  return side > 0 !== swap;
}
