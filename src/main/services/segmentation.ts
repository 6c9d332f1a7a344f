import { isDeepStrictEqual } from 'node:util';
import type { AuricleHandlers } from '#shared/contract/auricle.ts';
import type { EngineStatus, Settings } from '#shared/contract/services/app.ts';
import { UserError } from '#shared/errors.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import { createWorkerPool, type StartedWorker } from '#shared/workers/workerPool.ts';
import type { InferenceOptions } from '../workers/applicationWorkers.ts';
import { inferenceTasks } from '../workers/tasks.ts';
import { type EngineEvent, engineLifecycle, eventOfReport } from './engineLifecycle.ts';
import type { Emit } from './events.ts';

export interface SegmentationOptions {
  readonly engine: Settings['engine'];
  readonly fieldModel: Settings['fieldModel'];
  readonly inference: Omit<InferenceOptions, 'engine' | 'remarks' | 'fieldModel'>;
  readonly startEngine: (options: InferenceOptions) => StartedWorker;
  readonly emit: Emit;
  readonly onNotice: (what: Failure) => void;
}

export interface SegmentationService {
  readonly handlers: AuricleHandlers['segmentation'];
  status(): EngineStatus;
  /** Changes to another engine or model after the job that runs now. */
  change(settings: Pick<Settings, 'engine' | 'fieldModel'>): void;
  free(): Promise<void>;
}

/** How long a cancelled job may go on before its process is ended: a step of the network takes a second or two. */
const GRACE_MS = 3000;

/** After so long without a job a process that has worked is replaced by a fresh one, which holds the models and no more. */
const IDLE_MS = 300_000;

/** One long-lived process with models and engine; one job at a time, later ones wait. */
export function createSegmentation(options: SegmentationOptions): SegmentationService {
  let { engine, fieldModel } = options;
  let remarks: readonly Failure[] = [];
  let status: EngineStatus = starting(engine, remarks);
  const changeStatus = (event: EngineEvent, details: EngineStatus): void => {
    const next = { ...details, state: engineLifecycle.next(status.state, event) };
    if (isDeepStrictEqual(next, status)) return;
    status = next;
    options.emit('engine', next);
  };

  const pool = createWorkerPool(inferenceTasks, {
    size: 1,
    ready: 1,
    graceMs: GRACE_MS,
    freshAfterIdleMs: IDLE_MS,
    waitsForEnd: true,
    crashError: () => new UserError(failure('pipeline.stopped')),
    start() {
      changeStatus('start', starting(engine, remarks));
      return options.startEngine({
        ...options.inference,
        ...withoutUndefined({ fieldModel: fieldModel ?? undefined }),
        engine,
        remarks,
      });
    },
    onLoss(loss, wasAwaited) {
      if (loss === 'blocked') return;
      if (!wasAwaited) options.onNotice(failure('pipeline.stopped'));
      if (status.state === 'ready' && status.id !== 'onnx') {
        engine = 'onnx';
        remarks = [failure('engine.replaced-after-stop', { device: status.device })];
      }
      changeStatus('lost', { ...status, remarks: [failure('engine.stopped')] });
    },
  });
  pool.on('engine', (reported) => changeStatus(eventOfReport(reported), reported));

  return {
    handlers: {
      findRegion: ({ coarse }, job) => pool.services.inference.findRegion({ coarse }, job),
      segment: (request, job) => pool.services.inference.segment(request, job),
    },
    status: () => status,
    change(next) {
      ({ engine, fieldModel } = next);
      remarks = [];
      pool.restart();
    },
    free: () => pool.free(),
  };
}

const starting = (engine: Settings['engine'], remarks: readonly Failure[]): EngineStatus => ({
  state: 'starting',
  id: engine,
  device: '',
  remarks: [...remarks],
});
