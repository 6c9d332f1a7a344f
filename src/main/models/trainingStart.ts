import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import type { FamilySpec } from '#shared/nudf/family/familySpec.ts';
import type { FieldNetworkSpec } from '#shared/nudf/network/networkSpec.ts';
import type { WeightMap } from '#shared/nudf/network/weightLayout.ts';
import { importFamilyCheckpoint } from '../nudf/family/importCheckpoint.ts';
import { importDualFieldCheckpoint } from '../training/dualField/dualFieldCheckpoint.ts';
import { withoutLandmarks } from './decoderOutputs.ts';
import { isModelId } from './modelManifest.ts';
import { loadModel } from './modelRegistry.ts';

/** The weights that a training begins with, and the network that they are of. */
export type TrainingStart = { readonly id: string; readonly weights: WeightMap } & (
  | { readonly kind: 'family'; readonly spec: FamilySpec }
  | { readonly kind: 'field'; readonly spec: FieldNetworkSpec }
);

/**
 * Reads what a training begins with.
 * @param source a model's id, or a checkpoint's path
 * @throws UserError where it cannot be read or is no network of distances that can be trained
 */
export async function trainingStart(source: string): Promise<TrainingStart> {
  if (isModelId(source)) {
    const { manifest, weights } = await loadModel(source);
    if (manifest.kind === 'region' || manifest.kind === 'surroundings')
      throw new UserError(failure('training.init-untrainable', { name: source }));
    return manifest.kind === 'field'
      ? { kind: 'field', id: source, ...withoutLandmarks(manifest.spec, weights) }
      : familyStart(source, manifest.spec, weights);
  }
  const id = basename(source);
  const bytes = await readFile(source).catch((thrown: unknown) => {
    throw new UserError(failure('files.unreadable', { fileName: id }), { cause: thrown });
  });
  const dualField = await importDualFieldCheckpoint(bytes, id);
  if (dualField) return { kind: 'field', id, spec: dualField.spec, weights: dualField.weights };
  const { spec, weights } = await importFamilyCheckpoint(bytes, id);
  return familyStart(id, spec, weights);
}

function familyStart(id: string, spec: FamilySpec, weights: WeightMap): TrainingStart {
  if (spec.outputs !== 1) throw new UserError(failure('training.init-signed', { name: id }));
  return { kind: 'family', id, spec, weights };
}
