import { CancelledError, UserError } from '#shared/errors.ts';
import type { JobOptions } from '#shared/progress.ts';
import type { Thread } from './thread.ts';
import { errorOf, type ThreadMethods, type ThreadReply } from './threadMessages.ts';

/** Why a thread was replaced: it ended by itself, or it went on too long with a call that had been cancelled. */
export type ThreadLoss = 'crashed' | 'blocked';

export interface ThreadPoolOptions {
  readonly spawn: () => Thread;
  /** Threads at most; each does one call at a time, later calls wait for their turn. */
  readonly size: number;
  /** So many threads are there before they are asked for, and again after a loss. Default 0. */
  readonly ready?: number;
  /** How long a thread may go on with a cancelled call until it is ended and replaced. */
  readonly graceMs: number;
  /** The sentence for those whose call a crash ended; where it is left out they get the crash's own error. */
  readonly crashMessage?: string;
  /** Gets what a thread says outside of calls. */
  readonly onEvent?: (value: unknown) => void;
  /** Called after a thread was lost, and before another is started; whether a call that waited for it was rejected. */
  readonly onLoss?: (loss: ThreadLoss, wasAwaited: boolean) => void;
}

export interface ThreadPool<M extends ThreadMethods> {
  /**
   * Queues a call. Rejects with what the thread threw; at once with a CancelledError when the signal fires, whether
   * the call waits or runs; with a UserError (or the crash's own error) where the thread crashed; with a CancelledError after free.
   */
  call<K extends keyof M & string>(
    method: K,
    params: M[K]['params'],
    options?: JobOptions,
  ): Promise<M[K]['result']>;
  /** Replaces all threads, busy ones when their call is over. */
  restart(): void;
  /** Ends the threads; what is pending is rejected. */
  free(): Promise<void>;
}

interface Call {
  readonly id: number;
  readonly method: string;
  readonly params: unknown;
  readonly options: JobOptions;
  readonly resolve: (result: unknown) => void;
  readonly reject: (reason: Error) => void;
}

interface Seat {
  readonly thread: Thread;
  call: Call | undefined;
  /** Runs while a cancelled call goes on. */
  grace: NodeJS.Timeout | undefined;
  hasSpoken: boolean;
  isOutdated: boolean;
}

const isCancelled = ({ options }: Call): boolean => options.signal?.aborted === true;

/** Threads that answer calls, each one at a time, and are replaced when they crash or do not stop. */
export function createThreadPool<M extends ThreadMethods>(options: ThreadPoolOptions): ThreadPool<M> {
  const ready = Math.min(options.ready ?? 0, options.size);
  const waiting: Call[] = [];
  const seats = new Set<Seat>();
  const ending = new Set<Promise<void>>();
  let nextId = 1;
  let isFreed = false;

  const end = (seat: Seat): void => {
    seats.delete(seat);
    clearTimeout(seat.grace);
    const ended = seat.thread.end().finally(() => ending.delete(ended));
    ending.add(ended);
  };

  const lose = (seat: Seat, loss: ThreadLoss, crash?: Error): void => {
    if (!seats.has(seat)) return;
    end(seat);
    const wasAwaited = seat.call !== undefined && !isCancelled(seat.call);
    // Without a crash the call was cancelled, and is rejected already.
    if (crash)
      seat.call?.reject(options.crashMessage === undefined ? crash : new UserError(options.crashMessage));
    options.onLoss?.(loss, wasAwaited);
    // A thread that died before it said anything would die again; then another is tried for the next call only.
    if (seat.hasSpoken) makeReady();
    pump();
  };

  const hear = (seat: Seat, reply: ThreadReply): void => {
    if (!seats.has(seat)) return;
    seat.hasSpoken = true;
    if (reply.kind === 'event') {
      options.onEvent?.(reply.value);
      return;
    }
    const { call } = seat;
    if (call?.id !== reply.id) return;
    if (reply.kind === 'progress') {
      if (!isCancelled(call)) call.options.onProgress?.(reply.progress);
      return;
    }
    clearTimeout(seat.grace);
    seat.grace = undefined;
    seat.call = undefined;
    if (reply.kind === 'done') call.resolve(reply.result);
    else call.reject(errorOf(reply.failure));
    if (seat.isOutdated) replace(seat);
    pump();
  };

  function takeSeat(): Seat {
    const seat: Seat = {
      thread: options.spawn(),
      call: undefined,
      grace: undefined,
      hasSpoken: false,
      isOutdated: false,
    };
    seats.add(seat);
    seat.thread.onReply((reply) => hear(seat, reply));
    seat.thread.onCrash((reason) => lose(seat, 'crashed', reason));
    return seat;
  }

  function makeReady(): void {
    while (!isFreed && seats.size < ready) takeSeat();
  }

  function replace(seat: Seat): void {
    end(seat);
    makeReady();
  }

  function pump(): void {
    while (!isFreed && waiting.length > 0) {
      let seat = [...seats].find(({ call }) => call === undefined);
      if (!seat && seats.size < options.size) seat = takeSeat();
      const call = seat && waiting.shift();
      if (!seat || !call) return;
      seat.call = call;
      try {
        seat.thread.post({ kind: 'call', id: call.id, method: call.method, params: call.params });
      } catch (thrown) {
        // The parameters cannot be cloned; the thread never heard of the call.
        seat.call = undefined;
        call.reject(thrown instanceof Error ? thrown : new Error(String(thrown)));
      }
    }
  }

  const cancel = (call: Call): void => {
    const place = waiting.indexOf(call);
    if (place >= 0) waiting.splice(place, 1);
    const seat = [...seats].find((candidate) => candidate.call === call);
    if (seat) {
      seat.thread.post({ kind: 'cancel', id: call.id });
      seat.grace = setTimeout(() => lose(seat, 'blocked'), options.graceMs);
    }
    call.reject(new CancelledError());
  };

  makeReady();

  return {
    call: (method, params, job = {}) =>
      new Promise((resolve, reject) => {
        if (isFreed || job.signal?.aborted) return reject(new CancelledError());
        const onAbort = (): void => cancel(call);
        const settle = (): void => job.signal?.removeEventListener('abort', onAbort);
        const call: Call = {
          id: nextId++,
          method,
          params,
          options: job,
          resolve(result) {
            settle();
            // The thread serves the methods that this pool is typed by.
            resolve(result as M[typeof method]['result']);
          },
          reject(reason) {
            settle();
            reject(reason);
          },
        };
        job.signal?.addEventListener('abort', onAbort, { once: true });
        waiting.push(call);
        pump();
        if (waiting.includes(call)) job.onProgress?.({ stage: 'Waiting for earlier work', fraction: 0 });
      }),
    restart() {
      for (const seat of [...seats]) {
        if (seat.call) seat.isOutdated = true;
        else replace(seat);
      }
      pump();
    },
    async free() {
      isFreed = true;
      for (const { reject } of waiting.splice(0)) reject(new CancelledError());
      for (const seat of [...seats]) {
        seat.call?.reject(new CancelledError());
        end(seat);
      }
      await Promise.all(ending);
    },
  };
}
