import type { Vec3 } from '#shared/geometry/vec3.ts';

/** The pieces of a mask, connected through voxels' faces. */
export interface LabelComponents {
  /** 1 + the number of each voxel's piece, 0 where the mask is 0. */
  readonly pieceOfVoxel: Int32Array;
  /** Number of voxels of each piece. */
  readonly sizes: readonly number[];
}

/** Finds the connected pieces (6-neighbourhood) of the voxels that hold `value`, i fastest. */
export function labelComponents(mask: Uint8Array, [nI, nJ, nK]: Vec3, value = 1): LabelComponents {
  const pieceOfVoxel = new Int32Array(mask.length);
  const sizes: number[] = [];
  let queue = new Uint32Array(1 << 14);
  let tail = 0;
  let piece = 0;
  const [stepJ, stepK] = [nI, nI * nJ];
  const push = (voxel: number): void => {
    if (mask[voxel] !== value || pieceOfVoxel[voxel] !== 0) return;
    pieceOfVoxel[voxel] = piece;
    if (tail === queue.length) {
      const larger = new Uint32Array(2 * queue.length);
      larger.set(queue);
      queue = larger;
    }
    queue[tail++] = voxel;
  };
  for (let seed = mask.indexOf(value); seed >= 0; seed = mask.indexOf(value, seed + 1)) {
    if (pieceOfVoxel[seed] !== 0) continue;
    piece = sizes.length + 1;
    tail = 0;
    push(seed);
    for (let head = 0; head < tail; head++) {
      const voxel = queue[head]!;
      const i = voxel % nI;
      const row = (voxel - i) / nI;
      const j = row % nJ;
      const k = (row - j) / nJ;
      if (i > 0) push(voxel - 1);
      if (i < nI - 1) push(voxel + 1);
      if (j > 0) push(voxel - stepJ);
      if (j < nJ - 1) push(voxel + stepJ);
      if (k > 0) push(voxel - stepK);
      if (k < nK - 1) push(voxel + stepK);
    }
    sizes.push(tail);
  }
  return { pieceOfVoxel, sizes };
}

/** The number of the largest piece (the first of equals), or −1 where there is none. */
export function largestPiece(sizes: readonly number[]): number {
  let best = -1;
  sizes.forEach((size, piece) => {
    if (best < 0 || size > sizes[best]!) best = piece;
  });
  return best;
}
