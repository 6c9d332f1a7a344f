import { perAxis, type Vec3 } from '#shared/geometry/vec3.ts';
import { createRandom } from '#shared/random/random.ts';
import type { Volume } from '#shared/volume/volume.ts';
import { LABELS, type Label, type PhantomScene, type Tissue } from '../../src/main/phantom/scene.ts';
import { ijkToLps, lpsToIjk } from '../../src/shared/geometry/gridLps.ts';
import { OUTSIDE_HU } from '../../src/shared/volume/volume.ts';

/*
 * Scans that no appendage can be measured on, made of scans on which it can: by other tissues in a phantom, or by
 * changing a scan's voxels, so that real scans serve as well.
 */

export type Scan = Volume<Int16Array>;

/** Blood, and heart muscle that takes up contrast. */
const ENHANCED: readonly Label[] = [
  LABELS.leftAtrium,
  LABELS.appendage,
  LABELS.pulmonaryVein,
  LABELS.leftVentricle,
  LABELS.rightHeart,
  LABELS.aorta,
  LABELS.pulmonaryArtery,
  LABELS.venaCava,
  LABELS.coronary,
];

const changedTissues = (scene: PhantomScene, change: (tissue: Tissue) => Tissue): PhantomScene => ({
  ...scene,
  tissues: scene.tissues.map(change),
});

const filledWith = (tissue: Tissue, baseHu: number): Tissue => ({ ...tissue, hu: { baseHu } });

/** A scan before the contrast agent: blood of 30 to 60 HU everywhere, muscle hardly darker. */
export function withoutContrast(scene: PhantomScene): PhantomScene {
  const random = createRandom(scene.seed).fork('without contrast');
  const bloodHu = random.uniform(30, 60);
  return changedTissues(scene, (tissue) => {
    if (ENHANCED.includes(tissue.label)) return filledWith(tissue, bloodHu);
    return tissue.label === LABELS.myocardium ? filledWith(tissue, bloodHu + random.uniform(-5, 5)) : tissue;
  });
}

/** A venous scan: all blood alike at 84 to 119 HU, muscle not far below. */
export function venous(scene: PhantomScene): PhantomScene {
  const random = createRandom(scene.seed).fork('venous');
  const bloodHu = random.uniform(84, 119);
  return changedTissues(scene, (tissue) => {
    if (ENHANCED.includes(tissue.label)) return filledWith(tissue, bloodHu * random.uniform(0.96, 1.04));
    return tissue.label === LABELS.myocardium ? filledWith(tissue, random.uniform(65, 95)) : tissue;
  });
}

/** The voxels between two corners, the upper one not included. */
export function part(scan: Scan, lowIjk: Vec3, highIjk: Vec3): Scan {
  const [nI, nJ] = scan.grid.sizeIjk;
  const sizeIjk = perAxis((axis) => highIjk[axis] - lowIjk[axis]);
  const data = new Int16Array(sizeIjk[0] * sizeIjk[1] * sizeIjk[2]);
  for (let k = 0; k < sizeIjk[2]; k++) {
    for (let j = 0; j < sizeIjk[1]; j++) {
      const from = lowIjk[0] + nI * (lowIjk[1] + j + nJ * (lowIjk[2] + k));
      data.set(scan.data.subarray(from, from + sizeIjk[0]), sizeIjk[0] * (j + sizeIjk[1] * k));
    }
  }
  return { grid: { ...scan.grid, sizeIjk, originLpsMm: ijkToLps(scan.grid, lowIjk) }, data };
}

/**
 * The scan up to a plane across one of its axes.
 * @param pointLpsMm on the plane
 * @param towards what is kept, as seen from the plane, LPS
 */
export function cutAt(scan: Scan, pointLpsMm: Vec3, towards: Vec3): Scan {
  const { grid } = scan;
  const along = perAxis((axis) =>
    grid.directions[axis].reduce((sum, value, k) => sum + value * towards[k]!, 0),
  );
  const axis = ([0, 1, 2] as const).reduce((most, next) =>
    Math.abs(along[next]) > Math.abs(along[most]) ? next : most,
  );
  const at = Math.max(1, Math.min(grid.sizeIjk[axis] - 1, Math.round(lpsToIjk(grid, pointLpsMm)[axis])));
  const isKeptAbove = along[axis] > 0;
  const low = perAxis((one) => (one === axis && isKeptAbove ? at : 0));
  const high = perAxis((one) => (one === axis && !isKeptAbove ? at : grid.sizeIjk[one]));
  return part(scan, low, high);
}

/** The same values in reverse along an axis of the scan's grid, as a wrong orientation in a header has it. */
export function reversed(scan: Scan, axis: 0 | 1 | 2): Scan {
  const [nI, nJ, nK] = scan.grid.sizeIjk;
  const data = new Int16Array(scan.data.length);
  for (let k = 0; k < nK; k++) {
    for (let j = 0; j < nJ; j++) {
      const to = nI * (j + nJ * k);
      const from = nI * ((axis === 1 ? nJ - 1 - j : j) + nJ * (axis === 2 ? nK - 1 - k : k));
      const row = scan.data.subarray(from, from + nI);
      data.set(axis === 0 ? row.slice().reverse() : row, to);
    }
  }
  return { grid: scan.grid, data };
}

/** The mean of slabs, as thick slices without overlap have it. */
export function thickSlices(scan: Scan, thicknessMm: number): Scan {
  const [nI, nJ, nK] = scan.grid.sizeIjk;
  const each = Math.max(1, Math.round(thicknessMm / scan.grid.spacingMm[2]));
  const slices = Math.floor(nK / each);
  const size = nI * nJ;
  const data = new Int16Array(size * slices);
  for (let slice = 0; slice < slices; slice++) {
    for (let pixel = 0; pixel < size; pixel++) {
      let sum = 0;
      for (let k = 0; k < each; k++) sum += scan.data[pixel + size * (each * slice + k)]!;
      data[pixel + size * slice] = Math.round(sum / each);
    }
  }
  const [x, y, z] = scan.grid.spacingMm;
  return {
    grid: {
      ...scan.grid,
      sizeIjk: [nI, nJ, slices],
      spacingMm: [x, y, z * each],
      originLpsMm: ijkToLps(scan.grid, [0, 0, (each - 1) / 2]),
    },
    data,
  };
}

const changed = (scan: Scan, change: (valueHu: number) => number): Scan => ({
  grid: scan.grid,
  data: scan.data.map((value) => (value <= OUTSIDE_HU ? value : Math.round(change(value)))),
});

/** What a picture of a window keeps: 0 to 255, all that is darker or brighter cut off. */
export const eightBit = (scan: Scan, lowHu: number, highHu: number): Scan =>
  changed(scan, (hu) => Math.max(0, Math.min(255, (255 * (hu - lowHu)) / (highHu - lowHu))));

/** The same with the window's HU put back: the steps and the cut-off ends stay. */
export const windowed = (scan: Scan, lowHu: number, highHu: number): Scan =>
  changed(
    scan,
    (hu) =>
      lowHu +
      ((highHu - lowHu) / 255) *
        Math.round(Math.max(0, Math.min(255, (255 * (hu - lowHu)) / (highHu - lowHu)))),
  );

/** All that is brighter than soft tissue made so much less bright that blood of `fromHu` measures `toHu`. */
export const dimmed = (scan: Scan, fromHu: number, toHu: number): Scan => {
  const softHu = 50;
  const gain = (toHu - softHu) / (fromHu - softHu);
  return changed(scan, (hu) => (hu > softHu ? softHu + gain * (hu - softHu) : hu));
};
