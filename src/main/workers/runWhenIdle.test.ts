import { MessageChannel } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Port } from '#shared/rpc/port.ts';
import { threadPort } from '../threads/thread.ts';
import { runWhenIdle } from './runWhenIdle.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('runWhenIdle', () => {
  let channel: MessageChannel;
  let port: Port;
  beforeEach(() => {
    channel = new MessageChannel();
    port = threadPort(channel.port2);
  });
  afterEach(() => channel.port1.close());

  it('does every step while nothing is asked, other work in between', async () => {
    const done: string[] = [];
    function* steps(): Generator<void> {
      for (const name of ['first', 'second', 'third']) {
        done.push(name);
        yield;
      }
    }
    runWhenIdle(port, steps());
    expect(done).toEqual([]);
    await turn();
    expect(done).toEqual(['first']);
    for (let at = 0; at < 5; at++) await turn();
    expect(done).toEqual(['first', 'second', 'third']);
  });

  it('stops at the first call, which arrives between two steps', async () => {
    let steps = 0;
    const called = new Promise<number>((resolve) => {
      port.onMessage(() => resolve(steps));
    });
    function* endless(): Generator<void> {
      for (;;) {
        steps++;
        if (steps === 3) channel.port1.postMessage({ kind: 'call' });
        yield;
      }
    }
    runWhenIdle(port, endless());
    const stepsBefore = await called;
    expect(stepsBefore).toBeGreaterThanOrEqual(3);
    for (let at = 0; at < 10; at++) await turn();
    expect(steps).toBe(stepsBefore);
  });

  it('ends quietly at a step that fails', async () => {
    let steps = 0;
    function* failing(): Generator<void> {
      steps++;
      yield;
      steps++;
      throw new Error('Cold.');
    }
    runWhenIdle(port, failing());
    for (let at = 0; at < 5; at++) await turn();
    expect(steps).toBe(2);
  });
});
