import { describe, expect, it } from 'vitest';
import { CancelledError, UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { createAlerts } from './alertStore.ts';
import { debounce } from './debounce.ts';
import { createJobs } from './jobStore.ts';
import { createLatestWins } from './latestWins.ts';
import { manualTimer } from './testing/manualTimer.ts';

describe('jobs', () => {
  it('gives the value, shows progress on the way, and is gone afterwards', async () => {
    const jobs = createJobs(createAlerts());
    const outcome = await jobs.run('segment', async ({ onProgress }) => {
      onProgress({ stage: 'Half', fraction: 0.5 });
      expect(jobs.store.getState().jobs).toMatchObject([
        { kind: 'segment', progress: { stage: 'Half', fraction: 0.5 } },
      ]);
      return 7;
    });
    expect(outcome).toEqual({ kind: 'done', value: 7 });
    expect(jobs.store.getState().jobs).toEqual([]);
  });

  it('hands a failure on as it is, and alerts with its sentence', async () => {
    const alerts = createAlerts();
    const jobs = createJobs(alerts);
    const outcome = await jobs.run('segment', () =>
      Promise.reject(new UserError(failure('rpc.not-connected'))),
    );
    expect(outcome).toEqual({ kind: 'failed', failure: failure('rpc.not-connected') });
    expect(alerts.store.getState().alerts).toMatchObject([
      { kind: 'error', message: "Auricle's engine is not connected." },
    ]);
  });

  it('is silent about what a person cancelled, and cancels the newest in the foreground first', async () => {
    const alerts = createAlerts();
    const jobs = createJobs(alerts);
    const untilCancelled = (signal: AbortSignal) =>
      new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(new CancelledError())));
    const first = jobs.run('segment', ({ signal }) => untilCancelled(signal));
    const background = jobs.run('findRegion', ({ signal }) => untilCancelled(signal), { isBackground: true });
    expect(jobs.cancelNewest()).toBe(true);
    expect(await first).toEqual({ kind: 'cancelled' });
    expect(jobs.cancelNewest()).toBe(false);
    jobs.cancelAll();
    expect(await background).toEqual({ kind: 'cancelled' });
    expect(alerts.store.getState().alerts).toEqual([]);
  });
});

describe('alerts', () => {
  it('says the same sentence once, and forgets the oldest of many', () => {
    const alerts = createAlerts();
    for (const message of ['a', 'b', 'c', 'd', 'e', 'c']) alerts.error(message);
    expect(alerts.store.getState().alerts.map(({ message }) => message)).toEqual(['b', 'd', 'e', 'c']);
  });
});

describe('notices', () => {
  it('of what holds no longer go, others stay', () => {
    const alerts = createAlerts({ set: () => 0, clear: () => {} });
    alerts.notice(failure('review.plane-put-back'));
    alerts.notice(failure('review.landmark-put-back'));
    alerts.notice('Saved.');
    alerts.withdraw(new Set(['review.plane-put-back'] as const));
    expect(alerts.store.getState().alerts.map(({ code }) => code)).toEqual([
      'review.landmark-put-back',
      undefined,
    ]);
  });

  it('go by themselves, errors stay', () => {
    const later: (() => void)[] = [];
    const alerts = createAlerts({ set: (action) => later.push(action), clear: () => {} });
    alerts.notice('Saved.');
    alerts.error('Not saved.');
    for (const action of later) action();
    expect(alerts.store.getState().alerts).toMatchObject([{ kind: 'error' }]);
    alerts.clear();
    expect(alerts.store.getState().alerts).toEqual([]);
  });
});

describe('latestWins', () => {
  it('runs one at a time, and of those that wait only the newest', async () => {
    const ran: number[] = [];
    const finish: (() => void)[] = [];
    const queue = createLatestWins<number>((value) => {
      ran.push(value);
      return new Promise((resolve) => finish.push(resolve));
    });
    for (const value of [1, 2, 3, 4]) queue.submit(value);
    expect(ran).toEqual([1]);
    finish[0]!();
    await Promise.resolve();
    await Promise.resolve();
    expect(ran).toEqual([1, 4]);
    finish[1]!();
    await queue.idle();
    queue.submit(5);
    expect(ran).toEqual([1, 4, 5]);
  });
});

describe('debounce', () => {
  it('acts once after the last call, at once when flushed, never when cancelled', () => {
    const { timer, pass } = manualTimer();
    let count = 0;
    const debounced = debounce(() => count++, 100, timer);
    debounced.schedule();
    debounced.schedule();
    pass();
    expect(count).toBe(1);
    debounced.schedule();
    debounced.flush();
    pass();
    expect(count).toBe(2);
    debounced.schedule();
    debounced.cancel();
    pass();
    debounced.flush();
    expect(count).toBe(2);
  });
});
