import process from 'node:process';
import { app } from 'electron';
import { startUtilityProcess } from '#main/platform/electron/utilityProcess.ts';
import type { StartedProcess } from '#main/platform/startedProcess.ts';
import { createServices } from '#main/services/index.ts';
import { failureOf } from '#shared/errors.ts';
import { words } from '#shared/words/words.ts';
import type { Scan } from '../../services/testing/phantomScan.ts';
import { ballInAir, endlessAir } from '../../services/testing/smallModels.ts';

/**
 * The services on Electron's utility processes, without a window: one call is hit by a crash, the next one goes through.
 * What happens is printed as lines.
 */
const {
  ENGINE_FILE: engineFile = '',
  DATA_FOLDER: dataFolder = '',
  MODELS_FOLDER: modelsFolder = '',
} = process.env;
const say = (...what: readonly unknown[]): void => void process.stdout.write(`${what.join(' ')}\n`);

void app.whenReady().then(async () => {
  let engine: StartedProcess | undefined;
  const services = createServices({
    dataFolder,
    modelsFolder,
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
  const ask = async (coarse: Scan, onProgress: () => void = () => undefined): Promise<void> => {
    const job = { signal: new AbortController().signal, onProgress };
    await services.handlers.segmentation.findRegion({ coarse }, job).then(
      () => say('found'),
      (thrown: unknown) => say(words().sentence(failureOf(thrown))),
    );
  };
  await ask(endlessAir(), () => process.kill(engine?.pid() ?? 0, 'SIGSEGV'));
  await ask(ballInAir());
  const pid = engine?.pid();
  await services.free();
  // One that is ended before it is there must not come later.
  await startUtilityProcess(engineFile).end();
  say('last', pid);
  app.exit(0);
});
