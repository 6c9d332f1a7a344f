import type { AuricleHandlers } from '#shared/contract/auricle.ts';
import type { Settings } from '#shared/contract/services/app.ts';
import type { Port } from '#shared/rpc/port.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import type { Platform } from '../platform/platform.ts';
import { workerFile } from '../threads/workerFile.ts';
import { inferenceProcess, meshingThread } from '../workers/applicationWorkers.ts';
import { renderCtThreads } from '../workers/renderCtThreads.ts';
import { warmsUp } from '../workers/runWhenIdle.ts';
import { createApp } from './app.ts';
import { createComparison } from './comparison.ts';
import { createNotices, type Emit } from './events.ts';
import { createExporting } from './exporting.ts';
import { createMeshing, createMeshingPool } from './meshing.ts';
import { createOpening } from './opening.ts';
import { createPlanning } from './planning.ts';
import { createReceiving } from './receiving.ts';
import type { SampleScan } from './sampleStudy.ts';
import { createSegmentation } from './segmentation.ts';
import { createServers } from './servers.ts';
import { createSessions } from './sessions.ts';
import { createSettings } from './settings.ts';

export type { Emit } from './events.ts';
export { storeFile } from './storedFile.ts';

export interface ServicesOptions {
  /** The application's own folder: settings, sessions, audit trail, sample study. Made where it is missing. */
  readonly dataFolder: string;
  readonly platform: Platform;
  /** Used instead of the settings' engine until that is changed. */
  readonly engine?: Settings['engine'];
  /** Threads of the CPU engine; by default as many as the machine offers. */
  readonly threads?: number;
  /** Default: the bundled models. */
  readonly modelsFolder?: string;
  readonly emit: Emit;
  /**
   * The built file of a worker, thread or process, by its name; undefined: its work is done in this thread. Default:
   * beside the program.
   */
  readonly findWorker?: (name: string) => string | undefined;
  /** Another sample study than the usual one. */
  readonly sampleScan?: SampleScan;
}

export interface Services {
  readonly handlers: AuricleHandlers;
  /** Offers files and folders that a person opened with the program, by their absolute paths, to the page. */
  offer(paths: readonly string[]): void;
  /** A page has connected: its calls come through `caller`, calls to it go through `back`. */
  join(caller: Port, back: Port): void;
  /** Ends threads and processes; what is pending is rejected as cancelled. */
  free(): Promise<void>;
}

/**
 * All services behind the contract. The engine starts at once, in a process of its own. `emit` is called only after this
 * function has returned.
 */
export function createServices(options: ServicesOptions): Services {
  const { dataFolder, platform, emit, findWorker = workerFile } = options;
  const notices = createNotices(emit);
  const settings = createSettings(dataFolder, notices.notify);
  const modelsFolder = withoutUndefined({ modelsFolder: options.modelsFolder });

  const segmentation = createSegmentation({
    engine: options.engine ?? settings.current().engine,
    fieldModel: settings.current().fieldModel,
    inference: {
      programVersion: platform.version,
      ...modelsFolder,
      ...withoutUndefined({ threads: options.threads }),
    },
    startEngine: (inference) =>
      inferenceProcess(inference, findWorker('inference.process'), platform.startProcess),
    emit,
    onNotice: notices.notify,
  });
  const opening = createOpening(emit, notices.notify);
  const received = { dataFolder, keychain: platform.keychain, lend: opening.lend };
  const receiving = createReceiving({ ...received, emit, onNotice: notices.notify });
  const servers = createServers({
    ...received,
    receiving,
    onNotice: notices.notify,
  });
  const meshingPool = createMeshingPool(() => meshingThread(findWorker('meshing.worker')), warmsUp() ? 1 : 0);

  return {
    handlers: {
      app: createApp({
        dataFolder,
        ...modelsFolder,
        platform,
        settings,
        engineStatus: segmentation.status,
        onSettings(next, before) {
          const isChanged = next.engine !== before.engine || next.fieldModel !== before.fieldModel;
          if (isChanged) segmentation.change(next);
        },
        onNotice: notices.notify,
        onInfo: notices.release,
        renderSample: (scene, grid, renderOptions) => {
          const file = findWorker('renderCt.worker');
          return renderCtThreads(scene, grid, { ...renderOptions, ...withoutUndefined({ file }) });
        },
        ...withoutUndefined({ sampleScan: options.sampleScan }),
      }),
      segmentation: segmentation.handlers,
      meshing: createMeshing(meshingPool),
      planning: createPlanning(meshingPool, dataFolder),
      comparison: createComparison(meshingPool),
      exporting: createExporting(meshingPool, platform),
      sessions: createSessions({
        dataFolder,
        onNotice: notices.notify,
        onSaved: (summary) => emit('session', summary),
      }),
      opening: opening.handlers,
      servers: servers.handlers,
      receiving: receiving.handlers,
    },
    offer: opening.offer,
    join: segmentation.join,
    async free() {
      await Promise.all([segmentation.free(), meshingPool.free(), servers.free(), receiving.free()]);
    },
  };
}
