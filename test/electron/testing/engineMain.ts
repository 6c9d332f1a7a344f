import process from 'node:process';
import { app } from 'electron';
import { startUtilityProcess } from '#main/platform/electron/utilityProcess.ts';
import type { StartedProcess } from '#main/platform/startedProcess.ts';
import { createServices } from '#main/services/index.ts';
import { failureOf } from '#shared/errors.ts';
import { cubeGridLps } from '#shared/geometry/gridLps.ts';
import { words } from '#shared/words/words.ts';

/**
 * The services on Electron's utility processes, without a window: one call is hit by a crash, the next one goes through.
 * What happens is printed as lines.
 */
const { ENGINE_FILE: engineFile = '', DATA_FOLDER: dataFolder = '' } = process.env;
const say = (...what: readonly unknown[]): void => void process.stdout.write(`${what.join(' ')}\n`);

const coarse = { grid: cubeGridLps([0, 0, 0], 64, 32), data: new Int16Array(32 ** 3).fill(-50) };

void app.whenReady().then(async () => {
  let engine: StartedProcess | undefined;
  const services = createServices({
    dataFolder,
    engine: 'onnx',
    threads: 2,
    platform: {
      target: 'electron',
      version: '0.0.0-test',
      canSaveFiles: false,
      chooseFolder: async () => undefined,
      startProcess(file) {
        engine = startUtilityProcess(file);
        return engine;
      },
    },
    findWorker: (name) => (name === 'inference.process' ? engineFile : undefined),
    emit: () => undefined,
  });
  /** Nothing in this scan looks like an appendage: an answer is that it was not found. */
  const ask = async (onProgress: () => void = () => undefined): Promise<void> => {
    const job = { signal: new AbortController().signal, onProgress };
    await services.handlers.segmentation.findRegion({ coarse }, job).then(
      () => say('found'),
      (thrown: unknown) => say(words().sentence(failureOf(thrown))),
    );
  };
  await ask(() => process.kill(engine?.pid() ?? 0, 'SIGSEGV'));
  await ask();
  const pid = engine?.pid();
  await services.free();
  // One that is ended before it is there must not come later.
  await startUtilityProcess(engineFile).end();
  say('last', pid);
  app.exit(0);
});
