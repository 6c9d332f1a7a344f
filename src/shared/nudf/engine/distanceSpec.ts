import { z } from 'zod';
import type { FamilyHead } from '../family/familyHeads.ts';
import type { FamilySpec } from '../family/familySpec.ts';
import { headedFamilySchema } from '../family/familySpecSchema.ts';
import { familyWeightShapes } from '../family/familyWeights.ts';
import type { FieldNetworkSpec } from '../network/networkSpec.ts';
import { fieldSpecSchema } from '../network/networkSpecSchema.ts';
import { assertWeightsFit, assertWeightsMatch, type WeightMap } from '../network/weightLayout.ts';

/** A network of the NUDF family with the names of its outputs, in order. */
export interface HeadedFamilySpec extends FamilySpec {
  readonly heads: readonly FamilyHead[];
}

/** A network that gives distances in a cube: ours, of two fields, or one of the NUDF family. */
export type DistanceSpec = FieldNetworkSpec | HeadedFamilySpec;

/** A network as it crosses to a page. */
export const distanceSpecSchema: z.ZodType<DistanceSpec> = z.union([fieldSpecSchema, headedFamilySchema]);

/** Whether the network knows the distance to the open wall only, of no sign. */
export const isUnsignedNetwork = (spec: DistanceSpec): boolean =>
  spec.kind === 'shapenet-vox' && spec.heads.includes('unsigned');

/** @throws UserError where names or shapes of the weights are not the network's, or they are not finite */
export function assertDistanceWeightsFit(spec: DistanceSpec, weights: WeightMap): void {
  if (spec.kind === 'nudf-dual') assertWeightsFit(spec, weights);
  else assertWeightsMatch(familyWeightShapes(spec), weights);
}
