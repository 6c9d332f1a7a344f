import { workerThread } from './thread.ts';
import { createThreadPool } from './threadPool.ts';

/** Threads that do one kind of work. */
export interface WorkerPool<Request, Response> {
  /** Queues a request; rejects with the worker's error, and after free. */
  run(request: Request): Promise<Response>;
  /** Ends the threads; what is pending is rejected. */
  free(): Promise<void>;
}

/** What a worker of one kind of work serves. */
export type OneMethod<Request, Response> = { do: { params: Request; result: Response } };

/** A pool of `size` threads that run `file`, which serves {@link OneMethod}. */
export function createWorkerPool<Request, Response>(
  file: string,
  size: number,
): WorkerPool<Request, Response> {
  const pool = createThreadPool<OneMethod<Request, Response>>({
    spawn: () => workerThread(file, undefined),
    size,
    graceMs: 0,
  });
  return { run: (request) => pool.call('do', request), free: () => pool.free() };
}
