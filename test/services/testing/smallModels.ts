import { DEFAULT_MODEL_IDS } from '#main/models/modelRegistry.ts';
import { writeModel } from '#main/models/packModel.ts';
import { cubeGridLps, ijkToLps, LPS_AXES } from '#shared/geometry/gridLps.ts';
import { length } from '#shared/geometry/vec3.ts';
import type { FieldNetworkSpec, RegionNetworkSpec } from '#shared/nudf/network/networkSpec.ts';
import { initializeWeights, type WeightMap } from '#shared/nudf/network/weightLayout.ts';
import type { Scan } from './phantomScan.ts';

/*
 * Models for tests of what happens round the networks: processes that crash and end, settings that change. A run of the
 * bundled region network takes 0.6 s of processor time, and a scan that shows nothing 15 of them; one of these takes
 * a millisecond.
 */

/** One level of one channel. */
const REGION: RegionNetworkSpec = {
  kind: 'region-unet',
  resolution: 32,
  clipHu: 1000,
  channels: [1],
  normGroups: 1,
};

const FIELD: FieldNetworkSpec = {
  kind: 'nudf-dual',
  resolution: 16,
  edgeMm: 70,
  clipHu: 1000,
  levels: [{ pool: 1, channels: [1] }],
  normGroups: 1,
  offsetMm: 2.5,
  hidden: [1],
  unitMm: 5,
};

/**
 * Marks what is brighter than the rest by more than 5 standard deviations, as in a small bright body, with a sharp border;
 * nothing where all is equally bright. Both convolutions pass the middle voxel on, each norm then takes the mean away.
 */
function marksWhatIsBright(): WeightMap {
  const weights = initializeWeights(REGION, 1);
  for (const name of ['down.0.0.kernel', 'down.0.1.kernel']) {
    const { data } = weights.get(name)!;
    data.fill(0);
    data[13] = 1;
  }
  weights.get('head.kernel')!.data.fill(20);
  weights.get('head.bias')!.data.fill(-100);
  return weights;
}

/** Writes them into a folder, by default under the names of the bundled models, in whose place they are used. */
export async function writeSmallModels(folder: string, names = DEFAULT_MODEL_IDS): Promise<void> {
  const details = {
    version: '0.0.0',
    trainedOn: 'nothing',
    training: { recipe: 'none', steps: 0, seed: 1, metrics: {} },
  };
  const region = { kind: 'region', id: names.region, spec: REGION, ...details } as const;
  const field = { kind: 'field', id: names.field, spec: FIELD, ...details } as const;
  await writeModel(folder, region, marksWhatIsBright(), 'For tests.');
  await writeModel(folder, field, initializeWeights(FIELD, 1), 'For tests.');
}

/** A ball of contrast in air, which the small region network takes for the appendage. */
export function ballInAir(): Scan {
  const grid = cubeGridLps([0, 0, 0], 110, 55);
  const data = Int16Array.from({ length: 55 ** 3 }, (_, voxel) => {
    const ijk = [voxel % 55, Math.floor(voxel / 55) % 55, Math.floor(voxel / 55 ** 2)] as const;
    return length(ijkToLps(grid, ijk)) < 15 ? 400 : -1024;
  });
  return { grid, data };
}

/**
 * Air, 32 m long: the region network looks at each of 200 parts, for ten seconds and more. For what is to be interrupted as
 * soon as it has begun, which must not be over before.
 */
export function endlessAir(): Scan {
  const sizeIjk = [4, 4, 400] as const;
  const grid = { sizeIjk, spacingMm: [20, 20, 80], originLpsMm: [0, 0, 0], directions: LPS_AXES } as const;
  return { grid, data: new Int16Array(4 * 4 * 400).fill(-1024) };
}
