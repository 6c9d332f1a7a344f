import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Mutex } from 'async-mutex';
import type { z } from 'zod';
import type { AuricleHandlers } from '#shared/contract/auricle.ts';
import type { EngineStatus, modelInfoSchema, Settings } from '#shared/contract/services/app.ts';
import type { Failure } from '#shared/failures/failure.ts';
import { RESEARCH_USE_NOTICE } from '#shared/modelTraining.ts';
import type { Port } from '#shared/rpc/port.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import { CARD_FILE, listModels } from '../models/modelRegistry.ts';
import type { RenderScan } from '../phantom/phantomFolder.ts';
import type { Platform } from '../platform/platform.ts';
import { createAuditTrail } from './audit.ts';
import { type SampleScan, sampleStudy } from './sampleStudy.ts';
import type { SettingsStore } from './settings.ts';

export interface AppOptions {
  readonly dataFolder: string;
  readonly modelsFolder?: string;
  readonly platform: Platform;
  readonly settings: SettingsStore;
  readonly engineStatus: (caller: Port | undefined) => EngineStatus;
  /** Called after settings were changed and stored. */
  readonly onSettings: (settings: Settings, before: Settings) => void;
  readonly onNotice: (what: Failure) => void;
  /** Called with each `info`: from then on a page listens. */
  readonly onInfo: () => void;
  readonly renderSample: RenderScan;
  readonly sampleScan?: SampleScan;
}

/** The program itself, its models and settings, the audit trail, the sample study. */
export function createApp(options: AppOptions): AuricleHandlers['app'] {
  const { dataFolder, platform, settings } = options;
  const audit = createAuditTrail(dataFolder);
  const sampleMutex = new Mutex();
  return {
    async info(_, { caller }) {
      options.onInfo();
      return {
        version: platform.version,
        target: platform.target,
        notice: RESEARCH_USE_NOTICE,
        canSaveFiles: platform.canSaveFiles,
        engine: options.engineStatus(caller),
      };
    },
    models: () => modelList(options.modelsFolder, options.onNotice),
    settings: async () => settings.current(),
    async changeSettings(wanted) {
      const before = settings.current();
      const kept = await settings.change(withoutUndefined(wanted));
      options.onSettings(kept, before);
      return kept;
    },
    async unsaved({ hasUnsavedWork }) {
      platform.noteUnsaved?.(hasUnsavedWork);
      return {};
    },
    async audit(event) {
      await audit.record(event);
      return {};
    },
    sample: (_, job) =>
      sampleMutex.runExclusive(async () => ({
        files: await sampleStudy(dataFolder, options.renderSample, job, options.sampleScan),
      })),
  };
}

type ModelInfo = z.output<typeof modelInfoSchema>;

/** The models with their cards. Those that cannot be read are left out, with a notice for each. */
async function modelList(
  folder: string | undefined,
  onNotice: (what: Failure) => void,
): Promise<ModelInfo[]> {
  const models: ModelInfo[] = [];
  for (const listing of await listModels(withoutUndefined({ folder }))) {
    if ('problem' in listing) {
      onNotice(listing.problem);
      continue;
    }
    const { id, kind, version, sha256, trainedOn, card: cardFile = CARD_FILE } = listing.manifest;
    const card = await readFile(join(listing.folder, cardFile), 'utf8').catch(() => '');
    models.push({ id, kind, version, sha256, trainedOn, card });
  }
  return models;
}
