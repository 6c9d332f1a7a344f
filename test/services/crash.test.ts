import { rm } from 'node:fs/promises';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startNodeProcess } from '#main/platform/node/nodeProcess.ts';
import type { StartedProcess } from '#main/platform/startedProcess.ts';
import { CancelledError, UserError } from '#shared/errors.ts';
import {
  type TestApplication,
  temporaryFolder,
  testApplication,
  testPlatform,
} from './testing/application.ts';
import { type BuiltWorkers, builtWorkers } from './testing/builtWorkers.ts';
import { ballInAir, endlessAir, writeSmallModels } from './testing/smallModels.ts';

const canBeStopped = process.platform !== 'win32';
const HANGS = 'is ended and started again where it goes on with what was cancelled';

describe('a segmentation engine that crashes', () => {
  const processes: StartedProcess[] = [];
  let workers: BuiltWorkers;
  let application: TestApplication;
  let modelsFolder: string;

  /** What a fault in native code does to its process; Windows knows no such signals. */
  const crash = (): void =>
    void process.kill(pidOf(processes.at(-1)), process.platform === 'win32' ? 'SIGKILL' : 'SIGSEGV');
  const findRegion = () => application.client.services.segmentation.findRegion({ coarse: ballInAir() });
  /** What does not end soon by itself. */
  const long = { coarse: endlessAir() };
  const ready = () => application.engine(({ state }) => state === 'ready');

  beforeAll(async () => {
    workers = await builtWorkers(['inference.process']);
    modelsFolder = await temporaryFolder();
    await writeSmallModels(modelsFolder);
    application = await testApplication({
      findWorker: workers.findWorker,
      modelsFolder,
      platform: {
        ...testPlatform(),
        startProcess(file) {
          // Two engines at once may not fit in memory.
          expect(processes.filter(isThere)).toEqual([]);
          const started = startNodeProcess(file);
          processes.push(started);
          return started;
        },
      },
    });
  });

  afterAll(async () => {
    await application.close();
    await workers.remove();
    await rm(modelsFolder, { recursive: true });
  });

  it('rejects the call that ran with one sentence, starts again, and answers the next', async () => {
    await ready();
    const failure = application.client.services.segmentation.findRegion(long, { onProgress: crash });
    const next = findRegion();
    await expect(failure).rejects.toThrow(UserError);
    await expect(failure).rejects.toThrow(/was restarted. None of your work is lost/);
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

  it.skipIf(!canBeStopped)(
    `${HANGS}${canBeStopped ? '' : ' (skipped: Windows stops no process)'}`,
    async () => {
      await ready();
      const before = processes.length;
      const cancelling = new AbortController();
      const isHanging = new Promise<void>((resolve) => {
        const hang = (): void => {
          // Native code that does not return.
          process.kill(pidOf(processes.at(-1)), 'SIGSTOP');
          resolve();
        };
        application.client.services.segmentation
          .findRegion(long, { signal: cancelling.signal, onProgress: hang })
          .catch(() => undefined);
      });
      await isHanging;
      const next = findRegion();
      cancelling.abort();
      expect((await next).edgeMm).toBe(70);
      expect(processes).toHaveLength(before + 1);
      // Who cancels expects that something is ended.
      expect(application.notices).toHaveLength(1);
    },
  );

  it('is ended while it works, when the application ends', async () => {
    await ready();
    const results: Promise<unknown>[] = [];
    await new Promise<void>((resolve) => {
      results.push(application.services.handlers.segmentation.findRegion(long, job(resolve)));
      results.push(
        application.services.handlers.segmentation.findRegion(
          long,
          job(() => undefined),
        ),
      );
      for (const result of results) result.catch(() => undefined);
    });
    await application.services.free();
    for (const result of results) await expect(result).rejects.toThrow(CancelledError);
    expect(processes.filter(isThere)).toEqual([]);
  });
});

const job = (onProgress: () => void) => ({ signal: new AbortController().signal, onProgress });

function pidOf(started: StartedProcess | undefined): number {
  const pid = started?.pid();
  if (pid === undefined) throw new Error('No process was started.');
  return pid;
}

/** Whether a process is still known to the system. */
function isThere(started: StartedProcess): boolean {
  try {
    return process.kill(pidOf(started), 0);
  } catch {
    return false;
  }
}
