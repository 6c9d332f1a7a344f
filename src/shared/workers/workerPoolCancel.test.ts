import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CancelledError } from '../errors.ts';
import type { SentFailure } from '../rpc/messages.ts';
import type { FakeWorker } from './testing/fakeWorker.ts';
import { GRACE_MS, type PoolInMemory, poolInMemory, turn } from './testing/poolInMemory.ts';

describe('a call of a pool that is cancelled', () => {
  let workers: PoolInMemory['workers'];
  let losses: PoolInMemory['losses'];
  let createPool: PoolInMemory['createPool'];
  const fail = (worker: FakeWorker, why: SentFailure): void =>
    worker.send({ kind: 'failed', id: worker.lastCallId(), failure: why });
  const cancelled: SentFailure = { kind: 'cancelled', message: 'Cancelled.' };

  beforeEach(() => {
    ({ workers, losses, createPool } = poolInMemory());
    vi.useFakeTimers();
  });
  afterEach(() => vi.useRealTimers());

  it('removes a waiting call that is cancelled', async () => {
    const { double } = createPool();
    const first = double(1);
    const controller = new AbortController();
    const second = double(2, { signal: controller.signal });
    controller.abort();
    await expect(second).rejects.toThrow(CancelledError);
    workers[0]!.answer(2);
    await first;
    await turn();
    expect(workers[0]!.calls()).toEqual([1]);
  });

  it('rejects a running call that is cancelled at once, and begins the next when the worker has stopped', async () => {
    const { double } = createPool();
    const controller = new AbortController();
    const fractions: number[] = [];
    const first = double(1, {
      signal: controller.signal,
      onProgress: ({ fraction }) => fractions.push(fraction),
    });
    const second = double(2);
    controller.abort();
    await expect(first).rejects.toThrow(CancelledError);
    const worker = workers[0]!;
    const id = worker.lastCallId();
    expect(worker.messages.at(-1)).toEqual({ kind: 'cancel', id });
    worker.send({ kind: 'progress', id, stage: '', fraction: 0.9 });
    await turn();
    expect(fractions).toEqual([]);
    expect(worker.calls()).toEqual([1]);
    fail(worker, cancelled);
    await turn();
    expect(worker.calls()).toEqual([1, 2]);
    worker.answer(4);
    expect(await second).toBe(4);
    vi.advanceTimersByTime(10 * GRACE_MS);
    expect(losses).toEqual([]);
  });

  it('replaces a worker that goes on with a cancelled call', async () => {
    const { double } = createPool();
    const controller = new AbortController();
    const first = double(1, { signal: controller.signal });
    const second = double(2);
    controller.abort();
    await expect(first).rejects.toThrow(CancelledError);
    await turn();
    vi.advanceTimersByTime(GRACE_MS);
    expect(losses).toEqual([['blocked', false]]);
    expect(workers.map((worker) => worker.isEnded())).toEqual([true, false]);
    expect(workers[1]!.calls()).toEqual([2]);
    workers[1]!.answer(4);
    expect(await second).toBe(4);
  });

  it('ends a worker with its cancelled call where no time is given, and starts another when it is needed', async () => {
    const { double } = createPool({ graceMs: 0 });
    const controller = new AbortController();
    const first = double(1, { signal: controller.signal });
    controller.abort();
    await expect(first).rejects.toThrow(CancelledError);
    await turn();
    expect(workers.map((worker) => worker.isEnded())).toEqual([true]);
    const second = double(2);
    workers[1]!.answer(4);
    expect(await second).toBe(4);
  });
});
