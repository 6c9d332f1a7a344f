import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { BroadcastChannel } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { modelsFolder } from '#main/models/modelFolder.ts';
import { DEFAULT_MODEL_IDS } from '#main/models/modelRegistry.ts';
import { CancelledError, UserError } from '#shared/errors.ts';
import { type TestApplication, testApplication } from './testing/application.ts';
import { type BuiltWorkers, builtWorkers } from './testing/builtWorkers.ts';
import { phantomScan, type Scan } from './testing/phantomScan.ts';

const missing = Object.values(DEFAULT_MODEL_IDS).filter((id) => !existsSync(join(modelsFolder(), id)));
if (missing.length > 0) process.stderr.write(`Crash test skipped: no model ${missing.join(', ')}.\n`);

describe.skipIf(missing.length > 0)('a segmentation engine that crashes', () => {
  const channel = new BroadcastChannel('auricle-test-crash');
  const crash = (): void => channel.postMessage('now');
  let workers: BuiltWorkers;
  let application: TestApplication;
  let coarse: Scan;

  const findRegion = (onProgress?: () => void) =>
    application.client.services.segmentation.findRegion({ coarse }, onProgress ? { onProgress } : {});
  const ready = () => application.engine(({ state }) => state === 'ready');

  beforeAll(async () => {
    workers = await builtWorkers([], {
      'inference.worker': 'test/services/testing/crashingInference.worker.ts',
    });
    application = await testApplication({ findWorker: workers.findWorker });
    coarse = await phantomScan(140, undefined, 3);
  });

  afterAll(async () => {
    channel.close();
    await application.close();
    await workers.remove();
  });

  it('rejects the call that ran with one sentence, starts again, and answers the next', async () => {
    await ready();
    const failure = findRegion(crash);
    const next = findRegion();
    await expect(failure).rejects.toThrow(UserError);
    await expect(failure).rejects.toThrow(/was started again; nothing of your work is lost/);
    expect((await next).confidence).toBeGreaterThan(0.2);
    expect(application.engineStates.map(({ state }) => state).slice(-3)).toEqual([
      'failed',
      'starting',
      'ready',
    ]);
    // The call was rejected with the reason: no notice is needed.
    expect(application.notices).toEqual([]);
  });

  it('says so when nobody waited for it', async () => {
    await ready();
    const failed = application.engine(({ state }) => state === 'failed');
    crash();
    await failed;
    await ready();
    expect(application.notices).toHaveLength(1);
    expect((await findRegion()).edgeMm).toBe(70);
  });

  it('is ended while it works, when the application ends', async () => {
    await ready();
    const results: Promise<unknown>[] = [];
    await new Promise<void>((resolve) => {
      results.push(application.services.handlers.segmentation.findRegion({ coarse }, job(resolve)));
      results.push(
        application.services.handlers.segmentation.findRegion(
          { coarse },
          job(() => undefined),
        ),
      );
      for (const result of results) result.catch(() => undefined);
    });
    await application.services.free();
    for (const result of results) await expect(result).rejects.toThrow(CancelledError);
  });
});

const job = (onProgress: () => void) => ({ signal: new AbortController().signal, onProgress });
