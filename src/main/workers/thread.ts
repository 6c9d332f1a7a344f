import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import type { ThreadEnded, ThreadReply, ThreadRequest } from './threadMessages.ts';

/** Something that answers calls: a worker thread, or code of this thread behind a channel. */
export interface Thread {
  post(request: ThreadRequest): void;
  onReply(listener: (reply: ThreadReply) => void): void;
  /** Called once, with the reason, when the thread ended though nobody ended it. */
  onCrash(listener: (reason: Error) => void): void;
  /** Stops what runs; no more is heard of the thread. */
  end(): Promise<void>;
}

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
): Thread {
  const worker = new Worker(file, { workerData: data });
  let isOver = false;
  const hasEnded = new Promise<void>((resolve) => {
    worker.on('exit', () => resolve());
    worker.on('message', ({ kind }: ThreadReply | ThreadEnded) => {
      if (kind === 'ended') resolve();
    });
  });
  return {
    post: (request) => worker.postMessage(request),
    onReply(listener) {
      worker.on('message', (message: ThreadReply | ThreadEnded) => {
        if (message.kind !== 'ended') listener(message);
      });
    },
    onCrash(listener) {
      const over = (reason: unknown): void => {
        if (isOver) return;
        isOver = true;
        listener(reason instanceof Error ? reason : new Error(String(reason)));
      };
      // An error is followed by the exit; what cannot be understood on either side is no better than a crash.
      worker.on('error', over);
      worker.on('messageerror', over);
      worker.on('exit', (code) => over(new Error(`A worker ended early (code ${code}).`)));
    },
    async end() {
      isOver = true;
      if (endWithinMs > 0) {
        const request: ThreadRequest = { kind: 'end' };
        worker.postMessage(request);
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
 * @param serve gets the port as the worker file would, and may give what is to be called at the end
 */
export function sameThread(serve: (port: MessagePort) => (() => Promise<void>) | undefined): Thread {
  const { port1, port2 } = new MessageChannel();
  const stop = serve(port2);
  return {
    post: (request) => port1.postMessage(request),
    onReply: (listener) => void port1.on('message', listener),
    onCrash: () => undefined,
    async end() {
      port1.close();
      await stop?.();
    },
  };
}
