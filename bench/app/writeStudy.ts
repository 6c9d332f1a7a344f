import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultCtSeriesMetadata, writeCtSlice } from '#shared/dicom/writeCtSlice.ts';
import type { GridLps } from '#shared/geometry/gridLps.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';

const SPACING_MM: Vec3 = [0.4, 0.4, 0.5];

/** A CT series with a body that differs from slice to slice, as files in a folder. */
export function writeStudy(folder: string, sizeIjk: Vec3): void {
  const [nI, nJ, nK] = sizeIjk;
  const grid: GridLps = {
    sizeIjk,
    spacingMm: SPACING_MM,
    originLpsMm: [(-nI / 2) * SPACING_MM[0], (-nJ / 2) * SPACING_MM[1], (-nK / 2) * SPACING_MM[2]],
    directions: [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ],
  };
  const data = new Int16Array(nI * nJ * nK);
  for (let k = 0, at = 0; k < nK; k++) {
    for (let j = 0; j < nJ; j++) {
      for (let i = 0; i < nI; i++, at++) {
        const isBody = Math.hypot(i - nI / 2, j - nJ / 2) < (0.3 + (0.13 * k) / nK) * nI;
        // A hash in place of noise: without it every codec and cache would have an easy day.
        data[at] = isBody
          ? ((i * 73 + j * 179 + k * 283) % 97) + ((i >> 5) + (j >> 5) + (k >> 4)) * 8
          : -1000;
      }
    }
  }
  mkdirSync(folder, { recursive: true });
  const metadata = defaultCtSeriesMetadata(1, grid);
  for (let k = 0; k < nK; k++) {
    const name = `slice${String(k).padStart(4, '0')}.dcm`;
    writeFileSync(join(folder, name), writeCtSlice({ grid, data }, k, metadata));
  }
}
