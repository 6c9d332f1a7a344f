import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CancelledError, UserError } from '../errors.ts';
import { failure } from '../failures/failure.ts';
import { ContractError } from '../rpc/failures.ts';
import type { SentFailure } from '../rpc/messages.ts';
import { CRASH_REASON, type FakeWorker } from './testing/fakeWorker.ts';
import { CRASH, numbersContract, type PoolInMemory, poolInMemory, turn } from './testing/poolInMemory.ts';
import { createWorkerPool } from './workerPool.ts';

describe('createWorkerPool', () => {
  let workers: PoolInMemory['workers'];
  let losses: PoolInMemory['losses'];
  let start: PoolInMemory['start'];
  let createPool: PoolInMemory['createPool'];
  const fail = (worker: FakeWorker, why: SentFailure): void =>
    worker.send({ kind: 'failed', id: worker.lastCallId(), failure: why });
  const notConnected = failure('rpc.not-connected');
  const of = (kind: SentFailure['kind']): SentFailure =>
    kind === 'user' ? { kind, failure: notConnected } : { kind, message: 'Why.' };

  beforeEach(() => {
    ({ workers, losses, start, createPool } = poolInMemory());
    vi.useFakeTimers();
  });
  afterEach(() => vi.useRealTimers());

  it('starts no worker before it is needed, but those that are to be ready', () => {
    createPool();
    expect(workers).toHaveLength(0);
    createPool({ ready: 2, size: 3 });
    expect(workers).toHaveLength(2);
  });

  it('does one call at a time in each worker, in order', async () => {
    const { double } = createPool();
    const stages: string[] = [];
    const first = double(1);
    const second = double(2, { onProgress: ({ stage }) => stages.push(stage) });
    const worker = workers[0]!;
    await turn();
    expect(worker.calls()).toEqual([1]);
    expect(stages).toEqual(['Waiting for earlier work']);
    worker.answer(2);
    expect(await first).toBe(2);
    await turn();
    expect(worker.calls()).toEqual([1, 2]);
    worker.answer(4);
    expect(await second).toBe(4);
    expect(workers).toHaveLength(1);
  });

  it('uses as many workers as it may', () => {
    const { double } = createPool({ size: 2 });
    for (const value of [1, 2, 3]) void double(value);
    expect(workers.map((worker) => worker.calls())).toEqual([[1], [2]]);
  });

  it('gives failures their class back, and goes on with the same worker', async () => {
    const { double } = createPool();
    const failed = async (kind: SentFailure['kind']): Promise<unknown> => {
      const result = double(1).catch((thrown: unknown) => thrown);
      await turn();
      fail(workers[0]!, of(kind));
      return result;
    };
    expect(await failed('user')).toEqual(new UserError(notConnected));
    expect(await failed('cancelled')).toBeInstanceOf(CancelledError);
    expect(await failed('refused')).toEqual(new ContractError('Why.'));
    expect(await failed('bug')).toEqual(new Error('Why.'));
    expect(workers).toHaveLength(1);
  });

  it('replaces a worker after an unexpected failure where it is asked to, and after no other', async () => {
    const { double } = createPool({ isRenewedAfterBugs: true });
    const failed = async (kind: SentFailure['kind']): Promise<boolean> => {
      const worker = workers.at(-1);
      const result = double(1).catch(() => undefined);
      await turn();
      fail(workers.at(-1)!, of(kind));
      await result;
      await turn();
      return (worker ?? workers[0]!).isEnded();
    };
    expect([await failed('user'), await failed('cancelled')]).toEqual([false, false]);
    expect(await failed('bug')).toBe(true);
    const next = double(3);
    await turn();
    expect(workers).toHaveLength(2);
    workers[1]!.answer(6);
    expect(await next).toBe(6);
    expect(losses).toEqual([]);
  });

  it('passes progress and events on', () => {
    const { double, on } = createPool();
    const events: string[] = [];
    const stop = on('state', (state) => void events.push(state));
    const fractions: number[] = [];
    void double(1, { onProgress: ({ fraction }) => fractions.push(fraction) });
    const worker = workers[0]!;
    worker.send({ kind: 'progress', id: worker.lastCallId(), stage: 'Doubling', fraction: 0.5 });
    worker.send({ kind: 'event', name: 'state', value: 'ready' });
    stop();
    worker.send({ kind: 'event', name: 'state', value: 'busy' });
    expect(fractions).toEqual([0.5]);
    expect(events).toEqual(['ready']);
  });

  it('rejects nobody but the running call when a worker crashes', async () => {
    const { double } = createPool();
    const first = double(1);
    const second = double(2);
    workers[0]!.crash();
    await expect(first).rejects.toThrow(new UserError(failure('stored.sentence', { sentence: CRASH })));
    expect(losses).toEqual([['crashed', true]]);
    workers[1]!.answer(4);
    expect(await second).toBe(4);
  });

  it("gives the crash's own message where there is no other error for it", async () => {
    const { double } = {
      ...createWorkerPool(numbersContract, { start, size: 1, graceMs: 0 }).services.numbers,
    };
    const call = double(1);
    workers[0]!.crash();
    await expect(call).rejects.toThrow(new Error(CRASH_REASON));
  });

  it('starts a ready worker again, but not one that dies before it answers', async () => {
    const { double } = createPool({ ready: 1 });
    workers[0]!.send({ kind: 'event', name: 'state', value: 'ready' });
    workers[0]!.crash();
    expect(losses).toEqual([['crashed', false]]);
    expect(workers).toHaveLength(2);
    workers[1]!.crash();
    expect(workers).toHaveLength(2);
    const next = double(1);
    expect(workers).toHaveLength(3);
    workers[2]!.answer(2);
    expect(await next).toBe(2);
  });

  it('ignores a worker that was replaced', async () => {
    const { double, on } = createPool({ ready: 1 });
    const events: string[] = [];
    on('state', (state) => void events.push(state));
    const [old] = workers;
    old!.send({ kind: 'event', name: 'state', value: 'ready' });
    old!.crash();
    old!.send({ kind: 'event', name: 'state', value: 'late' });
    old!.crash();
    expect(events).toEqual(['ready']);
    expect(losses).toHaveLength(1);
    const next = double(1);
    old!.send({ kind: 'result', id: workers[1]!.lastCallId(), result: 99 });
    workers[1]!.answer(2);
    expect(await next).toBe(2);
  });

  it('restarts idle workers at once and busy ones after their call', async () => {
    const { double, restart } = createPool({ ready: 1 });
    restart();
    expect(workers.map((worker) => worker.isEnded())).toEqual([true, false]);
    const running = double(1);
    restart();
    expect(workers[1]!.isEnded()).toBe(false);
    workers[1]!.answer(2);
    expect(await running).toBe(2);
    await turn();
    expect(workers.map((worker) => worker.isEnded())).toEqual([true, true, false]);
  });

  it('starts the next worker only when the one before it is gone, where two have no room', async () => {
    const gone: (() => void)[] = [];
    const { double, restart } = createPool({
      ready: 1,
      waitsForEnd: true,
      start: () => ({ ...start(), end: () => new Promise((resolve) => gone.push(resolve)) }),
    });
    restart();
    const waits = double(1);
    await turn();
    expect(workers).toHaveLength(1);
    gone[0]!();
    await turn();
    expect(workers).toHaveLength(2);
    workers[1]!.answer(2);
    expect(await waits).toBe(2);
    // A crash too; the next worker is there before it is called.
    workers[1]!.crash();
    await turn();
    expect(workers).toHaveLength(2);
    gone[1]!();
    await turn();
    expect(workers).toHaveLength(3);
  });

  it('starts no worker after it was freed, though one has room then', async () => {
    const { restart, free } = createPool({ ready: 1, waitsForEnd: true });
    restart();
    await free();
    await turn();
    expect(workers).toHaveLength(1);
  });

  it('replaces a worker that did a call and then nothing for long, and no other', async () => {
    const { double } = createPool({ ready: 1, freshAfterIdleMs: 5000 });
    vi.advanceTimersByTime(20_000);
    expect(workers).toHaveLength(1);
    const answered = async (value: number): Promise<void> => {
      const result = double(value);
      await turn();
      workers[0]!.answer(2 * value);
      await result;
      await turn();
    };
    await answered(1);
    vi.advanceTimersByTime(4000);
    await answered(2);
    vi.advanceTimersByTime(4000);
    const long = double(3);
    await turn();
    vi.advanceTimersByTime(60_000);
    expect(workers).toHaveLength(1);
    workers[0]!.answer(6);
    await long;
    await turn();
    vi.advanceTimersByTime(5000);
    expect(workers.map((worker) => worker.isEnded())).toEqual([true, false]);
    vi.advanceTimersByTime(20_000);
    expect(workers).toHaveLength(2);
  });

  it('rejects what cannot be sent, and goes on', async () => {
    const { double } = createPool();
    // A function cannot be cloned; the types would not let it pass.
    await expect(double((() => 1) as unknown as number)).rejects.toThrow('numbers.double cannot be sent');
    const next = double(3);
    await turn();
    workers[0]!.answer(6);
    expect(await next).toBe(6);
    expect(losses).toEqual([]);
  });

  it('ends a worker that sends what is not a message', async () => {
    const { double } = createPool();
    const call = double(1);
    // The cast is the mistake that is tested.
    workers[0]!.send({ kind: 'progress', id: 0 } as unknown as { kind: 'event'; name: string; value: null });
    await expect(call).rejects.toThrow(new UserError(failure('stored.sentence', { sentence: CRASH })));
    expect(losses).toEqual([['crashed', true]]);
    expect(workers[0]!.isEnded()).toBe(true);
  });

  it('rejects everything when it is freed, and ends its workers', async () => {
    const { double, free } = createPool();
    const results = [double(1), double(2)].map((result) => result.catch((thrown: unknown) => thrown));
    await free();
    for (const result of results) expect(await result).toBeInstanceOf(CancelledError);
    expect(workers[0]!.isEnded()).toBe(true);
    await expect(double(3)).rejects.toThrow(CancelledError);
    expect(workers).toHaveLength(1);
  });

  it('refuses a call that was cancelled before it was made', async () => {
    const { double } = createPool();
    await expect(double(1, { signal: AbortSignal.abort() })).rejects.toThrow(CancelledError);
    expect(workers).toHaveLength(0);
  });
});
