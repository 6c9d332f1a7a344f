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
  /** Cases of which each step takes as many beside its own, so that what they taught is not forgotten. */
  readonly rehearsed?: readonly string[] | undefined;
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

/**
 * The steps of an epoch: every case once, in an order of its own, with as many that are rehearsed. Depends only on the
 * seed and the epoch.
 */
export function trainingBatches(
  names: readonly string[],
  epoch: number,
  { seed, batchSize, rehearsed = [] }: BatchOrder,
): PlannedBatch[] {
  const random = createRandom(seed).fork(`epoch ${epoch}`);
  const others = shuffled(rehearsed, random.fork('rehearsal'));
  const beside = (batch: readonly string[], index: number): string[] =>
    others.length === 0 ? [] : batch.map((_, n) => others[(index * batchSize + n) % others.length]!);
  return inBatches(shuffled(names, random.fork('order')), batchSize).map((batch, index) => ({
    names: [...batch, ...beside(batch, index)],
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
