import { describe, expect, it } from 'vitest';
import type { EngineStatus, Settings } from '#shared/contract/services/app.ts';
import type { ViewerAdapter } from '#shared/nudf/engine/viewerTasks.ts';
import { viewerTasks } from '#shared/nudf/engine/viewerTasks.ts';
import type { Port } from '#shared/rpc/port.ts';
import { createRpcServer } from '#shared/rpc/server.ts';
import { createMemoryPortPair } from '#shared/rpc/testing/memoryPort.ts';
import { inWords } from '#shared/words/testing/inWords.ts';
import { createViewers } from './viewers.ts';

const READY: EngineStatus = { state: 'ready', id: 'onnx', device: 'CPU', remarks: [] };
const GPU = { name: 'Some GPU', isSoftware: false };
const SOFTWARE = { name: 'SwiftShader', isSoftware: true };
const job = { signal: new AbortController().signal, onProgress: () => {} };
const notUsed = () => Promise.reject(new Error('Not asked for in this test.'));

/** Pages, each with what its browser offers, all of which have answered. */
async function connected(choice: Settings['engine'], ...adapters: readonly (ViewerAdapter | null)[]) {
  let answers = 0;
  let allAnswered = (): void => {};
  const answered = new Promise<void>((resolve) => {
    allAnswered = resolve;
  });
  const viewers = createViewers(() => {
    answers += 1;
    if (answers === adapters.length) allAnswered();
  });
  const detected: string[] = [];
  const pages = adapters.map((adapter, number): { caller: Port; back: Port } => {
    const [main, page] = createMemoryPortPair();
    createRpcServer(viewerTasks, {
      graphics: { adapter: async () => adapter },
      networks: {
        reset: async () => ({}),
        openField: notUsed,
        openRegion: notUsed,
        encode: notUsed,
        evaluate: notUsed,
        freeCrop: notUsed,
        async detect({ blockHu }) {
          detected.push(`page ${number}`);
          return blockHu;
        },
      },
    }).serve(page);
    const [caller] = createMemoryPortPair();
    viewers.join(caller, main, choice);
    return { caller, back: page };
  });
  if (choice === 'auto' || choice === 'viewer') await answered;
  return { viewers, pages, detected };
}

describe('what computes for a page', () => {
  it.each<[Settings['engine'], ViewerAdapter | null, unknown, RegExp | undefined]>([
    ['auto', GPU, { id: 'viewer', device: 'Some GPU' }, undefined],
    ['auto', SOFTWARE, { id: 'onnx' }, /SwiftShader, is software. ONNX Runtime on the processor is used/],
    ['auto', null, { id: 'onnx' }, /^No graphics processor .* ONNX Runtime on the processor is used/],
    ['viewer', GPU, { id: 'viewer', device: 'Some GPU' }, undefined],
    ['viewer', SOFTWARE, { id: 'viewer', device: 'SwiftShader' }, /is software: slower than ONNX Runtime/],
    ['viewer', null, { id: 'onnx' }, /^No graphics processor/],
  ])('is, with "%s" and %j, %j', async (choice, adapter, expected, remark) => {
    const { viewers, pages } = await connected(choice, adapter);
    const { caller } = pages[0]!;
    const status = viewers.status(caller, choice, READY);
    expect(status).toMatchObject(expected as object);
    expect(inWords(status?.remarks)).toEqual(remark ? [expect.stringMatching(remark)] : []);
    const placed = viewers.place(caller, choice).viewer !== undefined;
    expect(placed).toBe(status?.id === 'viewer');
  });

  it('is not asked of pages with any other choice, nor before the engine itself is ready', async () => {
    const { viewers, pages } = await connected('onnx', GPU);
    const { caller } = pages[0]!;
    expect([viewers.place(caller, 'onnx'), viewers.status(caller, 'onnx', READY)]).toEqual([{}, undefined]);
    const auto = await connected('auto', GPU);
    const starting: EngineStatus = { ...READY, state: 'starting' };
    expect(auto.viewers.status(auto.pages[0]!.caller, 'auto', starting)).toBeUndefined();
    expect(auto.viewers.place(undefined, 'auto')).toEqual({});
  });

  it("is each page's own graphics processor", async () => {
    const { viewers, pages, detected } = await connected('auto', GPU, { ...GPU, name: 'Another GPU' });
    const places = pages.map(({ caller }) => viewers.place(caller, 'auto').viewer!);
    expect(places.map(({ device }) => device)).toEqual(['Some GPU', 'Another GPU']);
    for (const { viewerId } of [...places].reverse()) {
      const name = { service: 'networks', method: 'detect' };
      const params = { network: 0, blockHu: Float32Array.of(7) };
      expect(await viewers.callbacks.viewer.call({ viewerId, name, params }, job)).toEqual(
        Float32Array.of(7),
      );
    }
    expect(detected).toEqual(['page 1', 'page 0']);
  });

  it('is the processor after the graphics processor has failed, with the reason, until another choice', async () => {
    const { viewers, pages } = await connected('auto', GPU);
    const { caller } = pages[0]!;
    const { viewerId } = viewers.place(caller, 'auto').viewer!;
    viewers.reported(viewerId, { ...READY, id: 'viewer' });
    expect(viewers.status(caller, 'auto', READY)?.id).toBe('viewer');
    const remarks = [{ code: 'engine.processor-went-on', fields: { problem: 'lost' } }] as const;
    viewers.reported(viewerId, { ...READY, remarks: [...remarks] });
    expect(viewers.place(caller, 'auto')).toEqual({});
    expect(viewers.status(caller, 'auto', READY)).toEqual({ ...READY, remarks });
    viewers.renew('auto');
    expect(viewers.place(caller, 'auto').viewer?.device).toBe('Some GPU');
  });

  it('refuses calls to a page that is gone', async () => {
    const { viewers, pages } = await connected('auto', GPU);
    const { caller, back } = pages[0]!;
    const { viewerId } = viewers.place(caller, 'auto').viewer!;
    back.close();
    await Promise.resolve();
    await Promise.resolve();
    const name = { service: 'networks', method: 'reset' };
    await expect(viewers.callbacks.viewer.call({ viewerId, name, params: {} }, job)).rejects.toMatchObject({
      failure: { code: 'rpc.connection-lost' },
    });
    expect(viewers.place(caller, 'auto')).toEqual({});
  });
});
