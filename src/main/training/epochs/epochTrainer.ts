import type { WeightMap } from '#shared/nudf/network/weightLayout.ts';
import type { EpochReport } from '../curves/epochReport.ts';

/** Everything that a training needs to go on as if it had never stopped. */
export interface TrainerState {
  /** Optimiser steps done. */
  readonly step: number;
  readonly weights: WeightMap;
  /** Adam's moments by the weights' names; running statistics have none. */
  readonly firstMoments: WeightMap;
  readonly secondMoments: WeightMap;
}

/** Trains one network on one device. */
export interface EpochTrainer<B> {
  /** The device in words. */
  readonly device: string;
  /**
   * Steps that may be under way at a time, 1 where left out: so many calls of `step` or `validate` may come before the
   * first has ended. They count in the order in which they came. `state` and `free` come when all have ended.
   */
  readonly stepsInFlight?: number | undefined;
  /** One step of the optimiser. @returns the loss before the step, the mean over the batch's examples */
  step(batch: B, learningRate: number): Promise<number>;
  /** The loss, changing nothing. */
  validate(batch: B): Promise<number>;
  state(): Promise<TrainerState>;
  free(): Promise<void>;
}

/** A training between two epochs. */
export interface TrainingCheckpoint {
  /** Epochs done. */
  readonly epoch: number;
  readonly state: TrainerState;
  readonly history: readonly EpochReport[];
}
