import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import type { ThreadReply, ThreadRequest } from './threadMessages.ts';

/** Something that answers calls: a worker thread, or code of this thread behind a channel. */
export interface Thread {
  post(request: ThreadRequest): void;
  onReply(listener: (reply: ThreadReply) => void): void;
  /** Called once, with the reason, when the thread ended though nobody ended it. */
  onCrash(listener: (reason: Error) => void): void;
  end(): Promise<void>;
}

/** Starts a built worker file; it reads `data` as `workerData`. */
export function workerThread(file: string, data: unknown): Thread {
  const worker = new Worker(file, { workerData: data });
  let isOver = false;
  return {
    post: (request) => worker.postMessage(request),
    onReply: (listener) => void worker.on('message', listener),
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
