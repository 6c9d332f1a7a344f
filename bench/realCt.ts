/**
 * How the pipeline holds on a real contrast CT for which no reference is drawn: how far its results agree with each
 * other when the search begins elsewhere, when contrast or noise change, and whether a part of the scan that does not
 * show the appendage is refused.
 *
 *   npm run bench:real-ct -- DICOM_DIR [--resolution 128] [--models DIR] [--fields ID,ID]
 */

import { parseArgs } from 'node:util';
import { diceOfMasks } from '#main/evaluation/index.ts';
import { DEFAULT_RESOLUTION } from '#shared/contract/services/app.ts';
import { failure } from '#shared/failures/failure.ts';
import { createRandom } from '#shared/random/random.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import { detectRegion } from '../src/main/nudf/region/detectRegion.ts';
import { loadNetworkModels, openNetworks } from '../src/main/pipeline/networks.ts';
import { segmentAppendage } from '../src/main/pipeline/segmentAppendage.ts';
import { createStageClock } from '../src/main/pipeline/stageClock.ts';
import { loadSeries, requireBestSeries } from '../src/main/studies/loadSeries.ts';
import { scanDicomFolder } from '../src/main/studies/scanDicomFolder.ts';
import { messageOf, UserError } from '../src/shared/errors.ts';
import { ijkToLps } from '../src/shared/geometry/gridLps.ts';
import { add, type Vec3 } from '../src/shared/geometry/vec3.ts';
import { rasterizeClosedMesh } from '../src/shared/mesh/rasterize.ts';
import { averageToGrid } from '../src/shared/volume/averageToGrid.ts';
import { OUTSIDE_HU, type Volume } from '../src/shared/volume/volume.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    resolution: { type: 'string', default: String(DEFAULT_RESOLUTION) },
    models: { type: 'string' },
    fields: { type: 'string' },
  },
});
const [folder] = positionals;
if (folder === undefined) throw new UserError(failure('cli.no-folder'));

const networks = await openNetworks(
  await loadNetworkModels(
    withoutUndefined({ modelsFolder: values.models, fieldModels: values.fields?.split(',') }),
  ),
  { engine: 'onnx' },
);
const volume = await loadSeries(requireBestSeries(await scanDicomFolder(folder)).chosen);

/** The mask of a scan's appendage on its own voxels, and a line about it; undefined where it is refused. */
async function segment(label: string, scan: Volume<Int16Array>, centreLpsMm?: Vec3) {
  try {
    const { appendage, frame } = await segmentAppendage(scan, networks, {
      clock: createStageClock(),
      resolution: Number(values.resolution),
      ...(centreLpsMm ? { start: { centreLpsMm } } : {}),
    });
    const { ostium } = appendage;
    const size = ostium.found
      ? `${ostium.measures.maxDiameter.lengthMm.toFixed(1)} × ${ostium.measures.minDiameter.lengthMm.toFixed(1)} mm`
      : 'no ostium';
    const text = `${label}: ${appendage.volumeMl.toFixed(2)} mL, ${size}`;
    return { mask: rasterizeClosedMesh(appendage.closed, scan.grid), centreLpsMm: frame.centreLpsMm, text };
  } catch (thrown) {
    console.log(`${label}: refused (${messageOf(thrown)})`);
    return undefined;
  }
}

const base = await segment('as it is', volume);
if (!base) throw new UserError(failure('pipeline.no-region'));
console.log(base.text);

const masks = [base.mask];
for (const axis of [0, 1, 2]) {
  for (const mm of [-8, 8]) {
    const shift: [number, number, number] = [0, 0, 0];
    shift[axis] = mm;
    const moved = await segment(`begun ${shift} mm away`, volume, add(base.centreLpsMm, shift));
    if (!moved) continue;
    masks.push(moved.mask);
    console.log(`${moved.text}, Dice to the first ${diceOfMasks(moved.mask, base.mask).toFixed(3)}`);
  }
}
const pairs = masks.flatMap((a, index) => masks.slice(0, index).map((b) => diceOfMasks(a, b)));
console.log(
  `all ${masks.length} among each other: Dice ${Math.min(...pairs).toFixed(3)} to ${Math.max(...pairs).toFixed(3)}`,
);

const changed = (change: (valueHu: number) => number): Volume<Int16Array> => ({
  grid: volume.grid,
  data: volume.data.map((value) => (value <= OUTSIDE_HU ? value : Math.round(change(value)))),
});
/** Above soft tissue, as another amount of contrast agent would. */
const SOFT_TISSUE_HU = 50;
for (const gain of [0.65, 0.8, 1.3, 1.6]) {
  const scan = changed((v) => (v > SOFT_TISSUE_HU ? SOFT_TISSUE_HU + (v - SOFT_TISSUE_HU) * gain : v));
  const result = await segment(`contrast × ${gain}`, scan);
  if (result) console.log(`${result.text}, Dice ${diceOfMasks(result.mask, base.mask).toFixed(3)}`);
}
for (const sdHu of [20, 40]) {
  const random = createRandom(5);
  const result = await segment(
    `white noise of ${sdHu} HU`,
    changed((v) => v + random.normal(0, sdHu)),
  );
  if (result) console.log(`${result.text}, Dice ${diceOfMasks(result.mask, base.mask).toFixed(3)}`);
}

/** The part of the scan between two voxels. */
function part(lowIjk: Vec3, highIjk: Vec3): Volume<Int16Array> {
  const [nI, nJ] = volume.grid.sizeIjk;
  const size = [highIjk[0] - lowIjk[0], highIjk[1] - lowIjk[1], highIjk[2] - lowIjk[2]] as const;
  const data = new Int16Array(size[0] * size[1] * size[2]);
  for (let k = 0; k < size[2]; k++) {
    for (let j = 0; j < size[1]; j++) {
      const from = lowIjk[0] + nI * (lowIjk[1] + j + nJ * (lowIjk[2] + k));
      data.set(volume.data.subarray(from, from + size[0]), size[0] * (j + size[1] * k));
    }
  }
  return { grid: { ...volume.grid, sizeIjk: size, originLpsMm: ijkToLps(volume.grid, lowIjk) }, data };
}

/** Shares of the scan along i, j and k, from and to: those of the arterial-phase CT that tests use do not show the appendage. */
const PARTS: Readonly<Record<string, readonly [Vec3, Vec3]>> = {
  'lower 46 %': [
    [0, 0, 0],
    [1, 1, 0.46],
  ],
  'lower 53 %': [
    [0, 0, 0],
    [1, 1, 0.53],
  ],
  'upper 14 %': [
    [0, 0, 0.86],
    [1, 1, 1],
  ],
  'right 45 %': [
    [0, 0, 0],
    [0.45, 1, 1],
  ],
  'heart, lower half': [
    [0.27, 0.23, 0],
    [0.78, 0.74, 0.5],
  ],
  back: [
    [0.2, 0.57, 0],
    [0.78, 1, 1],
  ],
  'heart, whole (shows it)': [
    [0.27, 0.23, 0],
    [0.78, 0.74, 1],
  ],
};
for (const [name, [from, to]] of Object.entries(PARTS)) {
  const size = volume.grid.sizeIjk;
  const at = (share: Vec3): Vec3 => [
    Math.round(share[0] * size[0]),
    Math.round(share[1] * size[1]),
    Math.round(share[2] * size[2]),
  ];
  const scan = part(at(from), at(to));
  try {
    const found = await detectRegion(
      scan.grid,
      (grid) => averageToGrid(scan, grid),
      networks.region.engine,
      networks.region.spec.resolution,
    );
    console.log(
      `${name}: found at ${found.centreLpsMm.map((v) => v.toFixed(0))}, confidence ${found.confidence.toFixed(3)}`,
    );
  } catch (thrown) {
    console.log(`${name}: refused (${messageOf(thrown)})`);
  }
}
await networks.free();
