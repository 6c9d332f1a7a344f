import { once } from 'node:events';
import { MessageChannel } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { serveThread } from './serveThread.ts';
import type { ThreadEnded, ThreadReply, ThreadRequest } from './threadMessages.ts';

type Methods = { work: { params: string; result: string } };

describe('serveThread, asked to end', () => {
  it('cancels its calls, waits for their native steps, frees what it holds, and only then says so', async () => {
    const { port1, port2 } = new MessageChannel();
    const happened: string[] = [];
    const steps: (() => void)[] = [];
    const begun = new Promise<void>((resolve) => {
      serveThread<Methods>(
        port2,
        {
          async work(name, { signal }) {
            const step = new Promise<void>((over) => steps.push(over));
            if (steps.length === 2) resolve();
            await step;
            happened.push(`${name} ${signal.aborted ? 'cancelled' : 'done'}`);
            signal.throwIfAborted();
            return name;
          },
        },
        async () => void happened.push('freed'),
      );
    });
    port1.on('message', (reply: ThreadReply | ThreadEnded) => happened.push(reply.kind));
    const send = (request: ThreadRequest): void => port1.postMessage(request);
    try {
      send({ kind: 'call', id: 1, method: 'work', params: 'first' });
      send({ kind: 'call', id: 2, method: 'work', params: 'second' });
      await begun;
      send({ kind: 'end' });
      // What is sent later is read later: the request to end has been heard when this call has failed.
      send({ kind: 'call', id: 3, method: 'none', params: '' });
      await once(port1, 'message');
      expect(happened).toEqual(['failed']);
      steps[0]!();
      await once(port1, 'message');
      expect(happened).toEqual(['failed', 'first cancelled', 'failed']);
      const isOver = new Promise<void>((resolve) => {
        port1.on('message', ({ kind }: ThreadReply | ThreadEnded) => {
          if (kind === 'ended') resolve();
        });
      });
      steps[1]!();
      await isOver;
      expect(happened.slice(3)).toEqual(['second cancelled', 'freed', 'failed', 'ended']);
    } finally {
      port1.close();
    }
  });
});
