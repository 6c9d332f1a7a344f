import { expect } from 'vitest';
import { type FamilySpec, familySpec } from '#shared/nudf/family/familySpec.ts';
import { familyLayout, toTorchOrder, writtenLevelNames } from '#shared/nudf/family/familyWeights.ts';
import { formulaNumbers, formulaWeights } from '../../../nudf/family/testing/formula.ts';
import type { TrainerState } from '../../epochs/epochTrainer.ts';
import { initialFamilyState } from '../familyInitialWeights.ts';
import {
  type FamilyBatch,
  type FamilyLoss,
  type FamilyTrainer,
  type FamilyTrainerOptions,
  isRunningStatistic,
} from '../familyTrainer.ts';
import recording from './recordedTraining.json' with { type: 'json' };

type Recorded = (typeof recording.recorded)[number];
/** What PyTorch 1.13 gave for two steps of training, by `family.py train`. */
export const recordedTrainings: readonly Recorded[] = recording.recorded;

/** A network like the family's that is trained in a moment: family.py's TINY. */
export const tinyFamilySpec = (resolution: number, alignCorners: boolean): FamilySpec => ({
  ...familySpec('ShapeNet64Vox', { alignCorners }),
  resolution,
  levels: [
    { pool: 1, channels: [4] },
    { pool: 4, channels: [8, 8] },
    { pool: 2, channels: [8, 8] },
  ],
  hidden: [16, 16, 16],
});

/** The batch that `family.py train` makes. */
function batchOf({ size, batch, points }: Recorded): FamilyBatch {
  const images = formulaNumbers('images', batch * size ** 3).map((value) => 2 * value);
  return {
    items: batch,
    imagesHu: Array.from({ length: batch }, (_, n) => images.slice(n * size ** 3, (n + 1) * size ** 3)),
    points,
    pointsNormalized: formulaNumbers('points', 3 * batch * points).map((value) => value * Math.fround(2.2)),
    distances: formulaNumbers('distances', batch * points).map((value) => (value + 0.5) * 0.2),
  };
}

/** After one step from nothing Adam's first moment is a tenth of the gradient. */
const FIRST_MOMENT_SHARE = 0.1;

/** Takes two steps and compares losses, gradients and running statistics with PyTorch's. */
export async function expectTrainingAsRecorded(
  recorded: Recorded,
  create: (
    spec: FamilySpec,
    state: TrainerState,
    options: FamilyTrainerOptions,
  ) => FamilyTrainer | Promise<FamilyTrainer>,
): Promise<void> {
  const spec = tinyFamilySpec(recorded.size, recorded.alignCorners);
  const state = initialFamilyState(formulaWeights(spec));
  const loss = recorded.loss as FamilyLoss;
  const trainer = await create(spec, state, { loss, freezeEncoder: false });
  try {
    const batch = batchOf(recorded);
    const losses = [await trainer.step(batch, 1e-4)];
    const after = await trainer.state();
    losses.push(await trainer.step(batch, 1e-4));
    losses.forEach((value, step) => {
      expect(Math.abs(value / recorded.losses[step]! - 1), `loss ${step}`).toBeLessThan(2e-5);
    });
    const values = recorded.values as Readonly<Record<string, readonly number[]>>;
    for (const { name, torchName, torchShape } of familyLayout(spec, writtenLevelNames(spec))) {
      const isStatistic = isRunningStatistic(name);
      const { data } = (isStatistic ? after.weights : after.firstMoments).get(name)!;
      const found = toTorchOrder(data, torchShape).map((value) =>
        isStatistic ? value : value / FIRST_MOMENT_SHARE,
      );
      const stride = Math.max(1, Math.floor(found.length / 5));
      const some = found.filter((_, index) => index % stride === 0).slice(0, 6);
      const [norm, ...expected] = values[torchName]!;
      expect(Math.abs(Math.hypot(...found) / norm! - 1), torchName).toBeLessThan(1e-4);
      expected.forEach((value, index) => {
        expect(Math.abs(some[index]! - value), `${torchName} ${index}`).toBeLessThan(1e-4 * norm!);
      });
    }
  } finally {
    await trainer.free();
  }
}
