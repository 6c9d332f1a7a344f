import { expect, it } from 'vitest';
import { failure } from '#shared/failures/failure.ts';
import { words } from '#shared/words/words.ts';
import { closed, type RpcBench } from './rpcBench.ts';

/** Messages that fit no contract. */
export function testBrokenMessages(bench: () => RpcBench): void {
  it('drops events that do not fit', async () => {
    const rpc = bench();
    const received: number[] = [];
    rpc.client.on('tick', ({ count }) => void received.push(count));
    rpc.serverPort.send({ kind: 'event', name: 'tick', value: { count: 'one' } });
    rpc.serverPort.send({ kind: 'event', name: 'toString', value: {} });
    rpc.server.emit('tick', { count: 7 });
    await rpc.client.services.numbers.double({ value: 1 });
    expect(received).toEqual([7]);
    expect(rpc.clientBugs).toEqual([
      expect.stringMatching(/^The event tick does not fit the contract at count: /),
      'There is no event toString.',
    ]);
  });

  it.each(
    Object.entries<unknown>({
      'no object': 'hello',
      'an unknown kind': { kind: 'run', id: 1 },
      'no number': { kind: 'call', service: 'numbers', method: 'double', params: {} },
      'a member too many': { kind: 'cancel', id: 1, also: true },
    }),
  )('closes the connection of a client that sends %s', async (_what, message) => {
    const rpc = bench();
    const ended = closed(rpc.clientPort);
    rpc.clientPort.send(message);
    await ended;
    expect(rpc.serverBugs.map(({ where }) => where)).toEqual(['connection']);
    rpc.client = await rpc.connect();
    expect(await rpc.client.services.numbers.double({ value: 1 })).toBe(2);
  });

  it('closes the connection of a client that reuses the id of a running call', async () => {
    const rpc = bench();
    const ended = closed(rpc.clientPort);
    const message = { kind: 'call', id: 5, service: 'jobs', method: 'forever', params: {} };
    rpc.clientPort.send(message);
    rpc.clientPort.send(message);
    await ended;
    await rpc.test.aborted(1);
  });

  it('disconnects from a server that sends an invalid message', async () => {
    const rpc = bench();
    const call = expect(rpc.client.services.jobs.forever({})).rejects.toThrow(
      words().sentence(failure('rpc.connection-lost')),
    );
    await rpc.test.begun(1);
    rpc.serverPort.send({ kind: 'progress', id: 0, stage: 'x', fraction: Number.NaN });
    await call;
    await rpc.test.aborted(1);
    expect(rpc.clientBugs).toHaveLength(1);
  });
}
