import { MessageChannel } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { createRpcClient } from '#shared/rpc/client.ts';
import { method, unchecked } from '#shared/rpc/contract.ts';
import { serveThread } from './serveThread.ts';
import { threadPort } from './thread.ts';

const contract = {
  services: {
    work: {
      do: method(unchecked<string>(), unchecked<string>()),
      fail: method(unchecked<string>(), unchecked<string>()),
      make: method(unchecked<number>(), unchecked<Int16Array>(), ({ buffer }) => [buffer]),
    },
  },
  events: {},
};

/** A thread's server and its caller, and the native steps of `work.do`, which go on until the test ends them. */
function start() {
  const { port1, port2 } = new MessageChannel();
  const happened: string[] = [];
  const steps: (() => void)[] = [];
  const made: Int16Array[] = [];
  let onBegin = (): void => {};
  const served = threadPort(port2);
  const isClosed = new Promise((resolve) => void served.onClose(resolve));
  const hasEnded = new Promise<void>((resolve) => {
    serveThread(
      served,
      contract,
      {
        work: {
          async do(name, { signal }) {
            const step = new Promise<void>((over) => steps.push(over));
            onBegin();
            await step;
            happened.push(`${name} ${signal.aborted ? 'cancelled' : 'done'}`);
            signal.throwIfAborted();
            return name;
          },
          async fail(message) {
            throw new TypeError(message);
          },
          async make(voxels) {
            const values = new Int16Array(voxels).fill(7);
            made.push(values);
            return values;
          },
        },
      },
      { free: async () => void happened.push('freed'), onEnd: resolve },
    );
  });
  const client = createRpcClient(contract, threadPort(port1));
  return {
    client,
    work: client.services.work,
    happened,
    steps,
    made,
    isClosed,
    hasEnded,
    begun: (count: number) =>
      new Promise<void>((resolve) => {
        onBegin = () => {
          if (steps.length === count) resolve();
        };
      }),
  };
}

describe('serveThread', () => {
  it('cancels its calls when its port closes, waits for their native steps, and frees what it holds last', async () => {
    const { client, work, happened, steps, isClosed, hasEnded, begun } = start();
    const bothBegun = begun(2);
    const calls = [work.do('first'), work.do('second')].map((call) => call.catch(() => 'rejected'));
    await bothBegun;
    client.close();
    expect(await Promise.all(calls)).toEqual(['rejected', 'rejected']);
    await isClosed;
    expect(happened).toEqual([]);
    steps[0]!();
    await new Promise((resolve) => setImmediate(resolve));
    expect(happened).not.toContain('freed');
    steps[1]!();
    await hasEnded;
    expect(happened).toEqual(['first cancelled', 'second cancelled', 'freed']);
  });

  it('explains a bug to the thread that started it, which logs it', async () => {
    const { client, work, hasEnded } = start();
    await expect(work.fail('There is no such tensor.')).rejects.toThrow(
      new Error('There is no such tensor.'),
    );
    client.close();
    await hasEnded;
  });

  it('moves the buffers that a task gives away, and copies no others', async () => {
    const { client, work, made, hasEnded } = start();
    expect(await work.make(1000)).toEqual(new Int16Array(1000).fill(7));
    expect(made[0]!.byteLength).toBe(0);
    client.close();
    await hasEnded;
  });
});
