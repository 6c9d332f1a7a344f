import { elementCount, type WeightMap } from '#shared/nudf/network/weightLayout.ts';
import { createRandom } from '#shared/random/random.ts';
import type { FamilySpec } from '../../nudf/family/familySpec.ts';
import { familyLayout, writtenLevelNames } from '../../nudf/family/familyWeights.ts';
import type { FamilyState } from './familyTrainer.ts';
import { isRunningStatistic } from './familyTrainer.ts';

/**
 * Random weights as PyTorch's Conv3d, Conv1d and BatchNorm3d begin with: uniform within ±1/√(inputs of an output),
 * norms 1 and 0. The same for the same seed on every machine.
 */
export function initialFamilyWeights(spec: FamilySpec, seed: number): WeightMap {
  const entries = familyLayout(spec, writtenLevelNames(spec));
  const fanIn = new Map(
    entries
      .filter(({ name }) => name.endsWith('.kernel'))
      .map(({ name, shape }) => [name.slice(0, -'.kernel'.length), elementCount(shape.slice(0, -1))]),
  );
  return new Map(
    entries.map(({ name, shape }) => {
      const data = new Float32Array(elementCount(shape));
      const inputs = fanIn.get(name.slice(0, name.lastIndexOf('.')));
      if (inputs !== undefined) {
        const random = createRandom(seed).fork(name);
        const bound = 1 / Math.sqrt(inputs);
        for (let index = 0; index < data.length; index++) data[index] = random.uniform(-bound, bound);
      } else if (/\.(scale|variance)$/.test(name)) data.fill(1);
      return [name, { shape, data }];
    }),
  );
}

/** The state before the first step. */
export function initialFamilyState(weights: WeightMap): FamilyState {
  const zeros = (): WeightMap =>
    new Map(
      [...weights]
        .filter(([name]) => !isRunningStatistic(name))
        .map(([name, { shape, data }]) => [name, { shape, data: new Float32Array(data.length) }]),
    );
  return { step: 0, weights, firstMoments: zeros(), secondMoments: zeros() };
}
