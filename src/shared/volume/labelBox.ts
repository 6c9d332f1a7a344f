import type { Vec3 } from '../geometry/vec3.ts';

/** A box of voxels: first and last index along each axis, both included. */
export interface VoxelBox {
  readonly low: Vec3;
  readonly high: Vec3;
}

/** The smallest box that holds every 1 of a label map, i fastest; undefined for an empty map. */
export function labelBox(data: Uint8Array, [nI, nJ]: Vec3): VoxelBox | undefined {
  const first = data.indexOf(1);
  if (first < 0) return undefined;
  let [i0, i1, j0, j1, k0, k1] = [Infinity, -1, Infinity, -1, Infinity, -1];
  // Typed arrays search fast; a row is left as soon as both of its ends are known.
  for (let at = first; at >= 0; ) {
    const row = Math.floor(at / nI);
    const start = row * nI;
    const last = data.lastIndexOf(1, start + nI - 1);
    const j = row % nJ;
    const k = (row - j) / nJ;
    i0 = Math.min(i0, at - start);
    i1 = Math.max(i1, last - start);
    j0 = Math.min(j0, j);
    j1 = Math.max(j1, j);
    k0 = Math.min(k0, k);
    k1 = Math.max(k1, k);
    at = start + nI >= data.length ? -1 : data.indexOf(1, start + nI);
  }
  return { low: [i0, j0, k0], high: [i1, j1, k1] };
}

export const boxSize = ({ low, high }: VoxelBox): Vec3 => [
  high[0] - low[0] + 1,
  high[1] - low[1] + 1,
  high[2] - low[2] + 1,
];

/** The box grown by a margin on every side, within a grid. */
export const grownBox = ({ low, high }: VoxelBox, margin: Vec3, sizeIjk: Vec3): VoxelBox => ({
  low: [Math.max(0, low[0] - margin[0]), Math.max(0, low[1] - margin[1]), Math.max(0, low[2] - margin[2])],
  high: [
    Math.min(sizeIjk[0] - 1, high[0] + margin[0]),
    Math.min(sizeIjk[1] - 1, high[1] + margin[1]),
    Math.min(sizeIjk[2] - 1, high[2] + margin[2]),
  ],
});

/** The voxels of a box, i fastest; voxels outside of the grid are 0. */
export function copyBox(data: Uint8Array, [nI, nJ, nK]: Vec3, box: VoxelBox): Uint8Array<ArrayBuffer> {
  const [sI, sJ, sK] = boxSize(box);
  const copy = new Uint8Array(sI * sJ * sK);
  const from = Math.max(0, box.low[0]);
  const to = Math.min(nI - 1, box.high[0]);
  for (let k = Math.max(0, box.low[2]); k <= Math.min(nK - 1, box.high[2]); k++) {
    for (let j = Math.max(0, box.low[1]); j <= Math.min(nJ - 1, box.high[1]); j++) {
      const source = nI * (j + nJ * k);
      const row = sI * (j - box.low[1] + sJ * (k - box.low[2]));
      copy.set(data.subarray(source + from, source + to + 1), row + from - box.low[0]);
    }
  }
  return copy;
}
