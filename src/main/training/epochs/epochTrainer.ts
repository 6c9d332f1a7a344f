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

/** Trains one network on one device. Calls come one at a time. */
export interface EpochTrainer<B> {
  /** The device in words. */
  readonly device: string;
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
