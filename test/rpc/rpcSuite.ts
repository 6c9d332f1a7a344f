import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CancelledError, UserError } from '#shared/errors.ts';
import type { Progress } from '#shared/progress.ts';
import { createRpcClient, type RpcClient } from '#shared/rpc/client.ts';
import { CONNECTION_LOST, NOT_CONNECTED, UNEXPECTED } from '#shared/rpc/failures.ts';
import type { Port } from '#shared/rpc/port.ts';
import { createRpcServer, type RpcServer } from '#shared/rpc/server.ts';
import { createTestHandlers, type TestContract, type TestHandlers, testContract } from './testContract.ts';

/** A way to connect two ports. */
export interface Transport {
  /** @returns the client's end and the server's end of a new connection */
  connect(): Promise<[Port, Port]>;
  free(): Promise<void>;
}

/** What every transport must do; the same tests for each. `isMissing`: it cannot run here, and its name says why. */
export function describeRpc(
  name: string,
  createTransport: () => Promise<Transport>,
  isMissing = false,
): void {
  describe.skipIf(isMissing)(`rpc over ${name}`, () => {
    let transport: Transport;
    let test: TestHandlers;
    let server: RpcServer<TestContract>;
    let client: RpcClient<TestContract>;
    let clientPort: Port;
    let serverPort: Port;
    let serverBugs: { message: string; where: string }[];
    let clientBugs: string[];
    let nowMs: number;

    const connect = async (): Promise<RpcClient<TestContract>> => {
      [clientPort, serverPort] = await transport.connect();
      server.serve(serverPort);
      return createRpcClient(testContract, clientPort, { onBug: ({ message }) => clientBugs.push(message) });
    };
    const closed = (port: Port): Promise<string> => new Promise((resolve) => void port.onClose(resolve));

    beforeEach(async () => {
      transport = await createTransport();
      test = createTestHandlers();
      serverBugs = [];
      clientBugs = [];
      nowMs = 0;
      server = createRpcServer(testContract, test.handlers, {
        onBug: ({ message }, where) => serverBugs.push({ message, where }),
        nowMs: () => nowMs,
      });
      client = await connect();
    });
    afterEach(async () => {
      client.close();
      server.close();
      await transport.free();
    });

    it('answers a call', async () => {
      expect(await client.services.numbers.double({ value: 21 })).toBe(42);
    });

    it('answers many calls at once, each to its caller', async () => {
      const values = Array.from({ length: 50 }, (_, at) => at);
      const answers = await Promise.all(values.map((value) => client.services.numbers.double({ value })));
      expect(answers).toEqual(values.map((value) => 2 * value));
    });

    it('brings typed arrays over as typed arrays, and leaves the sender its own', async () => {
      const sent = {
        crop: new Int16Array([-1024, 3071]),
        labels: new Uint8Array([0, 1, 255]),
        positions: new Float32Array([0.5, -1.25]),
        triangles: new Uint32Array([0, 1, 4_000_000_000]),
      };
      expect(await client.services.arrays.echo(sent)).toEqual(sent);
      expect(sent.crop).toHaveLength(2);
    });

    it('brings a crop of 16 MB over', async () => {
      const crop = Int16Array.from({ length: 8 << 20 }, (_, at) => at);
      const none = new Uint8Array();
      const answer = await client.services.arrays.echo({
        crop,
        labels: none,
        positions: new Float32Array(),
        triangles: new Uint32Array(),
      });
      expect(answer.crop.findIndex((value, at) => value !== crop[at])).toBe(-1);
      expect(answer.crop).toHaveLength(crop.length);
    });

    it('brings expected failures over as what they are', async () => {
      const { fail } = client.services.jobs;
      await expect(fail({ kind: 'user' })).rejects.toThrow(new UserError('The scan has no contrast.'));
      await expect(fail({ kind: 'user' })).rejects.toBeInstanceOf(UserError);
      await expect(fail({ kind: 'cancelled' })).rejects.toBeInstanceOf(CancelledError);
      expect(serverBugs).toEqual([]);
    });

    it('tells the caller nothing of a bug, and its own log everything', async () => {
      const failed = client.services.jobs.fail({ kind: 'bug' });
      await expect(failed).rejects.toThrow(UNEXPECTED);
      await expect(failed).rejects.not.toBeInstanceOf(UserError);
      await expect(client.services.jobs.fail({ kind: 'text' })).rejects.toThrow(UNEXPECTED);
      expect(serverBugs).toEqual([
        { message: 'secret: /home/someone/scan.dcm', where: 'jobs.fail' },
        { message: 'only text', where: 'jobs.fail' },
      ]);
    });

    it('refuses parameters that do not fit, by name, before the handler sees them', async () => {
      // The cast is the mistake that is tested.
      const wrong = { value: 'two' } as unknown as { value: number };
      await expect(client.services.numbers.double(wrong)).rejects.toThrow(
        /^What was asked of numbers\.double does not fit the contract at value: /,
      );
      expect(serverBugs.map(({ where }) => where)).toEqual(['numbers.double']);
      expect(await client.services.numbers.double({ value: 1 })).toBe(2);
    });

    it('refuses an answer that does not fit, by name', async () => {
      await expect(client.services.numbers.wrong({})).rejects.toThrow(
        /^The answer of numbers\.wrong does not fit the contract: /,
      );
      expect(clientBugs).toHaveLength(1);
    });

    it('refuses parameters that cannot be sent, by name', async () => {
      // The cast is the mistake that is tested.
      const wrong = { value: () => 1 } as unknown as { value: number };
      await expect(client.services.numbers.double(wrong)).rejects.toThrow(
        /^numbers\.double cannot be sent: /,
      );
      expect(await client.services.numbers.double({ value: 1 })).toBe(2);
    });

    it.each(['jobs.nothing', 'nothing.fail', 'constructor.name', '__proto__.toString', 'jobs.__proto__'])(
      'knows no method %s',
      async (path) => {
        const [service, method] = path.split('.');
        const answers = new Promise((resolve) => void clientPort.onMessage(resolve));
        clientPort.send({ kind: 'call', id: 900, service, method, params: {} });
        expect(await answers).toMatchObject({
          kind: 'failed',
          id: 900,
          failure: { kind: 'refused', message: `There is no method ${path}.` },
        });
      },
    );

    it('reports progress in order, before the answer', async () => {
      const reports: Progress[] = [
        { stage: 'region', fraction: 0 },
        { stage: 'region', fraction: 1 },
        { stage: 'field', fraction: 0.5 },
      ];
      const seen: Progress[] = [];
      const answer = client.services.jobs.report(
        { reports },
        { onProgress: (progress) => void seen.push(progress) },
      );
      expect(await answer).toBe('done');
      expect(seen).toEqual(reports);
    });

    it('holds back reports that follow each other at once, and holds fractions to 0 … 1', async () => {
      const seen: Progress[] = [];
      await client.services.jobs.report(
        {
          reports: [-0.1, 0.2, 0.3, 0.9, 1.0000001, 1].map((fraction) => ({ stage: 'field', fraction })),
        },
        { onProgress: (progress) => void seen.push(progress) },
      );
      expect(seen.map(({ fraction }) => fraction)).toEqual([0, 1]);
    });

    it('cancels a call at both ends', async () => {
      const controller = new AbortController();
      const call = client.services.jobs.forever({}, { signal: controller.signal });
      await test.begun(1);
      controller.abort();
      await expect(call).rejects.toBeInstanceOf(CancelledError);
      await test.aborted(1);
      // The connection lives on.
      expect(await client.services.numbers.double({ value: 1 })).toBe(2);
      expect(serverBugs).toEqual([]);
    });

    it('sends nothing for a call that was cancelled before', async () => {
      const controller = new AbortController();
      controller.abort();
      const call = client.services.numbers.double({ value: 1 }, { signal: controller.signal });
      await expect(call).rejects.toBeInstanceOf(CancelledError);
    });

    it('ignores a cancel after the answer, and answers that no one waits for', async () => {
      const controller = new AbortController();
      await client.services.numbers.double({ value: 1 }, { signal: controller.signal });
      controller.abort();
      serverPort.send({ kind: 'result', id: 900, result: 1 });
      serverPort.send({ kind: 'progress', id: 900, stage: 'late', fraction: 0 });
      serverPort.send({ kind: 'failed', id: 900, failure: { kind: 'bug', message: 'late' } });
      clientPort.send({ kind: 'cancel', id: 900 });
      expect(await client.services.numbers.double({ value: 2 })).toBe(4);
      expect([serverBugs, clientBugs]).toEqual([[], []]);
    });

    it('aborts what runs for a client that is gone, and for no other', async () => {
      const gone = client;
      const goneCall = expect(gone.services.jobs.forever({})).rejects.toThrow(new UserError(CONNECTION_LOST));
      await test.begun(1);
      client = await connect();
      const controller = new AbortController();
      const call = client.services.jobs.forever({}, { signal: controller.signal });
      await test.begun(2);
      gone.close();
      await goneCall;
      await test.aborted(1);
      expect(await client.services.numbers.double({ value: 2 })).toBe(4);
      controller.abort();
      await expect(call).rejects.toBeInstanceOf(CancelledError);
      await test.aborted(2);
    });

    it('rejects what is pending and all that follows when the server is gone', async () => {
      const reasons: string[] = [];
      const ended = new Promise<void>((resolve) => {
        client.onClose((reason) => {
          reasons.push(reason);
          resolve();
        });
      });
      const call = client.services.jobs.forever({});
      const refused = expect(call).rejects.toThrow(new UserError(CONNECTION_LOST));
      await test.begun(1);
      server.close();
      await refused;
      await ended;
      await expect(client.services.numbers.double({ value: 1 })).rejects.toThrow(
        new UserError(NOT_CONNECTED),
      );
      client.close();
      expect(reasons).toHaveLength(1);
      await new Promise<void>((resolve) => void client.onClose(() => resolve()));
    });

    it('goes on over another port, with its listeners and without what was pending', async () => {
      const counts: number[] = [];
      const reasons: string[] = [];
      client.on('tick', ({ count }) => void counts.push(count));
      client.onClose((reason) => void reasons.push(reason));
      expect(() => client.resume(clientPort)).toThrow('not closed');
      const lost = expect(client.services.jobs.forever({})).rejects.toThrow(CONNECTION_LOST);
      await test.begun(1);
      serverPort.close();
      await lost;
      [clientPort, serverPort] = await transport.connect();
      server.serve(serverPort);
      client.resume(clientPort);
      expect(await client.services.numbers.double({ value: 4 })).toBe(8);
      server.emit('tick', { count: 5 });
      await client.services.numbers.double({ value: 1 });
      expect(counts).toEqual([5]);
      expect(reasons).toHaveLength(1);
      serverPort.close();
      await closed(clientPort);
      expect(reasons).toHaveLength(2);
    });

    it('tells events to every client, until it unsubscribes', async () => {
      const first = client;
      const second = await connect();
      const heard: [string, number][] = [];
      const next = (from: RpcClient<TestContract>, who: string): Promise<void> =>
        new Promise((resolve) => {
          const end = from.on('tick', ({ count }) => {
            heard.push([who, count]);
            end();
            resolve();
          });
        });
      const both = Promise.all([next(first, 'first'), next(second, 'second')]);
      server.emit('tick', { count: 1 });
      await both;
      const again = next(second, 'second');
      server.emit('tick', { count: 2 });
      await again;
      first.close();
      const last = next(second, 'second');
      server.emit('tick', { count: 3 });
      await last;
      expect(heard.map(([who, count]) => `${who} ${count}`).sort()).toEqual([
        'first 1',
        'second 1',
        'second 2',
        'second 3',
      ]);
      second.close();
    });

    it('drops events that do not fit', async () => {
      const heard: number[] = [];
      client.on('tick', ({ count }) => void heard.push(count));
      serverPort.send({ kind: 'event', name: 'tick', value: { count: 'one' } });
      serverPort.send({ kind: 'event', name: 'toString', value: {} });
      server.emit('tick', { count: 7 });
      await client.services.numbers.double({ value: 1 });
      expect(heard).toEqual([7]);
      expect(clientBugs).toEqual([
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
      const ended = closed(clientPort);
      clientPort.send(message);
      await ended;
      expect(serverBugs.map(({ where }) => where)).toEqual(['connection']);
      client = await connect();
      expect(await client.services.numbers.double({ value: 1 })).toBe(2);
    });

    it('closes the connection of a client that uses a running number again', async () => {
      const ended = closed(clientPort);
      const message = { kind: 'call', id: 5, service: 'jobs', method: 'forever', params: {} };
      clientPort.send(message);
      clientPort.send(message);
      await ended;
      await test.aborted(1);
    });

    it('leaves a server that sends what is no answer', async () => {
      const call = expect(client.services.jobs.forever({})).rejects.toThrow(CONNECTION_LOST);
      await test.begun(1);
      serverPort.send({ kind: 'progress', id: 0, stage: 'x', fraction: Number.NaN });
      await call;
      await test.aborted(1);
      expect(clientBugs).toHaveLength(1);
    });
  });
}
