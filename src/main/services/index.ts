import type { AuricleHandlers } from '#shared/contract/auricle.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import type { EngineChoice } from '../nudf/engine/selectEngine.ts';
import type { Platform } from '../platform/platform.ts';
import { inferenceThread, meshingThread } from '../workers/applicationThreads.ts';
import { renderCtThreads } from '../workers/renderCtThreads.ts';
import { workerFile } from '../workers/workerFile.ts';
import { createApp } from './app.ts';
import type { Emit } from './emit.ts';
import { createExporting } from './exporting.ts';
import { createMeshing, createMeshingPool } from './meshing.ts';
import { createNotices } from './notices.ts';
import type { SampleScan } from './sampleStudy.ts';
import { createSegmentation } from './segmentation.ts';
import { createSessions } from './sessions.ts';
import { createSettings } from './settings.ts';

export type { Emit } from './emit.ts';
export { storeFile } from './storedFile.ts';

export interface ServicesOptions {
  /** The application's own folder: settings, sessions, audit trail, sample study. Made where it is missing. */
  readonly dataFolder: string;
  readonly platform: Platform;
  /** Stands above the settings' engine until those are changed. */
  readonly engine?: EngineChoice;
  /** Threads of the CPU engine; by default as many as the machine offers. */
  readonly threads?: number;
  /** Default: the bundled models. */
  readonly modelsFolder?: string;
  readonly emit: Emit;
  /** The built file of a worker by its name; undefined: its work is done in this thread. Default: beside the program. */
  readonly findWorker?: (name: string) => string | undefined;
  /** Another sample study than the usual one. */
  readonly sampleScan?: SampleScan;
}

export interface Services {
  readonly handlers: AuricleHandlers;
  /** Ends threads; what is pending is rejected as cancelled. */
  free(): Promise<void>;
}

/**
 * All services behind the contract. The engine starts at once, in its own thread; `emit` is not called before this
 * function has returned.
 */
export function createServices(options: ServicesOptions): Services {
  const { dataFolder, platform, emit, findWorker = workerFile } = options;
  const notices = createNotices(emit);
  const settings = createSettings(dataFolder, notices.tell);
  const modelsFolder = withoutUndefined({ modelsFolder: options.modelsFolder });

  const segmentation = createSegmentation({
    engine: options.engine ?? settings.current().engine,
    inference: {
      programVersion: platform.version,
      ...modelsFolder,
      ...withoutUndefined({ threads: options.threads }),
    },
    startThread: (inference) => inferenceThread(inference, findWorker('inference.worker')),
    emit,
    onNotice: notices.tell,
  });
  const meshingPool = createMeshingPool(() => meshingThread(findWorker('meshing.worker')));

  return {
    handlers: {
      app: createApp({
        dataFolder,
        ...modelsFolder,
        platform,
        settings,
        engineStatus: segmentation.status,
        onSettings(next, before) {
          if (next.engine !== before.engine) segmentation.changeEngine(next.engine);
        },
        onNotice: notices.tell,
        onInfo: notices.release,
        renderSample: (scene, grid, renderOptions) => {
          const file = findWorker('renderCt.worker');
          return renderCtThreads(scene, grid, { ...renderOptions, ...withoutUndefined({ file }) });
        },
        ...withoutUndefined({ sampleScan: options.sampleScan }),
      }),
      segmentation: segmentation.handlers,
      meshing: createMeshing(meshingPool),
      exporting: createExporting(meshingPool, platform),
      sessions: createSessions({ dataFolder, onNotice: notices.tell }),
    },
    async free() {
      await Promise.all([segmentation.free(), meshingPool.free()]);
    },
  };
}
