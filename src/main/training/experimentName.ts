import type { FamilyName } from '#shared/nudf/family/familySpec.ts';
import { DUAL_FIELD } from './dualField/dualFieldCheckpoint.ts';

/** A network that is trained on prepared cases. */
export type TrainedNetworkName = FamilyName | typeof DUAL_FIELD;

/** The options that a network's experiment is called after. */
export interface ExperimentOptions {
  readonly stdDev: readonly string[];
  readonly dist: readonly number[];
  /** What training began with. */
  readonly init?: string | undefined;
}

/**
 * The name of an experiment's folder where no other was chosen, so that the options with which it was trained find it again:
 * `ShapeNet64Vox_in1_out1_0.0_dist_0.45_0.45_0.1`, `DualField`, `DualField_from_laa-nudf-128-veins`.
 */
export const experimentName = (
  network: TrainedNetworkName,
  { stdDev, dist, init }: ExperimentOptions,
): string =>
  network === DUAL_FIELD
    ? [network, ...(init === undefined ? [] : ['from', init])].join('_')
    : [network, ...stdDev, 'dist', ...dist].join('_');
