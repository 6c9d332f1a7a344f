import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { messageOf } from '#shared/errors.ts';
import { createMessagePortPort, type MessagePortLike } from '#shared/rpc/messagePortPort.ts';
import type { Port } from '#shared/rpc/port.ts';
import type { StartedWorker } from '#shared/workers/workerPool.ts';

export interface WorkerThreadOptions {
  /**
   * How long the thread may take to end by itself before it is terminated, ms: for threads that are in native code,
   * which ends the whole program when its thread is gone on its return. Default 0: terminated at once.
   */
  readonly endWithinMs?: number;
}

/** Starts a built worker file, which serves calls by serveThread; it reads `data` as `workerData`. */
export function workerThread(
  file: string,
  data: unknown,
  { endWithinMs = 0 }: WorkerThreadOptions = {},
): StartedWorker {
  const worker = new Worker(file, { workerData: data });
  const hasEnded = new Promise<void>((resolve) => void worker.on('exit', () => resolve()));
  const port = createMessagePortPort(workerEnd(worker), { canTransfer: true });
  return {
    port,
    async end() {
      // Where the thread is given time, its server notices this, lets its calls end, and ends the thread.
      port.close();
      if (endWithinMs > 0) {
        let timer: NodeJS.Timeout | undefined;
        const isLate = new Promise<void>((resolve) => {
          timer = setTimeout(resolve, endWithinMs);
        });
        await Promise.race([hasEnded, isLate]);
        clearTimeout(timer);
      }
      await worker.terminate();
    },
  };
}

/**
 * The same code in this thread, for programs that run from their sources, where no worker was built.
 * @param serve does what the worker file would do, and calls `onEnd` when the port was closed and everything is freed
 */
export function sameThread(serve: (port: Port, onEnd: () => void) => Promise<void>): StartedWorker {
  const { port1, port2 } = new MessageChannel();
  const port = threadPort(port1);
  const served = threadPort(port2);
  const hasEnded = new Promise<void>((resolve) => {
    // Code that cannot be loaded is a crash.
    serve(served, resolve).catch(() => {
      served.close();
      resolve();
    });
  });
  return {
    port,
    async end() {
      port.close();
      await hasEnded;
    },
  };
}

/** A thread's own end of its channel (`parentPort`), or any port of Node's. */
export const threadPort = (port: MessagePort): Port =>
  createMessagePortPort(
    {
      postMessage: (message, transfer) => port.postMessage(message, transfer),
      close: () => port.close(),
      addEventListener(type: string, listener: (event: { data: unknown }) => void) {
        port.on(type, (data: unknown) => listener({ data }));
      },
    },
    { canTransfer: true },
  );

/** The starter's end. A thread that ends though nobody ended it has failed, whatever its code. */
const workerEnd = (worker: Worker): MessagePortLike => ({
  postMessage: (message, transfer) => worker.postMessage(message, transfer),
  addEventListener(type: string, listener: (event: { data: unknown; message?: string }) => void) {
    const fail = (message: string): void => listener({ data: undefined, message });
    if (type === 'message') worker.on('message', (data: unknown) => listener({ data }));
    if (type === 'messageerror') worker.on('messageerror', (reason) => fail(messageOf(reason)));
    if (type !== 'error') return;
    worker.on('error', (reason: unknown) => fail(messageOf(reason)));
    worker.on('exit', (code) => fail(`A worker ended early (code ${code}).`));
  },
});
