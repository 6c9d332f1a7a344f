import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { failure } from '#shared/failures/failure.ts';
import { initializeWeights } from '#shared/nudf/network/weightLayout.ts';
import { writeDualFieldCheckpoint } from '../training/dualField/dualFieldCheckpoint.ts';
import { initialDualFieldState } from '../training/dualField/dualFieldTrainer.ts';
import { TINY_FIELD, writePreparedBalls } from '../training/dualField/testing/preparedBalls.ts';
import { registerPredictCommand } from './predict.ts';
import { withReferenceOptions } from './referenceOptions.ts';

let work = '';
let data = '';
beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'auricle-predict-'));
  data = await writePreparedBalls();
  // Two experiments as `auricle train` names them, with checkpoints of epochs 2 and 10; untrained, fields are near zero
  // everywhere, so that a cloud is found.
  for (const name of ['DualField', 'DualField_from_tiny']) {
    const checkpoints = join(work, 'experiments', name, 'checkpoints');
    await mkdir(checkpoints, { recursive: true });
    for (const epoch of [2, 10]) {
      const state = initialDualFieldState(initializeWeights(TINY_FIELD, epoch));
      const bytes = writeDualFieldCheckpoint(TINY_FIELD, { epoch, state, history: [] });
      await writeFile(join(checkpoints, `checkpoint_epoch_${epoch}.tar`), bytes);
    }
  }
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});
afterAll(async () => {
  for (const folder of [work, data]) await rm(folder, { recursive: true, force: true });
});

/** Runs the command in the folder of the experiments. */
async function predict(...words: string[]): Promise<{ out: string; error: string }> {
  const printed = { out: '', error: '' };
  vi.spyOn(process, 'cwd').mockReturnValue(work);
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed.out += String(text);
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    printed.error += String(text);
    return true;
  });
  const program = new Command();
  registerPredictCommand(program);
  const options = ['--engine', 'onnx', '--points', '60', '-batch_points', '60', '--json'];
  const line = withReferenceOptions(program, ['predict', ...words, ...options]);
  await program.parseAsync(line, { from: 'user' });
  vi.restoreAllMocks();
  return printed;
}

describe('auricle predict from an experiment', () => {
  it('takes the dual-field network of the epoch that -checkpoint names, for one case and for a folder', async () => {
    const output = join(work, 'clouds');
    const { out } = await predict(join(data, 'd'), '-m', 'DualField', '-checkpoint', '2', '-o', output);
    expect(JSON.parse(out)).toMatchObject({ model: 'dual-field-8-2', cases: [{ name: 'd', points: 60 }] });
    const cloud = JSON.parse(await readFile(join(output, 'd', 'cloud.json'), 'utf8'));
    expect(cloud).toMatchObject({ model: { id: 'dual-field-8-2' } });
    // The last checkpoint of what began with a model; the split's validation case is d.
    const tuned = ['-m', 'DualField', '--init', 'tiny', '--split', 'val', '-o', output];
    expect(JSON.parse((await predict(data, ...tuned)).out)).toMatchObject({
      model: 'dual-field-8-10',
      cases: [{ name: 'd' }],
    });
  });

  it('says which epoch is the last where the one that was asked for is not there', async () => {
    const { out } = await predict(join(data, 'd'), '-m', 'DualField', '-checkpoint', '260', '-o', work);
    expect(JSON.parse(out)).toEqual({
      error: 'The experiment "DualField" has no checkpoint of epoch 260; its last is 10.',
      failure: failure('prediction.no-such-checkpoint', { experiment: 'DualField', epoch: 260, last: 10 }),
    });
  });
});
