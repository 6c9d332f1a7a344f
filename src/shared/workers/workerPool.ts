import { CancelledError, UserError } from '../errors.ts';
import type { JobOptions } from '../progress.ts';
import { createRpcClient, type RpcClient } from '../rpc/client.ts';
import { type Client, type Contract, clientServices, type MethodName } from '../rpc/contract.ts';
import { createEventListeners, type EventListeners } from '../rpc/eventListeners.ts';
import type { Port } from '../rpc/port.ts';

/** The platform's timer, which Node and browsers declare differently. */
declare const setTimeout: (action: () => void, delayMs: number) => unknown;
declare const clearTimeout: (timer: unknown) => void;

/** A worker that was started: a Node thread, a process, a web worker, or code of this thread behind a channel. */
export interface StartedWorker {
  /** Where the worker serves its contract. It closes when the worker crashes. */
  readonly port: Port;
  /** Stops what runs and closes the port; resolves when the worker is gone. */
  end(): Promise<void>;
}

/** Why a worker was replaced: it ended by itself, or it went on too long with a call that had been cancelled. */
export type WorkerLoss = 'crashed' | 'blocked';

export interface WorkerPoolOptions {
  readonly start: () => StartedWorker;
  /** Workers at most; each does one call at a time, later calls wait for their turn. */
  readonly size: number;
  /** So many workers are there before they are asked for, and again after a loss. Default 0. */
  readonly ready?: number;
  /** How long a worker may go on with a cancelled call until it is ended and replaced; 0: it is ended at once. */
  readonly graceMs: number;
  /** Whether a worker is replaced after a call that failed in an unexpected way. Default: false. */
  readonly isRenewedAfterBugs?: boolean;
  /** A worker is replaced when it has done a call and then nothing for so long: its memory goes back. Default: never. */
  readonly freshAfterIdleMs?: number;
  /** The next worker is started only when the one before it is gone: two at once may not fit in memory. Default: false. */
  readonly waitsForEnd?: boolean;
  /** The error of the call that a crash ended. Default: an Error with the crash's own message. */
  readonly crashError?: (reason: string) => Error;
  /** Called after a worker was lost, and before another is started; whether a call that waited for it was rejected. */
  readonly onLoss?: (loss: WorkerLoss, wasAwaited: boolean) => void;
}

export interface WorkerPool<C extends Contract> {
  /**
   * The contract's methods. A call waits for its turn, and rejects with what the handler threw; at once with a
   * CancelledError when its signal fires, whether it waits or runs; with the crash's error where the worker crashed; with
   * a CancelledError after free.
   */
  readonly services: Client<C>;
  /**
   * Listens to the events of all workers.
   * @returns a function that ends the subscription
   */
  readonly on: EventListeners<C>['on'];
  /** Replaces all workers, busy ones when their call is over. */
  restart(): void;
  /** Ends the workers; what is pending is rejected. */
  free(): Promise<void>;
}

interface Call {
  readonly name: MethodName;
  readonly params: unknown;
  readonly options: JobOptions;
  readonly resolve: (result: unknown) => void;
  readonly reject: (reason: unknown) => void;
}

/** A worker's place in the pool. */
interface Seat<C extends Contract> {
  readonly worker: StartedWorker;
  readonly client: RpcClient<C>;
  call: Call | undefined;
  /** Runs while a cancelled call goes on. */
  grace: unknown;
  /** Runs while a worker that has done a call does nothing. */
  idle: unknown;
  /** Whether anything came from the worker yet. */
  hasAnswered: boolean;
  /** Replaced when its call is over. */
  isOutdated: boolean;
}

const isCancelled = ({ options }: Call): boolean => options.signal?.aborted === true;
const isExpected = (thrown: unknown): boolean =>
  thrown instanceof UserError || thrown instanceof CancelledError;

/** Workers that serve a contract, each one call at a time, and are replaced when they crash or do not stop. */
export function createWorkerPool<C extends Contract>(contract: C, options: WorkerPoolOptions): WorkerPool<C> {
  const {
    crashError = (reason) => new Error(reason),
    isRenewedAfterBugs = false,
    freshAfterIdleMs,
    waitsForEnd = false,
  } = options;
  const ready = Math.min(options.ready ?? 0, options.size);
  const waiting: Call[] = [];
  const seats = new Set<Seat<C>>();
  const ending = new Set<Promise<void>>();
  const events = createEventListeners<C>();
  let isFreed = false;

  /** @param isReplaced whether another worker is started though no call waits */
  const end = (seat: Seat<C>, isReplaced = false): void => {
    seats.delete(seat);
    clearTimeout(seat.grace);
    clearTimeout(seat.idle);
    const ended = seat.worker.end().finally(() => {
      ending.delete(ended);
      if (!waitsForEnd) return;
      if (isReplaced) fill();
      dispatch();
    });
    ending.add(ended);
    if (isReplaced) fill();
  };

  const hasRoom = (): boolean => seats.size + (waitsForEnd ? ending.size : 0) < options.size;

  const lose = (seat: Seat<C>, loss: WorkerLoss): void => {
    if (!seats.has(seat)) return;
    const wasAwaited = seat.call !== undefined && !isCancelled(seat.call);
    seats.delete(seat);
    options.onLoss?.(loss, wasAwaited);
    // A worker that died before it answered anything would die again; then another is tried for the next call only.
    end(seat, seat.hasAnswered);
    dispatch();
  };

  function startSeat(): Seat<C> {
    const worker = options.start();
    const client = createRpcClient(contract, worker.port, { closeError: crashError });
    const seat: Seat<C> = {
      worker,
      client,
      call: undefined,
      grace: undefined,
      idle: undefined,
      hasAnswered: false,
      isOutdated: false,
    };
    seats.add(seat);
    worker.port.onMessage(() => {
      seat.hasAnswered = true;
    });
    for (const event of Object.keys(contract.events)) {
      client.on(event, (value) => events.notify(event, value));
    }
    client.onClose(() => lose(seat, 'crashed'));
    return seat;
  }

  function fill(): void {
    while (!isFreed && seats.size < ready && hasRoom()) startSeat();
  }

  const replace = (seat: Seat<C>): void => end(seat, true);

  async function run(seat: Seat<C>, call: Call): Promise<void> {
    seat.call = call;
    clearTimeout(seat.idle);
    try {
      call.resolve(await seat.client.call(call.name, call.params, call.options));
    } catch (thrown) {
      call.reject(thrown);
      if (isRenewedAfterBugs && !isExpected(thrown)) seat.isOutdated = true;
      if (isCancelled(call)) await stopped(seat);
    }
    seat.call = undefined;
    if (!seats.has(seat)) return;
    if (seat.isOutdated) replace(seat);
    else if (freshAfterIdleMs !== undefined) seat.idle = setTimeout(() => replace(seat), freshAfterIdleMs);
    dispatch();
  }

  /** Waits until the worker is done with a cancelled call, or ends it when it takes too long. */
  async function stopped(seat: Seat<C>): Promise<void> {
    if (options.graceMs === 0) return lose(seat, 'blocked');
    seat.grace = setTimeout(() => lose(seat, 'blocked'), options.graceMs);
    await seat.client.settled();
    clearTimeout(seat.grace);
  }

  function dispatch(): void {
    while (!isFreed && waiting.length > 0) {
      let seat = [...seats].find(({ call }) => call === undefined);
      if (!seat && hasRoom()) seat = startSeat();
      const call = seat && waiting.shift();
      if (!seat || !call) return;
      void run(seat, call);
    }
  }

  const enqueue = (name: MethodName, params: unknown, job: JobOptions = {}): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (isFreed || job.signal?.aborted) return reject(new CancelledError());
      const leave = (): void => {
        const place = waiting.indexOf(call);
        // What runs already is cancelled by the worker's client.
        if (place < 0) return;
        waiting.splice(place, 1);
        reject(new CancelledError());
      };
      const settle = (): void => job.signal?.removeEventListener('abort', leave);
      const call: Call = {
        name,
        params,
        options: job,
        resolve(result) {
          settle();
          resolve(result);
        },
        reject(reason) {
          settle();
          reject(reason);
        },
      };
      job.signal?.addEventListener('abort', leave);
      waiting.push(call);
      dispatch();
      if (waiting.includes(call)) job.onProgress?.({ stage: 'Waiting for earlier work', fraction: 0 });
    });

  fill();

  return {
    services: clientServices(contract, enqueue),
    on: events.on,
    restart() {
      for (const seat of [...seats]) {
        if (seat.call) seat.isOutdated = true;
        else replace(seat);
      }
      dispatch();
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
