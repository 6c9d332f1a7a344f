import { MessageChannel } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { workUntilCalled } from './workUntilCalled.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('workUntilCalled', () => {
  let channel: MessageChannel;
  beforeEach(() => {
    channel = new MessageChannel();
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
    workUntilCalled(channel.port2, steps());
    expect(done).toEqual([]);
    await turn();
    expect(done).toEqual(['first']);
    for (let at = 0; at < 5; at++) await turn();
    expect(done).toEqual(['first', 'second', 'third']);
  });

  it('stops at the first call, which is heard between two steps', async () => {
    let steps = 0;
    const heard = new Promise<number>((resolve) => {
      channel.port2.on('message', () => resolve(steps));
    });
    function* endless(): Generator<void> {
      for (;;) {
        steps++;
        if (steps === 3) channel.port1.postMessage({ kind: 'call' });
        yield;
      }
    }
    workUntilCalled(channel.port2, endless());
    const stepsBefore = await heard;
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
    workUntilCalled(channel.port2, failing());
    for (let at = 0; at < 5; at++) await turn();
    expect(steps).toBe(2);
  });
});
