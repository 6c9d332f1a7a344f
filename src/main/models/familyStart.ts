import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import type { FamilyName, FamilySpec } from '#shared/nudf/family/familySpec.ts';
import type { WeightMap } from '#shared/nudf/network/weightLayout.ts';
import { importFamilyCheckpoint } from '../nudf/family/importCheckpoint.ts';
import { isModelId } from './modelManifest.ts';
import { loadModel } from './modelRegistry.ts';

/** The weights that a training of a network of the family begins with. */
export interface FamilyStart {
  readonly id: string;
  readonly weights: WeightMap;
  readonly alignCorners: boolean;
}

async function read(source: string, network: FamilyName): Promise<{ spec: FamilySpec; weights: WeightMap }> {
  if (isModelId(source)) {
    const { manifest, weights } = await loadModel(source);
    if (manifest.kind === 'family') return { spec: manifest.spec, weights };
    throw new UserError(
      failure('training.init-of-other-network', { name: source, found: manifest.kind, wanted: network }),
    );
  }
  const name = basename(source);
  const bytes = await readFile(source).catch((thrown: unknown) => {
    throw new UserError(failure('files.unreadable', { fileName: name }), { cause: thrown });
  });
  return importFamilyCheckpoint(new Uint8Array(bytes), name);
}

/**
 * Reads what a training begins with.
 * @param source a model's id, or a checkpoint's path
 * @throws UserError where it cannot be read, is another network than `network`, or predicts more than the distance
 */
export async function familyStart(source: string, network: FamilyName): Promise<FamilyStart> {
  const { spec, weights } = await read(source, network);
  const name = basename(source);
  if (spec.name !== network) {
    throw new UserError(
      failure('training.init-of-other-network', { name, found: spec.name, wanted: network }),
    );
  }
  if (spec.outputs !== 1) throw new UserError(failure('training.init-signed', { name }));
  return { id: name, weights, alignCorners: spec.alignCorners };
}
