import { isDeepStrictEqual } from 'node:util';
import type { AuricleHandlers } from '#shared/contract/auricle.ts';
import type { EngineStatus, Settings } from '#shared/contract/services/app.ts';
import { UserError } from '#shared/errors.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import type { Port } from '#shared/rpc/port.ts';
import { createRpcServer } from '#shared/rpc/server.ts';
import { splitPort } from '#shared/rpc/splitPort.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import { createWorkerPool, type StartedWorker } from '#shared/workers/workerPool.ts';
import type { InferenceOptions } from '../workers/applicationWorkers.ts';
import { inferenceCallbacks, inferenceTasks } from '../workers/tasks.ts';
import { type EngineEvent, engineLifecycle, eventOfReport } from './engineLifecycle.ts';
import type { Emit } from './events.ts';
import { asksViewers, createViewers } from './viewers.ts';

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
  /** What computes for a page; for any page where none is named. */
  status(caller?: Port): EngineStatus;
  /** A page has connected: see `Viewers`. */
  join(caller: Port, back: Port): void;
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
  const viewers = createViewers((caller) => emitToViewer(caller));
  const callbacks = createRpcServer(inferenceCallbacks, viewers.callbacks);
  let status: EngineStatus = starting(engine, remarks);
  const changeStatus = (event: EngineEvent, details: EngineStatus): void => {
    const next = { ...details, state: engineLifecycle.next(status.state, event) };
    if (isDeepStrictEqual(next, status)) return;
    status = next;
    options.emit('engine', next);
    viewers.callers().forEach(emitToViewer);
  };
  const emitToViewer = (caller: Port): void => {
    const own = viewers.status(caller, engine, status);
    if (own) options.emit('engine', own, caller);
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
      const worker = options.startEngine({
        ...options.inference,
        ...withoutUndefined({ fieldModel: fieldModel ?? undefined }),
        engine: ownEngine(engine),
        remarks,
      });
      const { calls, back } = splitPort(worker.port);
      callbacks.serve(back);
      return { port: calls, end: () => worker.end() };
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
  pool.on('viewerEngine', ({ viewerId, engine: reported }) => {
    viewers.reported(viewerId, reported);
    viewers.callers().forEach(emitToViewer);
  });

  return {
    handlers: {
      findRegion: ({ coarse }, job) =>
        pool.services.inference.findRegion({ coarse, ...viewers.place(job.caller, engine) }, job),
      segment: (request, job) =>
        pool.services.inference.segment({ ...request, ...viewers.place(job.caller, engine) }, job),
      surroundings: (request, job) => pool.services.inference.lookAround(request, job),
    },
    status: (caller) => viewers.status(caller, engine, status) ?? status,
    join: (caller, back) => viewers.join(caller, back, engine),
    change(next) {
      ({ engine, fieldModel } = next);
      remarks = [];
      viewers.renew(engine);
      pool.restart();
    },
    free: () => pool.free(),
  };
}

/** What the inference thread computes on by itself: what is not asked of a page. */
const ownEngine = (choice: Settings['engine']): InferenceOptions['engine'] =>
  asksViewers(choice) ? 'onnx' : choice;

const starting = (engine: Settings['engine'], remarks: readonly Failure[]): EngineStatus => ({
  state: 'starting',
  id: engine,
  device: '',
  remarks: [...remarks],
});
