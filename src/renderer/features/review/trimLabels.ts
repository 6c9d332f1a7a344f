import type { LabelMap } from '#shared/contract/values.ts';
import { ijkToLps } from '#shared/geometry/gridLps.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';

/** Room for smoothing and for a closed surface, in voxels. */
const MARGIN = 4;

/**
 * The labels' own box and a margin of empty voxels round it, cut from the map, or padded where the map ends sooner: an
 * appendage fills a small part of a crop, and only that part has to be sent. An empty map is returned as it is.
 */
export function trimLabels(labels: LabelMap): LabelMap {
  const { grid, data } = labels;
  const [nI, nJ, nK] = grid.sizeIjk;
  let [lowI, lowJ, lowK] = [nI, nJ, nK];
  let [highI, highJ, highK] = [-1, -1, -1];
  for (let k = 0; k < nK; k++) {
    for (let j = 0; j < nJ; j++) {
      const start = nI * (j + nJ * k);
      const row = data.subarray(start, start + nI);
      const first = row.indexOf(1);
      if (first < 0) continue;
      lowI = Math.min(lowI, first);
      highI = Math.max(highI, row.lastIndexOf(1));
      lowJ = Math.min(lowJ, j);
      highJ = Math.max(highJ, j);
      lowK = Math.min(lowK, k);
      highK = k;
    }
  }
  if (highI < 0) return labels;
  const lowIjk: Vec3 = [lowI - MARGIN, lowJ - MARGIN, lowK - MARGIN];
  const sizeIjk: Vec3 = [
    highI - lowI + 1 + 2 * MARGIN,
    highJ - lowJ + 1 + 2 * MARGIN,
    highK - lowK + 1 + 2 * MARGIN,
  ];
  const trimmed = new Uint8Array(sizeIjk[0] * sizeIjk[1] * sizeIjk[2]);
  for (let k = lowK; k <= highK; k++) {
    for (let j = lowJ; j <= highJ; j++) {
      const start = nI * (j + nJ * k);
      const to = MARGIN + sizeIjk[0] * (j - lowIjk[1] + sizeIjk[1] * (k - lowIjk[2]));
      trimmed.set(data.subarray(start + lowI, start + highI + 1), to);
    }
  }
  return { grid: { ...grid, sizeIjk, originLpsMm: ijkToLps(grid, lowIjk) }, data: trimmed };
}
