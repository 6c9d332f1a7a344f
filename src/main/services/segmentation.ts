import { isDeepStrictEqual } from 'node:util';
import type { AuricleHandlers } from '#shared/contract/auricle.ts';
import type { EngineStatus } from '#shared/contract/services/app.ts';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { words } from '#shared/words/words.ts';
import { createWorkerPool, type StartedWorker } from '#shared/workers/workerPool.ts';
import type { EngineChoice } from '../nudf/engine/selectEngine.ts';
import type { InferenceOptions } from '../pipeline/inferenceSession.ts';
import { inferenceTasks } from '../workers/tasks.ts';
import type { Emit } from './emit.ts';

export interface SegmentationOptions {
  readonly engine: EngineChoice;
  readonly inference: Omit<InferenceOptions, 'engine' | 'remarks'>;
  readonly startThread: (options: InferenceOptions) => StartedWorker;
  readonly emit: Emit;
  readonly onNotice: (message: string) => void;
}

export interface SegmentationService {
  readonly handlers: AuricleHandlers['segmentation'];
  status(): EngineStatus;
  /** Goes on with another engine, after the job that runs now. */
  changeEngine(engine: EngineChoice): void;
  free(): Promise<void>;
}

/**
 * A cancelled job may go on this long until its thread is ended. Longer than any step of a slow processor takes: a thread
 * that is ended within a step of ONNX Runtime takes the whole program with it.
 */
const GRACE_MS = 120_000;

/** One long-lived thread with models and engine; one job at a time, later ones wait. */
export function createSegmentation(options: SegmentationOptions): SegmentationService {
  let engine = options.engine;
  let remarks: readonly string[] = [];
  let status: EngineStatus = starting(engine, remarks);
  const tell = (next: EngineStatus): void => {
    if (isDeepStrictEqual(next, status)) return;
    status = next;
    options.emit('engine', next);
  };

  const pool = createWorkerPool(inferenceTasks, {
    size: 1,
    ready: 1,
    graceMs: GRACE_MS,
    crashError: () => new UserError(failure('pipeline.stopped')),
    start() {
      tell(starting(engine, remarks));
      return options.startThread({ ...options.inference, engine, remarks });
    },
    onLoss(loss, wasAwaited) {
      if (loss === 'blocked') {
        options.onNotice('The segmentation engine did not stop at once and is being started again.');
        return;
      }
      if (!wasAwaited) options.onNotice(words().sentence(failure('pipeline.stopped')));
      if (status.state === 'ready' && status.id !== 'onnx') {
        engine = 'onnx';
        remarks = [`The engine on ${status.device} stopped; ONNX Runtime on the processor is used instead.`];
      }
      tell({ ...status, state: 'failed', remarks: ['The segmentation engine stopped unexpectedly.'] });
    },
  });
  pool.on('engine', tell);

  return {
    handlers: {
      findRegion: ({ coarse }, job) => pool.services.inference.findRegion({ coarse }, job),
      segment: (request, job) => pool.services.inference.segment(request, job),
    },
    status: () => status,
    changeEngine(next) {
      engine = next;
      remarks = [];
      pool.restart();
    },
    free: () => pool.free(),
  };
}

const starting = (engine: EngineChoice, remarks: readonly string[]): EngineStatus => ({
  state: 'starting',
  id: engine,
  device: '',
  remarks: [...remarks],
});
