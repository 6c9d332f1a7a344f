import { expect, it } from 'vitest';
import { CancelledError, UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import type { RpcClient } from '#shared/rpc/client.ts';
import { words } from '#shared/words/words.ts';
import type { TestContract } from '../testContract.ts';
import { closed, type RpcBench } from './rpcBench.ts';

/** Clients and servers that come and go, and events to all that are there. */
export function testConnections(bench: () => RpcBench): void {
  it('aborts the calls of a client that has disconnected, and no others', async () => {
    const rpc = bench();
    const gone = rpc.client;
    const goneCall = expect(gone.services.jobs.forever({})).rejects.toThrow(
      new UserError(failure('rpc.connection-lost')),
    );
    await rpc.test.begun(1);
    rpc.client = await rpc.connect();
    const controller = new AbortController();
    const call = rpc.client.services.jobs.forever({}, { signal: controller.signal });
    await rpc.test.begun(2);
    gone.close();
    await goneCall;
    await rpc.test.aborted(1);
    expect(await rpc.client.services.numbers.double({ value: 2 })).toBe(4);
    controller.abort();
    await expect(call).rejects.toBeInstanceOf(CancelledError);
    await rpc.test.aborted(2);
  });

  it('rejects pending and later calls when the server has disconnected', async () => {
    const rpc = bench();
    const reasons: string[] = [];
    const ended = new Promise<void>((resolve) => {
      rpc.client.onClose((reason) => {
        reasons.push(reason);
        resolve();
      });
    });
    const call = rpc.client.services.jobs.forever({});
    const refused = expect(call).rejects.toThrow(new UserError(failure('rpc.connection-lost')));
    await rpc.test.begun(1);
    rpc.server.close();
    await refused;
    await ended;
    await expect(rpc.client.services.numbers.double({ value: 1 })).rejects.toThrow(
      new UserError(failure('rpc.not-connected')),
    );
    rpc.client.close();
    expect(reasons).toHaveLength(1);
    await new Promise<void>((resolve) => void rpc.client.onClose(() => resolve()));
  });

  it('continues over another port with its listeners, without the pending calls', async () => {
    const rpc = bench();
    const counts: number[] = [];
    const reasons: string[] = [];
    rpc.client.on('tick', ({ count }) => void counts.push(count));
    rpc.client.onClose((reason) => void reasons.push(reason));
    expect(() => rpc.client.resume(rpc.clientPort)).toThrow('not closed');
    const lost = expect(rpc.client.services.jobs.forever({})).rejects.toThrow(
      words().sentence(failure('rpc.connection-lost')),
    );
    await rpc.test.begun(1);
    rpc.serverPort.close();
    await lost;
    [rpc.clientPort, rpc.serverPort] = await rpc.transport.connect();
    rpc.server.serve(rpc.serverPort);
    rpc.client.resume(rpc.clientPort);
    expect(await rpc.client.services.numbers.double({ value: 4 })).toBe(8);
    rpc.server.emit('tick', { count: 5 });
    await rpc.client.services.numbers.double({ value: 1 });
    expect(counts).toEqual([5]);
    expect(reasons).toHaveLength(1);
    rpc.serverPort.close();
    await closed(rpc.clientPort);
    expect(reasons).toHaveLength(2);
  });

  it('sends events to every client, until it unsubscribes', async () => {
    const rpc = bench();
    const first = rpc.client;
    const second = await rpc.connect();
    const received: [string, number][] = [];
    const next = (from: RpcClient<TestContract>, who: string): Promise<void> =>
      new Promise((resolve) => {
        const end = from.on('tick', ({ count }) => {
          received.push([who, count]);
          end();
          resolve();
        });
      });
    const both = Promise.all([next(first, 'first'), next(second, 'second')]);
    rpc.server.emit('tick', { count: 1 });
    await both;
    const again = next(second, 'second');
    rpc.server.emit('tick', { count: 2 });
    await again;
    first.close();
    const last = next(second, 'second');
    rpc.server.emit('tick', { count: 3 });
    await last;
    expect(received.map(([who, count]) => `${who} ${count}`).sort()).toEqual([
      'first 1',
      'second 1',
      'second 2',
      'second 3',
    ]);
    second.close();
  });
}
