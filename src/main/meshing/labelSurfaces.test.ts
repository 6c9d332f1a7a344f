import { describe, expect, it } from 'vitest';
import { type GridLps, LPS_AXES } from '#shared/geometry/gridLps.ts';
import { signedVolumeMm3 } from '#shared/mesh/measures.ts';
import { labelSurfaces } from './labelSurfaces.ts';

const grid: GridLps = {
  sizeIjk: [24, 12, 12],
  originLpsMm: [0, 0, 0],
  spacingMm: [1, 1, 1],
  directions: LPS_AXES,
};
/** 1 in boxes of voxels, the upper bounds one past the last. */
function labelsOf(...boxes: readonly (readonly [from: number, to: number])[]) {
  const data = new Uint8Array(24 * 12 * 12);
  for (const [from, to] of boxes)
    for (let k = 3; k < 9; k++)
      for (let j = 3; j < 9; j++) data.fill(1, from + 24 * (j + 12 * k), to + 24 * (j + 12 * k));
  return { grid, data };
}

describe('the surfaces of a label map', () => {
  it('are those of all its pieces, with their volume together', () => {
    const { mesh, piecesLeftOut } = labelSurfaces(labelsOf([3, 9], [14, 20]));
    expect(piecesLeftOut).toBe(0);
    expect(signedVolumeMm3(mesh) / (2 * 6 ** 3)).toBeCloseTo(1, 1);
  });

  it('are refused where there is nothing', () => {
    expect(() => labelSurfaces(labelsOf())).toThrow();
  });
});
