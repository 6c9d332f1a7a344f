import { expect, it } from 'vitest';
import { CancelledError, UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { UNEXPECTED } from '#shared/rpc/failures.ts';
import type { RpcBench } from './rpcBench.ts';

/** What goes wrong within a call, and what its caller and the log get to know. */
export function testFailures(bench: () => RpcBench): void {
  it('passes expected failures on as they are', async () => {
    const rpc = bench();
    const { fail } = rpc.client.services.jobs;
    await expect(fail({ kind: 'user' })).rejects.toThrow(
      new UserError(failure('stored.sentence', { sentence: 'The scan has no contrast.' })),
    );
    await expect(fail({ kind: 'user' })).rejects.toBeInstanceOf(UserError);
    await expect(fail({ kind: 'cancelled' })).rejects.toBeInstanceOf(CancelledError);
    expect(rpc.serverBugs).toEqual([]);
  });

  it('hides a bug from the caller, and reports it to its own log', async () => {
    const rpc = bench();
    const failed = rpc.client.services.jobs.fail({ kind: 'bug' });
    await expect(failed).rejects.toThrow(UNEXPECTED);
    await expect(failed).rejects.not.toBeInstanceOf(UserError);
    await expect(rpc.client.services.jobs.fail({ kind: 'text' })).rejects.toThrow(UNEXPECTED);
    expect(rpc.serverBugs).toEqual([
      { message: 'secret: /home/someone/scan.dcm', where: 'jobs.fail' },
      { message: 'only text', where: 'jobs.fail' },
    ]);
  });

  it('refuses parameters that do not fit, by name, before the handler sees them', async () => {
    const rpc = bench();
    // The cast is the mistake that is tested.
    const wrong = { value: 'two' } as unknown as { value: number };
    await expect(rpc.client.services.numbers.double(wrong)).rejects.toThrow(
      /^What was asked of numbers\.double does not fit the contract at value: /,
    );
    expect(rpc.serverBugs.map(({ where }) => where)).toEqual(['numbers.double']);
    expect(await rpc.client.services.numbers.double({ value: 1 })).toBe(2);
  });

  it('refuses an answer that does not fit, by name', async () => {
    const rpc = bench();
    await expect(rpc.client.services.numbers.wrong({})).rejects.toThrow(
      /^The answer of numbers\.wrong does not fit the contract: /,
    );
    expect(rpc.clientBugs).toHaveLength(1);
  });

  it('refuses parameters that cannot be sent, by name', async () => {
    const rpc = bench();
    // The cast is the mistake that is tested.
    const wrong = { value: () => 1 } as unknown as { value: number };
    await expect(rpc.client.services.numbers.double(wrong)).rejects.toThrow(
      /^numbers\.double cannot be sent: /,
    );
    expect(await rpc.client.services.numbers.double({ value: 1 })).toBe(2);
  });

  it.each(['jobs.nothing', 'nothing.fail', 'constructor.name', '__proto__.toString', 'jobs.__proto__'])(
    'knows no method %s',
    async (path) => {
      const rpc = bench();
      const [service, method] = path.split('.');
      const answers = new Promise((resolve) => void rpc.clientPort.onMessage(resolve));
      rpc.clientPort.send({ kind: 'call', id: 900, service, method, params: {} });
      expect(await answers).toMatchObject({
        kind: 'failed',
        id: 900,
        failure: { kind: 'refused', message: `There is no method ${path}.` },
      });
    },
  );
}
