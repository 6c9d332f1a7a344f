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
  const steps = [-1, 1, -nI, nI, -nI * nJ, nI * nJ];
  for (let seed = mask.indexOf(value); seed >= 0; seed = mask.indexOf(value, seed + 1)) {
    if (pieceOfVoxel[seed] !== 0) continue;
    const piece = sizes.length + 1;
    queue[0] = seed;
    pieceOfVoxel[seed] = piece;
    let tail = 1;
    for (let head = 0; head < tail; head++) {
      if (tail + 6 > queue.length) {
        const larger = new Uint32Array(2 * queue.length);
        larger.set(queue);
        queue = larger;
      }
      const voxel = queue[head]!;
      const i = voxel % nI;
      const row = (voxel - i) / nI;
      const j = row % nJ;
      const k = (row - j) / nJ;
      // Bits of the steps that lead out of the mask.
      const barred =
        (i === 0 ? 1 : 0) |
        (i === nI - 1 ? 2 : 0) |
        (j === 0 ? 4 : 0) |
        (j === nJ - 1 ? 8 : 0) |
        (k === 0 ? 16 : 0) |
        (k === nK - 1 ? 32 : 0);
      for (let way = 0; way < 6; way++) {
        if (((barred >> way) & 1) === 1) continue;
        const next = voxel + steps[way]!;
        if (mask[next] !== value || pieceOfVoxel[next] !== 0) continue;
        pieceOfVoxel[next] = piece;
        queue[tail++] = next;
      }
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
