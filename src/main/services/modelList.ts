import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import type { modelInfoSchema } from '#shared/contract/services/app.ts';
import { modelsFolder } from '../models/modelFolder.ts';
import { listModels } from '../models/modelRegistry.ts';

type ModelInfo = z.output<typeof modelInfoSchema>;

/** The models with their cards. Those that cannot be read are left out and told by `onNotice`. */
export async function modelList(
  folder: string | undefined,
  onNotice: (message: string) => void,
): Promise<ModelInfo[]> {
  const root = modelsFolder(folder);
  const models: ModelInfo[] = [];
  for (const listing of await listModels({ folder: root })) {
    if ('problem' in listing) {
      onNotice(listing.problem);
      continue;
    }
    const { id, kind, version, sha256, trainedOn } = listing.manifest;
    const card = await readFile(join(root, id, 'MODEL_CARD.md'), 'utf8').catch(() => '');
    models.push({ id, kind, version, sha256, trainedOn, card });
  }
  return models;
}
