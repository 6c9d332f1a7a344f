import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CancelledError, UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { type FakeThread, fakeThread } from './testing/fakeThread.ts';
import type { ThreadFailure } from './threadMessages.ts';
import { createThreadPool, type ThreadLoss, type ThreadPoolOptions } from './threadPool.ts';

type Methods = { double: { params: number; result: number } };

const CRASH = 'It stopped. Try again.';
const GRACE_MS = 1000;

describe('createThreadPool', () => {
  let threads: FakeThread[];
  let losses: [ThreadLoss, boolean][];
  const pool = (options: Partial<ThreadPoolOptions> = {}) =>
    createThreadPool<Methods>({
      spawn() {
        const thread = fakeThread();
        threads.push(thread);
        return thread;
      },
      size: 1,
      graceMs: GRACE_MS,
      crashMessage: CRASH,
      onLoss: (...loss) => losses.push(loss),
      ...options,
    });
  /** The parameters of the calls that a thread was sent. */
  const calls = (thread: FakeThread | undefined): unknown[] =>
    (thread?.requests ?? []).flatMap((request) => (request.kind === 'call' ? [request.params] : []));
  const lastCallId = (thread: FakeThread): number =>
    thread.requests.findLast((request) => request.kind === 'call')!.id;
  const answer = (thread: FakeThread, result: number): void =>
    thread.reply({ kind: 'done', id: lastCallId(thread), result });

  beforeEach(() => {
    threads = [];
    losses = [];
    vi.useFakeTimers();
  });
  afterEach(() => vi.useRealTimers());

  it('starts no thread before it is needed, but those that are to be ready', () => {
    pool();
    expect(threads).toHaveLength(0);
    pool({ ready: 2, size: 3 });
    expect(threads).toHaveLength(2);
  });

  it('does one call at a time in each thread, in order', async () => {
    const { call } = pool();
    const stages: string[] = [];
    const first = call('double', 1);
    const second = call('double', 2, { onProgress: ({ stage }) => stages.push(stage) });
    const [thread] = threads;
    expect(calls(thread)).toEqual([1]);
    expect(stages).toEqual(['Waiting for earlier work']);
    answer(thread!, 2);
    expect(await first).toBe(2);
    expect(calls(thread)).toEqual([1, 2]);
    answer(thread!, 4);
    expect(await second).toBe(4);
    expect(threads).toHaveLength(1);
  });

  it('uses as many threads as it may', () => {
    const { call } = pool({ size: 2 });
    for (const value of [1, 2, 3]) void call('double', value);
    expect(threads.map(calls)).toEqual([[1], [2]]);
  });

  it('gives failures their class back', async () => {
    const { call } = pool();
    const fail = async (failure: ThreadFailure): Promise<unknown> => {
      const result = call('double', 1).catch((thrown: unknown) => thrown);
      const thread = threads[0]!;
      thread.reply({ kind: 'failed', id: lastCallId(thread), failure });
      return result;
    };
    expect(await fail({ kind: 'user', failure: failure('rpc.not-connected') })).toEqual(
      new UserError(failure('rpc.not-connected')),
    );
    expect(await fail({ kind: 'cancelled', message: 'Why.' })).toBeInstanceOf(CancelledError);
    expect(await fail({ kind: 'defect', message: 'Why.' })).toEqual(new Error('Why.'));
  });

  it('tells progress and events', () => {
    const events: unknown[] = [];
    const { call } = pool({ onEvent: (value) => events.push(value) });
    const fractions: number[] = [];
    void call('double', 1, { onProgress: ({ fraction }) => fractions.push(fraction) });
    const thread = threads[0]!;
    thread.reply({
      kind: 'progress',
      id: lastCallId(thread),
      progress: { stage: 'Doubling', fraction: 0.5 },
    });
    thread.reply({ kind: 'event', value: 'ready' });
    expect(fractions).toEqual([0.5]);
    expect(events).toEqual(['ready']);
  });

  it('removes a waiting call that is cancelled', async () => {
    const { call } = pool();
    const first = call('double', 1);
    const controller = new AbortController();
    const second = call('double', 2, { signal: controller.signal });
    controller.abort();
    await expect(second).rejects.toThrow(CancelledError);
    answer(threads[0]!, 2);
    await first;
    expect(calls(threads[0])).toEqual([1]);
  });

  it('rejects a running call that is cancelled at once, and begins the next when the thread has stopped', async () => {
    const { call } = pool();
    const controller = new AbortController();
    const fractions: number[] = [];
    const first = call('double', 1, {
      signal: controller.signal,
      onProgress: ({ fraction }) => fractions.push(fraction),
    });
    const second = call('double', 2);
    controller.abort();
    await expect(first).rejects.toThrow(CancelledError);
    const thread = threads[0]!;
    const id = lastCallId(thread);
    expect(thread.requests.at(-1)).toEqual({ kind: 'cancel', id });
    thread.reply({ kind: 'progress', id, progress: { stage: '', fraction: 0.9 } });
    expect(fractions).toEqual([]);
    expect(calls(thread)).toEqual([1]);
    thread.reply({ kind: 'failed', id, failure: { kind: 'cancelled', message: 'Cancelled.' } });
    expect(calls(thread)).toEqual([1, 2]);
    answer(thread, 4);
    expect(await second).toBe(4);
    vi.advanceTimersByTime(10 * GRACE_MS);
    expect(losses).toEqual([]);
  });

  it('replaces a thread that goes on with a cancelled call', async () => {
    const { call } = pool();
    const controller = new AbortController();
    const first = call('double', 1, { signal: controller.signal });
    const second = call('double', 2);
    controller.abort();
    await expect(first).rejects.toThrow(CancelledError);
    vi.advanceTimersByTime(GRACE_MS);
    expect(losses).toEqual([['blocked', false]]);
    expect(threads.map((thread) => thread.isEnded())).toEqual([true, false]);
    expect(calls(threads[1])).toEqual([2]);
    answer(threads[1]!, 4);
    expect(await second).toBe(4);
  });

  it('rejects nobody but the running call when a thread crashes', async () => {
    const { call } = pool();
    const first = call('double', 1);
    const second = call('double', 2);
    threads[0]!.crash();
    await expect(first).rejects.toThrow(new UserError(CRASH));
    expect(losses).toEqual([['crashed', true]]);
    answer(threads[1]!, 4);
    expect(await second).toBe(4);
  });

  it('gives the crash’s own error where there is no sentence for it', async () => {
    const call = createThreadPool<Methods>({
      spawn() {
        threads.push(fakeThread());
        return threads.at(-1)!;
      },
      size: 1,
      graceMs: 0,
    }).call('double', 1);
    threads[0]!.crash();
    await expect(call).rejects.toThrow(new Error('The test ended this thread.'));
  });

  it('starts an eager thread again, but not one that dies before it speaks', async () => {
    const { call } = pool({ ready: 1 });
    threads[0]!.reply({ kind: 'event', value: 'ready' });
    threads[0]!.crash();
    expect(losses).toEqual([['crashed', false]]);
    expect(threads).toHaveLength(2);
    threads[1]!.crash();
    expect(threads).toHaveLength(2);
    const next = call('double', 1);
    expect(threads).toHaveLength(3);
    answer(threads[2]!, 2);
    expect(await next).toBe(2);
  });

  it('hears no more of a thread that was replaced', async () => {
    const events: unknown[] = [];
    const { call } = pool({ ready: 1, onEvent: (value) => events.push(value) });
    const old = threads[0]!;
    old.crash();
    old.reply({ kind: 'event', value: 'late' });
    old.crash();
    expect(events).toEqual([]);
    expect(losses).toHaveLength(1);
    const next = call('double', 1);
    old.reply({ kind: 'done', id: lastCallId(threads[1]!), result: 99 });
    answer(threads[1]!, 2);
    expect(await next).toBe(2);
  });

  it('restarts idle threads at once and busy ones after their call', async () => {
    const eager = pool({ ready: 1 });
    eager.restart();
    expect(threads.map((thread) => thread.isEnded())).toEqual([true, false]);
    const running = eager.call('double', 1);
    eager.restart();
    expect(threads[1]!.isEnded()).toBe(false);
    answer(threads[1]!, 2);
    expect(await running).toBe(2);
    expect(threads.map((thread) => thread.isEnded())).toEqual([true, true, false]);
  });

  it('rejects what cannot be sent, and goes on', async () => {
    const { call } = pool();
    // A function cannot be cloned; the types would not let it pass.
    await expect(call('double', (() => 1) as unknown as number)).rejects.toThrow();
    const next = call('double', 3);
    answer(threads[0]!, 6);
    expect(await next).toBe(6);
  });

  it('rejects everything when it is freed, and ends its threads', async () => {
    const { call, free } = pool();
    const results = [call('double', 1), call('double', 2)].map((result) =>
      result.catch((thrown: unknown) => thrown),
    );
    await free();
    for (const result of results) expect(await result).toBeInstanceOf(CancelledError);
    expect(threads[0]!.isEnded()).toBe(true);
    await expect(call('double', 3)).rejects.toThrow(CancelledError);
    expect(threads).toHaveLength(1);
  });

  it('refuses a call that was cancelled before it was made', async () => {
    const { call } = pool();
    await expect(call('double', 1, { signal: AbortSignal.abort() })).rejects.toThrow(CancelledError);
    expect(threads).toHaveLength(0);
  });
});
