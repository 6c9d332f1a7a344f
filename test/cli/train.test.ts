import { existsSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importFamilyCheckpoint } from '#main/nudf/family/importCheckpoint.ts';
import { readSplit } from '#main/preparation/readPreparedCase.ts';
import type { WeightArray } from '#shared/nudf/network/weightLayout.ts';
import {
  type BuiltProgram,
  builtProgram,
  type CommandLines,
  runProgram,
  startCommandLines,
  temporaryFolder,
} from './builtProgram.ts';

let program: BuiltProgram;
// All but what is killed.
let commands: CommandLines;
let folder = '';
beforeAll(async () => {
  program = await builtProgram();
  commands = startCommandLines(program.file);
  folder = await temporaryFolder();
});
afterAll(async () => {
  commands.stop();
  await program.remove();
  await rm(folder, { recursive: true, force: true });
});

/** The paper's command, as small as it goes. */
const train = (...more: string[]): string[] => [
  'train',
  ...'-std_dev in1 out1 0.0 -dist 0.45 0.45 0.1 -res 64 -m ShapeNet64Vox -batch_size 5'.split(' '),
  ...'--points 60 --no-augment --engine cpu --seed 5'.split(' '),
  '-o',
  folder,
  ...more,
];
const checkpoint = (name: string, epoch: number): string =>
  join(folder, name, 'checkpoints', `checkpoint_epoch_${epoch}.tar`);
const weightsOf = async (file: string) =>
  (await importFamilyCheckpoint(await readFile(file), 'checkpoint')).weights;

/** Bit for bit; comparing millions of numbers one by one would take minutes. */
const isSame = (one: WeightArray, other: WeightArray): boolean =>
  Buffer.compare(Buffer.from(one.data.buffer), Buffer.from(other.data.buffer)) === 0;

// Slow: one phantom is prepared (7 s), and a network of 2.5 million weights trained four times for a few steps.
describe('auricle train', () => {
  it('trains on phantoms without a prepared folder, is killed, goes on, and begins from its checkpoint', async () => {
    // Half of the image's edge is an eighth of the work; the last training has the whole image.
    const crop = ['--crop', '32'];
    const phantoms = ['--phantoms', '1', '--prepared-points', '300', ...crop];
    const whole = await commands.run(...train(...phantoms, '--epochs', '2', '--name', 'whole'));
    expect(whole.stdout).toMatch(/^Trained: whole, epoch 2 of 2 on CPU.*, 1 cases for training/);
    const data = join(folder, 'whole', 'phantoms');
    const [name] = (await readSplit(join(data, 'split.npz'))).train;
    // Not one of the phantoms that tests and benchmarks use.
    expect(Number(/\d+$/.exec(name!)?.[0])).toBeGreaterThanOrEqual(1_000_000);

    const cut = ['--data', data, '--epochs', '2', '--name', 'cut', ...crop];
    let isKilled = false;
    await runProgram(program.file, train(...cut), (text, child) => {
      if (!isKilled && text.includes('epoch 1 ')) isKilled = child.kill('SIGKILL');
    });
    expect(isKilled).toBe(true);
    expect(existsSync(checkpoint('cut', 2))).toBe(false);
    await writeFile(`${checkpoint('cut', 2)}.99000001`, 'half a checkpoint');
    const resumed = await commands.run(...train(...cut, '--resume'));
    expect(resumed.complaints.filter((line) => !line.startsWith('epoch'))).toEqual([]);
    const expected = await weightsOf(checkpoint('whole', 2));
    const found = await weightsOf(checkpoint('cut', 2));
    expect([...expected].filter(([weight, array]) => !isSame(array, found.get(weight)!))).toEqual([]);
    expect((await readdir(join(folder, 'cut', 'checkpoints'))).every((file) => file.endsWith('.tar'))).toBe(
      true,
    );

    const init = ['--init', checkpoint('cut', 2), '--freeze', 'encoder'];
    const tuned = await commands.run(...train('--data', data, ...init, '--epochs', '1', '--name', 'tuned'));
    expect(tuned.code).toBe(0);
    const after = await weightsOf(checkpoint('tuned', 1));
    for (const [weight, array] of found) {
      expect(isSame(array, after.get(weight)!), weight).toBe(weight.startsWith('encoder.'));
    }
  });
});
