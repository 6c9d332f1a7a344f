import { Mutex } from 'async-mutex';
import type { AuricleHandlers } from '#shared/contract/auricle.ts';
import { RESEARCH_USE_NOTICE } from '#shared/contract/report.ts';
import type { EngineStatus, Settings } from '#shared/contract/services/app.ts';
import type { RenderScan } from '../phantom/phantomFolder.ts';
import type { Platform } from '../platform/platform.ts';
import { createAuditTrail } from './audit.ts';
import { modelList } from './modelList.ts';
import { type SampleScan, sampleStudy } from './sampleStudy.ts';
import type { SettingsStore } from './settings.ts';

export interface AppOptions {
  readonly dataFolder: string;
  readonly modelsFolder?: string;
  readonly platform: Platform;
  readonly settings: SettingsStore;
  readonly engineStatus: () => EngineStatus;
  /** Called after settings were changed and kept. */
  readonly onSettings: (settings: Settings, before: Settings) => void;
  readonly onNotice: (message: string) => void;
  /** Called with each `info`: somebody listens now. */
  readonly onInfo: () => void;
  readonly renderSample: RenderScan;
  readonly sampleScan?: SampleScan;
}

/** What the application asks about itself, its settings, the audit trail and the sample study. */
export function createApp(options: AppOptions): AuricleHandlers['app'] {
  const { dataFolder, platform, settings } = options;
  const audit = createAuditTrail(dataFolder);
  const sampleMutex = new Mutex();
  return {
    async info() {
      options.onInfo();
      return {
        version: platform.version,
        target: platform.target,
        notice: RESEARCH_USE_NOTICE,
        canSaveFiles: platform.canSaveFiles,
        engine: options.engineStatus(),
      };
    },
    models: () => modelList(options.modelsFolder, options.onNotice),
    settings: async () => settings.current(),
    async changeSettings(wanted) {
      const before = settings.current();
      const kept = await settings.change(wanted);
      options.onSettings(kept, before);
      return kept;
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
