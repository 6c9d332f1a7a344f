import { Worker } from 'node:worker_threads';
import { CancelledError } from '#shared/errors.ts';

/** Threads that each answer one request at a time. */
export interface WorkerPool<Request, Response> {
  /** Queues a request; rejects with the worker's error, and after free. */
  run(request: Request): Promise<Response>;
  /** Ends the threads; what is pending is rejected. */
  free(): Promise<void>;
}

/** What a worker posts back: its answer, or the failure as plain data. */
export type WorkerReply<Response> =
  | { readonly kind: 'done'; readonly response: Response }
  | { readonly kind: 'failed'; readonly message: string };

interface Job<Request, Response> {
  readonly request: Request;
  readonly resolve: (response: Response) => void;
  readonly reject: (reason: Error) => void;
}

interface Thread<Request, Response> {
  readonly worker: Worker;
  job: Job<Request, Response> | undefined;
}

/**
 * A pool of `size` threads that run `file`. After a crash a thread's state is unknown: its request is rejected, the
 * thread is discarded and replaced when there is work.
 */
export function createWorkerPool<Request, Response>(
  file: string,
  size: number,
): WorkerPool<Request, Response> {
  const waiting: Job<Request, Response>[] = [];
  const threads = new Set<Thread<Request, Response>>();
  let isFreed = false;

  const discard = (thread: Thread<Request, Response>, reason: Error): void => {
    threads.delete(thread);
    thread.job?.reject(reason);
    thread.job = undefined;
    void thread.worker.terminate();
    pump();
  };

  const spawn = (): Thread<Request, Response> => {
    const thread: Thread<Request, Response> = { worker: new Worker(file), job: undefined };
    thread.worker.on('message', (reply: WorkerReply<Response>) => {
      const { job } = thread;
      thread.job = undefined;
      if (reply.kind === 'done') job?.resolve(reply.response);
      else job?.reject(new Error(reply.message));
      pump();
    });
    thread.worker.on('error', (error) =>
      discard(thread, error instanceof Error ? error : new Error(String(error))),
    );
    thread.worker.on('exit', (code) => {
      if (threads.has(thread)) discard(thread, new Error(`A worker ended early (code ${code}).`));
    });
    threads.add(thread);
    return thread;
  };

  function pump(): void {
    while (!isFreed && waiting.length > 0) {
      let thread = [...threads].find(({ job }) => job === undefined);
      if (!thread) {
        if (threads.size >= size) return;
        thread = spawn();
      }
      thread.job = waiting.shift();
      thread.worker.postMessage(thread.job?.request);
    }
  }

  return {
    run: (request) =>
      new Promise((resolve, reject) => {
        if (isFreed) return reject(new CancelledError());
        waiting.push({ request, resolve, reject });
        pump();
      }),
    async free() {
      isFreed = true;
      for (const { reject } of waiting.splice(0)) reject(new CancelledError());
      const ending = [...threads];
      threads.clear();
      await Promise.all(
        ending.map(({ worker, job }) => {
          job?.reject(new CancelledError());
          return worker.terminate();
        }),
      );
    },
  };
}
