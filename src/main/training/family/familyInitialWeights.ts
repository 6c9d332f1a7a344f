import { FAMILY_TAPS, type FamilySpec } from '#shared/nudf/family/familySpec.ts';
import { familyLayout, writtenLevelNames } from '#shared/nudf/family/familyWeights.ts';
import { elementCount, type WeightMap } from '#shared/nudf/network/weightLayout.ts';
import { createRandom } from '#shared/random/random.ts';
import type { TrainerState } from '../epochs/epochTrainer.ts';
import { CLAMP_DISTANCE, isRunningStatistic } from './familyTrainer.ts';

/** HU are a thousand times larger than the normed features beside which the decoder sees them. */
const HU_FACTOR = 1e-3;
/** The last layer begins this much smaller, so that the first predictions lie near its bias. */
const LAST_LAYER_FACTOR = 0.1;
/** Half of the distance at which losses are clamped: every point has a gradient in the first step. */
const FIRST_PREDICTION = CLAMP_DISTANCE / 2;

/** The decoder's first predictions: near {@link FIRST_PREDICTION}, whatever the HU. */
function calmDecoder(spec: FamilySpec, weights: WeightMap): WeightMap {
  const first = weights.get('decoder.0.kernel')!;
  // The image is the first channel; its taps are the first rows.
  const rows = FAMILY_TAPS * first.shape[1]!;
  for (let index = 0; index < rows; index++) first.data[index] = first.data[index]! * HU_FACTOR;
  const last = `decoder.${spec.hidden.length}`;
  const kernel = weights.get(`${last}.kernel`)!.data;
  for (let index = 0; index < kernel.length; index++) kernel[index] = kernel[index]! * LAST_LAYER_FACTOR;
  weights.get(`${last}.bias`)!.data.fill(FIRST_PREDICTION);
  return weights;
}

/**
 * Random weights as PyTorch's Conv3d, Conv1d and BatchNorm3d begin with: uniform within ±1/√(inputs of an output),
 * norms 1 and 0; but the first predictions lie within the losses' clamp. (From PyTorch's own beginning, raw HU make the
 * first predictions so large that the paper's loss has no gradient left after the first epoch.) The same for the same seed
 * on every machine.
 */
export function initialFamilyWeights(spec: FamilySpec, seed: number): WeightMap {
  const entries = familyLayout(spec, writtenLevelNames(spec));
  const fanIn = new Map(
    entries
      .filter(({ name }) => name.endsWith('.kernel'))
      .map(({ name, shape }) => [name.slice(0, -'.kernel'.length), elementCount(shape.slice(0, -1))]),
  );
  const weights = new Map(
    entries.map(({ name, shape }) => {
      const data = new Float32Array(elementCount(shape));
      const inputs = fanIn.get(name.slice(0, name.lastIndexOf('.')));
      if (inputs !== undefined) {
        const random = createRandom(seed).fork(name);
        const bound = 1 / Math.sqrt(inputs);
        for (let index = 0; index < data.length; index++) data[index] = random.uniform(-bound, bound);
      } else if (/\.(scale|variance)$/.test(name)) data.fill(1);
      return [name, { shape, data }] as const;
    }),
  );
  return calmDecoder(spec, weights);
}

/** The state before the first step. */
export function initialFamilyState(weights: WeightMap): TrainerState {
  const zeros = (): WeightMap =>
    new Map(
      [...weights]
        .filter(([name]) => !isRunningStatistic(name))
        .map(([name, { shape, data }]) => [name, { shape, data: new Float32Array(data.length) }]),
    );
  return { step: 0, weights, firstMoments: zeros(), secondMoments: zeros() };
}
