import { z } from 'zod';

/** What is known of an epoch of training. */
export const epochReportSchema = z.object({
  /** From 1. */
  epoch: z.int().positive(),
  /** Optimiser steps done at its end. */
  step: z.int(),
  learningRate: z.number(),
  /** Mean loss of an example: the sum over its points, in normalised units. */
  trainLoss: z.number(),
  /** The same over the validation cases with the running statistics; null where there are none. */
  validationLoss: z.number().nullable(),
  seconds: z.number(),
  examplesPerSecond: z.number(),
});
export type EpochReport = z.infer<typeof epochReportSchema>;

/** The epoch with the smallest loss in validation, else in training; undefined where there is none. */
export function bestEpoch(history: readonly EpochReport[]): EpochReport | undefined {
  const lossOf = ({ validationLoss, trainLoss }: EpochReport): number => validationLoss ?? trainLoss;
  return history.reduce<EpochReport | undefined>(
    (best, report) => (best === undefined || lossOf(report) < lossOf(best) ? report : best),
    undefined,
  );
}
