import { createRandom, type Random } from '#shared/random/random.ts';

/** Which cases make a step, and the step's own random numbers. */
export interface PlannedBatch {
  readonly names: readonly string[];
  readonly random: Random;
  readonly isTraining: boolean;
}

/** What decides the batches of an epoch. */
export interface BatchOrder {
  readonly seed: number;
  readonly batchSize: number;
}

const shuffled = (names: readonly string[], random: Random): string[] => {
  const order = [...names];
  for (let index = order.length - 1; index > 0; index--) {
    const other = random.integer(0, index);
    [order[index], order[other]] = [order[other]!, order[index]!];
  }
  return order;
};

const inBatches = (names: readonly string[], size: number): string[][] =>
  Array.from({ length: Math.ceil(names.length / size) }, (_, index) =>
    names.slice(index * size, (index + 1) * size),
  );

/** The steps of an epoch: every case once, in an order of its own. Depends only on the seed and the epoch. */
export function trainingBatches(
  names: readonly string[],
  epoch: number,
  { seed, batchSize }: BatchOrder,
): PlannedBatch[] {
  const random = createRandom(seed).fork(`epoch ${epoch}`);
  return inBatches(shuffled(names, random.fork('order')), batchSize).map((batch, index) => ({
    names: batch,
    random: random.fork(`batch ${index}`),
    isTraining: true,
  }));
}

/** The batches of validation, the same after every epoch. */
export const validationBatches = (
  names: readonly string[],
  { seed, batchSize }: BatchOrder,
): PlannedBatch[] =>
  inBatches(names, batchSize).map((batch, index) => ({
    names: batch,
    random: createRandom(seed).fork(`validation ${index}`),
    isTraining: false,
  }));
