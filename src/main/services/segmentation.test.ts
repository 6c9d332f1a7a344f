import { describe, expect, it } from 'vitest';
import type { EngineStatus } from '#shared/contract/services/app.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import { arrowsOf } from '#shared/lifecycle/testing/arrows.ts';
import { type FakeWorker, fakeWorker } from '#shared/workers/testing/fakeWorker.ts';
import type { InferenceOptions } from '../workers/applicationWorkers.ts';
import { type EngineEvent, engineLifecycle } from './engineLifecycle.ts';
import { createSegmentation } from './segmentation.ts';

/** Lets everything happen that waits for promises only. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function started() {
  const engines: { worker: FakeWorker; options: InferenceOptions }[] = [];
  const statuses: EngineStatus[] = [];
  const notices: Failure[] = [];
  const service = createSegmentation({
    engine: 'auto',
    fieldModel: null,
    inference: { programVersion: '0' },
    startEngine(options) {
      const worker = fakeWorker();
      engines.push({ worker, options });
      return worker;
    },
    emit: (event, value) => {
      // Only the engine's status is recorded here; notices go their own way.
      if (event === 'engine') statuses.push(value as EngineStatus);
    },
    onNotice: (what) => notices.push(what),
  });
  return { service, engines, statuses, notices };
}

const ready = (id: string, device: string): EngineStatus => ({ state: 'ready', id, device, remarks: [] });

describe('the engine behind segmentation', () => {
  it('starts at once, and reports when it is ready', () => {
    const { service, engines, statuses } = started();
    expect(engines).toHaveLength(1);
    expect(service.status()).toMatchObject({ state: 'starting', id: 'auto' });
    // Who makes the services cannot listen before he has them.
    expect(statuses).toEqual([]);
    engines[0]!.worker.send({ kind: 'event', name: 'engine', value: ready('onnx', 'CPU') });
    expect(statuses).toEqual([ready('onnx', 'CPU')]);
    expect(service.status()).toEqual(ready('onnx', 'CPU'));
  });

  it('reports a crash, and is started again', async () => {
    const { engines, statuses, notices } = started();
    engines[0]!.worker.send({ kind: 'event', name: 'engine', value: ready('onnx', 'CPU') });
    engines[0]!.worker.crash();
    await turn();
    expect(notices).toEqual([failure('pipeline.stopped')]);
    expect(statuses.map(({ state }) => state)).toEqual(['ready', 'failed', 'starting']);
    expect(engines[1]!.options).toMatchObject({ engine: 'onnx', remarks: [] });
  });

  it('goes on with the processor after a crash on a graphics processor, and says so', async () => {
    const { engines } = started();
    engines[0]!.worker.send({ kind: 'event', name: 'engine', value: ready('webgpu', 'Some GPU') });
    engines[0]!.worker.crash();
    await turn();
    expect(engines[1]!.options.engine).toBe('onnx');
    expect(engines[1]!.options.remarks).toEqual([
      failure('engine.replaced-after-stop', { device: 'Some GPU' }),
    ]);
  });

  it.each(arrowsOf(engineLifecycle))('is %s, and after "%s" %s', async (from, event, to) => {
    const { service, engines, statuses } = started();
    const current = (): FakeWorker => engines.at(-1)!.worker;
    const failed: EngineStatus = {
      state: 'failed',
      id: 'auto',
      device: '',
      remarks: [failure('engine.no-onnx-runtime')],
    };
    const cause: Record<EngineEvent, () => void> = {
      start: () => service.change({ engine: 'onnx', fieldModel: null }),
      opened: () => current().send({ kind: 'event', name: 'engine', value: ready('onnx', 'CPU') }),
      notOpened: () => current().send({ kind: 'event', name: 'engine', value: failed }),
      lost: () => current().crash(),
    };
    if (from === 'ready') cause.opened();
    if (from === 'failed') cause.notOpened();
    expect(service.status().state).toBe(from);
    const before = statuses.length;
    cause[event]();
    await turn();
    // A process that was ready is replaced at once when it is lost, so that the state after it lasts a moment only.
    const states = [...statuses.slice(before).map(({ state }) => state), service.status().state];
    expect(states).toContain(to);
  });

  it('changes to another engine and model on request', async () => {
    const { service, engines } = started();
    service.change({ engine: 'onnx', fieldModel: 'mine' });
    await turn();
    expect(engines.map(({ worker }) => worker.isEnded())).toEqual([true, false]);
    expect(engines[1]!.options).toMatchObject({ engine: 'onnx', fieldModel: 'mine' });
  });

  it('stays failed when it dies before it speaks, until it is asked again', async () => {
    const { service, engines } = started();
    engines[0]!.worker.crash();
    await turn();
    expect(service.status().state).toBe('failed');
    expect(engines).toHaveLength(1);
  });
});
