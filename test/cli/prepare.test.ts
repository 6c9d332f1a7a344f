import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openNpz } from '#main/arrays/numpy/npz.ts';
import { encodeNrrd } from '#main/interchange/nrrd.ts';
import { encodeStl } from '#main/interchange/stl.ts';
import { readDualFieldSamples, readPreparedImage, readSplit } from '#main/preparation/readPreparedCase.ts';
import { cubeGridLps, voxelCount } from '#shared/geometry/gridLps.ts';
import { icosphere } from '#shared/mesh/testing/primitives.ts';
import {
  type BuiltProgram,
  builtProgram,
  type CommandLines,
  startCommandLines,
  temporaryFolder,
} from './builtProgram.ts';

/** Cases of spheres in even scans; one of them far away from its scan. */
const NAMES = ['a', 'b', 'c', 'd', 'e'];

describe('auricle prepare, in its threads', () => {
  let program: BuiltProgram;
  let folder = '';
  // What only goes on with what another process made, or refuses.
  let commands: CommandLines;
  beforeAll(async () => {
    program = await builtProgram();
    commands = startCommandLines(program.file);
    folder = await temporaryFolder();
    const grid = cubeGridLps([0, 0, 0], 80, 20);
    const scan = encodeNrrd({ grid, data: new Int16Array(voxelCount(grid)).fill(300) });
    for (const [index, name] of [...NAMES, 'far'].entries()) {
      const own = join(folder, 'cases', name);
      await mkdir(own, { recursive: true });
      await writeFile(join(own, 'ct.nrrd'), scan);
      await writeFile(
        join(own, 'laa.stl'),
        encodeStl(icosphere([name === 'far' ? 300 : index, 0, 0], 12, 2)),
      );
    }
  });
  afterAll(async () => {
    commands.stop();
    await program.remove();
    await rm(folder, { recursive: true, force: true });
  });

  const args = (out: string, ...more: string[]): string[] => [
    'prepare',
    join(folder, 'cases'),
    '-o',
    join(folder, out),
    ...[
      '-res',
      '64',
      '--points',
      '200',
      '--ostium-plane',
      '0,0,-6,0,0,1',
      '--float64',
      '--threads',
      '2',
      ...more,
    ],
  ];

  it('prepares what it can and says the rest, in words and as JSON; --strict counts it as a failure', async () => {
    const made = await commands.run(...args('out', '--split', '0.6', '0.2', '0.2'));
    expect(made.stdout).toContain('Prepared 5 cases; 1 refused.');
    expect(made.stdout).toContain('Refused  far: The segmentation lies outside of the scan.');
    expect(made.stdout).toContain('Split    3 to train, 1 to validate, 1 to test.');
    expect(made.code).toBe(0);
    const samples = await readFile(join(folder, 'out', 'a', 'boundary_in1_samples.npz'));
    const { data } = await (await openNpz(samples, 'samples.npz')).array('occupancies');
    expect(data).toBeInstanceOf(Float64Array);
    const again = await commands.run(...args('out', '--json', '--strict', '--split', '0.6', '0.2', '0.2'));
    expect(again.code).toBe(1);
    const result = JSON.parse(again.stdout);
    expect(result).toMatchObject({
      prepared: [],
      unchanged: NAMES,
      refused: [{ name: 'far', sentence: 'The segmentation lies outside of the scan.' }],
    });
    expect(await readSplit(join(folder, 'out', 'split.npz'))).toEqual(result.split);
  });

  it('loses nothing when it is killed, and goes on from there', async () => {
    const out = join(folder, 'killed');
    const killed = spawn(process.execPath, [program.file, ...args('killed', '--threads', '1')], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    // In the middle of a later case, when the first is done.
    killed.stderr.on('data', (text: Buffer) => {
      if (/\([12] of/.test(text.toString())) killed.kill('SIGKILL');
    });
    const [, signal] = (await once(killed, 'exit')) as [number | null, string | null];
    expect(signal).toBe('SIGKILL');
    const finished = (await readdir(out)).filter((name) => !name.startsWith('.'));
    expect(finished.length).toBeGreaterThan(0);
    expect(finished.length).toBeLessThan(NAMES.length);
    for (const name of finished) {
      expect((await readPreparedImage(join(out, name), 64)).valuesHu).toHaveLength(64 ** 3);
      expect((await readDualFieldSamples(join(out, name))).count).toBe(200);
    }
    const { stdout } = await commands.run(...args('killed', '--threads', '1', '--json'));
    expect(JSON.parse(stdout)).toMatchObject({
      unchanged: finished,
      prepared: NAMES.filter((name) => !finished.includes(name)),
    });
    expect((await readdir(out)).sort()).toEqual([...NAMES, 'split.npz']);
  });

  describe('with what it cannot use', () => {
    it.each([
      [
        ['prepare', '-o', 'x'],
        'Name a folder or a table of cases, or --image and --segmentation, or --phantoms.',
      ],
      [['prepare', 'x', '-o', 'x'], '"x" is not there.'],
      [
        ['prepare', '-o', 'x', '--phantoms', '1', '--split', '0.5', '0.2', '0.2'],
        'The split needs three shares that sum to 1',
      ],
      [['prepare', '-o', 'x', '--res', '100'], 'One of 64, 128, 256, 512 is needed.'],
      [
        ['prepare', '-o', 'x', '--ostium-plane', '1,2,3'],
        'A point and a direction into the appendage are needed',
      ],
      [['prepare', '-o', 'x', '--image', 'a'], 'Give --image and --segmentation, both.'],
    ])('refuses %j in one sentence', async (given, sentence) => {
      const { code, stderr } = await commands.run(...given);
      expect(stderr).toContain(sentence);
      expect(code).toBe(1);
    });
  });
});
