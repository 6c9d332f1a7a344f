import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failure } from '#shared/failures/failure.ts';
import { words } from '#shared/words/words.ts';
import { isAlive } from '../childProcesses.ts';
import { type BuiltWorkers, builtWorkers } from '../services/testing/builtWorkers.ts';
import { writeSmallModels } from '../services/testing/smallModels.ts';
import { buildStandIn, launch, type StandIn } from './standIn/launch.ts';

const ENGINE = resolve(import.meta.dirname, '../../dist/main/inference.process.js');
const isMissing = process.platform !== 'linux' || !existsSync(ENGINE);

describe.skipIf(isMissing)(
  `the engine in a utility process${isMissing ? ' (skipped: not built, or not on Linux)' : ''}`,
  () => {
    let standIn: StandIn;
    let built: BuiltWorkers;
    let home = '';
    beforeAll(async () => {
      standIn = await buildStandIn();
      home = mkdtempSync(join(tmpdir(), 'auricle-engine-'));
      await writeSmallModels(join(home, 'models'));
      built = await builtWorkers([], { engineMain: 'test/electron/testing/engineMain.ts' });
    });
    afterAll(async () => {
      await built.remove();
      standIn.remove();
      rmSync(home, { recursive: true, force: true });
    });

    it('crashes alone: one sentence, and the next call goes through; it ends with the application', async () => {
      const application = launch(standIn, {
        entry: built.findWorker('engineMain') ?? '',
        home,
        env: {
          ENGINE_FILE: ENGINE,
          DATA_FOLDER: join(home, 'data'),
          MODELS_FOLDER: join(home, 'models'),
        },
      });
      expect([await application.exited, application.output]).toEqual([0, expect.any(String)]);
      const lines = application.output.trim().split('\n');
      const [crashed, next, last = ''] = lines;
      expect(lines).toHaveLength(3);
      expect(crashed).toBe(words().sentence(failure('pipeline.stopped')));
      expect(next).toBe('found');
      const pid = Number(last.replace('last ', ''));
      expect(pid).toBeGreaterThan(0);
      expect(isAlive(pid)).toBe(false);
    });
  },
);
