import { expect, it } from 'vitest';
import { CancelledError } from '#shared/errors.ts';
import type { Progress } from '#shared/progress.ts';
import type { RpcBench } from './rpcBench.ts';

/** A call's progress while it runs, and how it is stopped. */
export function testProgressAndCancel(bench: () => RpcBench): void {
  it('reports progress in order, before the answer', async () => {
    const rpc = bench();
    const reports: Progress[] = [
      { stage: 'region', fraction: 0 },
      { stage: 'region', fraction: 1 },
      { stage: 'field', fraction: 0.5 },
    ];
    const seen: Progress[] = [];
    const answer = rpc.client.services.jobs.report(
      { reports },
      { onProgress: (progress) => void seen.push(progress) },
    );
    expect(await answer).toBe('done');
    expect(seen).toEqual(reports);
  });

  it('skips reports that follow each other at once, and limits fractions to 0 … 1', async () => {
    const rpc = bench();
    const seen: Progress[] = [];
    await rpc.client.services.jobs.report(
      {
        reports: [-0.1, 0.2, 0.3, 0.9, 1.0000001, 1].map((fraction) => ({ stage: 'field', fraction })),
      },
      { onProgress: (progress) => void seen.push(progress) },
    );
    expect(seen.map(({ fraction }) => fraction)).toEqual([0, 1]);
  });

  it('cancels a call at both ends', async () => {
    const rpc = bench();
    const controller = new AbortController();
    const call = rpc.client.services.jobs.forever({}, { signal: controller.signal });
    await rpc.test.begun(1);
    controller.abort();
    await expect(call).rejects.toBeInstanceOf(CancelledError);
    await rpc.test.aborted(1);
    // The connection lives on.
    expect(await rpc.client.services.numbers.double({ value: 1 })).toBe(2);
    expect(rpc.serverBugs).toEqual([]);
  });

  it('reports when both ends are done, with a cancelled call when its handler has ended', async () => {
    const rpc = bench();
    await rpc.client.settled();
    await rpc.server.settled();
    const controller = new AbortController();
    const call = rpc.client.services.jobs.stubborn({}, { signal: controller.signal });
    await rpc.test.begun(1);
    controller.abort();
    await expect(call).rejects.toBeInstanceOf(CancelledError);
    await rpc.test.aborted(1);
    let isSettled = false;
    const settled = rpc.client.settled().then(() => {
      isSettled = true;
    });
    expect(await rpc.client.services.numbers.double({ value: 1 })).toBe(2);
    expect(isSettled).toBe(false);
    rpc.test.letEnd();
    await settled;
    await rpc.server.settled();
    expect([rpc.serverBugs, rpc.clientBugs]).toEqual([[], []]);
  });

  it('has nothing to wait for when the connection is lost', async () => {
    const rpc = bench();
    const call = rpc.client.services.jobs.stubborn({}).catch(() => 'rejected');
    await rpc.test.begun(1);
    const settled = rpc.client.settled();
    rpc.serverPort.close();
    await settled;
    expect(await call).toBe('rejected');
    rpc.test.letEnd();
    await rpc.server.settled();
  });

  it('sends nothing for a call that was cancelled before', async () => {
    const rpc = bench();
    const controller = new AbortController();
    controller.abort();
    const call = rpc.client.services.numbers.double({ value: 1 }, { signal: controller.signal });
    await expect(call).rejects.toBeInstanceOf(CancelledError);
  });

  it('ignores a cancel after the answer, and answers that no one waits for', async () => {
    const rpc = bench();
    const controller = new AbortController();
    await rpc.client.services.numbers.double({ value: 1 }, { signal: controller.signal });
    controller.abort();
    rpc.serverPort.send({ kind: 'result', id: 900, result: 1 });
    rpc.serverPort.send({ kind: 'progress', id: 900, stage: 'late', fraction: 0 });
    rpc.serverPort.send({ kind: 'failed', id: 900, failure: { kind: 'bug', message: 'late' } });
    rpc.clientPort.send({ kind: 'cancel', id: 900 });
    expect(await rpc.client.services.numbers.double({ value: 2 })).toBe(4);
    expect([rpc.serverBugs, rpc.clientBugs]).toEqual([[], []]);
  });
}
