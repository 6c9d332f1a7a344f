import { spawnSync } from 'node:child_process';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { npyHeader } from '#main/arrays/numpy/npyHeader.ts';
import { encodeNrrd } from '#main/interchange/nrrd.ts';
import { sliceFileName, writeCtSeries } from '#main/phantom/dicomWriter.ts';
import { writeSplit } from '#main/preparation/writePreparedCase.ts';
import { defaultCtSeriesMetadata } from '#shared/dicom/writeCtSlice.ts';
import { type GridLps, LPS_AXES, voxelCount } from '#shared/geometry/gridLps.ts';
import { writeSmallModels } from '../services/testing/smallModels.ts';
import {
  type BuiltProgram,
  builtProgram,
  type CommandLines,
  runProgram,
  startCommandLines,
  temporaryFolder,
} from './builtProgram.ts';

/** It begins with the weights of another model. */
const RECIPE_FROM_A_MODEL = join(import.meta.dirname, '../../resources/recipes/laa-nudf-128-landmarks.json');

let program: BuiltProgram;
let commands: CommandLines;
let folder = '';

/** A CT series of plain soft tissue, slices 2 mm apart. */
async function writeSeries(name: string, slices: number): Promise<string> {
  const grid: GridLps = {
    sizeIjk: [32, 32, slices],
    originLpsMm: [-40, -40, 0],
    spacingMm: [2.5, 2.5, 2],
    directions: LPS_AXES,
  };
  const data = new Int16Array(voxelCount(grid)).fill(40);
  const target = join(folder, name);
  await writeCtSeries({ volume: { grid, data }, metadata: defaultCtSeriesMetadata(1, grid) }, target);
  return target;
}

/** A case as other programs prepare it, one whose image is cut short, and a checkpoint that would run a command. */
async function writePreparedCases(): Promise<void> {
  const image = Buffer.concat([npyHeader('i2', [64, 64, 64]), Buffer.alloc(2 * 64 ** 3)]);
  for (const [name, bytes] of [
    ['foreign', image],
    ['cut', image.subarray(0, 5000)],
  ] as const) {
    await mkdir(join(folder, name, 'case-1'), { recursive: true });
    await writeFile(join(folder, name, 'case-1', 'imageinput_64.npy'), bytes);
    await writeSplit(join(folder, name), { train: ['case-1'], val: [], test: [] });
  }
  const pickle = Buffer.from(`cposix\nsystem\n(S'touch ${join(folder, 'was-run')}'\ntR.`);
  await writeFile(join(folder, 'code.tar'), zipSync({ 'archive/data.pkl': pickle }));
}

const train =
  (data: string, ...more: string[]) =>
  (output: string): string[] => ['train', '--data', join(folder, data), '-o', output, ...more];

beforeAll(async () => {
  program = await builtProgram();
  folder = await temporaryFolder();
  const models = join(folder, 'models');
  await writeSmallModels(models, { region: 'small-region', field: 'small-field' });
  commands = startCommandLines(program.file, { AURICLE_MODELS: models });
  await mkdir(join(folder, 'empty'));
  await mkdir(join(folder, 'texts'));
  await writeFile(join(folder, 'texts', 'notes.txt'), 'Nothing to see here.\n'.repeat(40));
  await writeFile(join(folder, 'texts', 'list.csv'), 'a,b\n1,2\n');
  await writeFile(join(folder, 'file'), 'not a folder');
  await writeSeries('sound', 40);
  await rm(join(await writeSeries('gap', 40), sliceFileName(17)));
  const truncated = join(await writeSeries('truncated', 40), sliceFileName(20));
  await writeFile(truncated, (await readFile(truncated)).subarray(0, 1500));
  await writeSeries('two', 2);
  await writePreparedCases();
  const recipe = await readFile(RECIPE_FROM_A_MODEL, 'utf8');
  await writeFile(
    join(folder, 'recipe.json'),
    recipe.replace(/("sha256": ")[0-9a-f]{64}/, `$1${'0'.repeat(64)}`),
  );
});

afterAll(async () => {
  commands.stop();
  await program.remove();
  await rm(folder, { recursive: true, force: true });
});

interface Failure {
  readonly what: string;
  readonly args: (output: string) => string[];
  readonly says: RegExp;
}

const segment =
  (input: string, ...more: string[]) =>
  (output: string): string[] => ['segment', join(folder, input), '-o', output, ...more];

const FAILURES: readonly Failure[] = [
  { what: 'an empty folder', args: segment('empty'), says: /The folder empty is empty/ },
  { what: 'a folder of text files', args: segment('texts'), says: /The folder texts holds no DICOM/ },
  {
    what: 'a folder that does not exist',
    args: segment('nowhere'),
    says: /nowhere does not exist/,
  },
  { what: 'a file in place of a folder', args: segment('file'), says: /file is not a folder/ },
  { what: 'a series with a missing slice', args: segment('gap'), says: /one slice is missing/ },
  { what: 'a series with a truncated file', args: segment('truncated'), says: /slice-0021\.dcm is damaged/ },
  { what: 'a series of two slices', args: segment('two'), says: /only 2 slices/ },
  {
    what: 'an unknown model',
    args: segment('sound', '--model', 'no-such-model'),
    says: /There is no model "no-such-model"/,
  },
  {
    what: 'an engine that is not there',
    args: segment('sound', '--engine', 'cuda'),
    says: /The engine "cuda" is not available/,
  },
  {
    // What the bundled network says of it: src/main/nudf/region/plainTissue.slow.test.ts.
    what: 'a scan without contrast',
    args: segment('sound', '--region-model', 'small-region', '--model', 'small-field'),
    says: /No left atrial appendage was found/,
  },
  {
    what: 'an evaluation of a missing file',
    args: () => ['evaluate', '--pred', join(folder, 'a.stl'), '--truth', join(folder, 'b.stl')],
    says: /There is no file or folder "a\.stl"/,
  },
  {
    what: 'a recipe that begins with other weights than are here',
    args: (output) => ['train', 'nudf', '--recipe', join(folder, 'recipe.json'), '-o', output],
    says: /begins with another version of laa-nudf-128-veins/,
  },
  {
    what: 'training on a prepared image that is cut short',
    args: train('cut', '-m', 'ShapeNet64Vox', '--engine', 'cpu'),
    says: /"case-1\/imageinput_64\.npy" ends early/,
  },
  {
    what: 'the dual-field network on cases of another program',
    args: train('foreign', '-m', 'DualField', '-res', '64'),
    says: /"case-1" lacks the signed distances/,
  },
  {
    what: 'training that begins with another network',
    args: train('foreign', '-m', 'ShapeNet64Vox', '-res', '64', '--init', 'laa-nudf-128-veins'),
    says: /"laa-nudf-128-veins", which is DualField, not ShapeNet64Vox/,
  },
  {
    what: 'training at another resolution than what it begins with',
    args: train('foreign', '--init', 'laa-nudf-128-veins', '-res', '64'),
    says: /DualField takes images of another resolution than 64/,
  },
  {
    what: 'options of the family for the dual-field network',
    args: train('foreign', '-m', 'DualField', '--crop', '64'),
    says: /--crop is for the networks of the NUDF family/,
  },
  {
    what: 'phantoms to rehearse for a network of the family',
    args: train('foreign', '-m', 'ShapeNet64Vox', '--rehearse', '5'),
    says: /--rehearse is for the dual-field network/,
  },
  {
    what: 'training that begins with a checkpoint that calls code',
    args: (output) => train('foreign', '--init', join(folder, 'code.tar'))(output),
    says: /"code\.tar" asks for "posix\.system"; .* nothing of it was run/,
  },
  {
    what: 'a prediction by a checkpoint that calls code',
    args: (output) => [
      'predict',
      join(folder, 'foreign'),
      '--split',
      'all',
      '--model',
      join(folder, 'code.tar'),
      '-o',
      output,
    ],
    says: /"code\.tar" asks for "posix\.system"/,
  },
  {
    what: 'a phantom on top of other files',
    args: () => ['phantom', '--seed', '1', '--out', join(folder, 'texts')],
    says: /holds other files/,
  },
];

describe.each(FAILURES)('auricle with $what', ({ args, says }) => {
  it('says so in one sentence, fails, and leaves nothing behind', async () => {
    const before = await readdir(folder);
    const { code, stdout, complaints } = await commands.run(...args(join(folder, 'out', 'result')));
    expect(complaints).toHaveLength(1);
    expect(complaints[0]).toMatch(/^auricle: .*\.$/);
    expect(complaints[0]).toMatch(says);
    expect(complaints[0]).not.toContain(folder);
    expect(complaints[0]).not.toMatch(/defect of the program/);
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(await readdir(folder)).toEqual(before);
  });
});

describe('auricle with --json', () => {
  it('gives the failure as JSON on stdout, too', async () => {
    const args = segment('empty', '--json')(join(folder, 'out'));
    const { code, stdout, stderr } = await commands.run(...args);
    const { error } = JSON.parse(stdout) as { error: string };
    expect(error).toMatch(/is empty/);
    expect(stderr).toBe(`auricle: ${error}\n`);
    expect(code).toBe(1);
  });
});

describe('an output folder that cannot be written', () => {
  it('is reported before any work is done', async () => {
    const output = join(folder, 'file', 'result');
    const { code, complaints, stderr } = await commands.run(...segment('sound')(output));
    expect(complaints).toEqual([
      'auricle: The results could not be written to the folder result (no folder can be made there).',
    ]);
    expect(stderr).not.toMatch(/Reading/);
    expect(code).toBe(1);
    expect(await readFile(join(folder, 'file'), 'utf8')).toBe('not a folder');
  });

  it('is reported for a phantom as well', async () => {
    const args = ['phantom', '--seed', '1', '--out', join(folder, 'file', 'phantom')];
    const { code, complaints } = await commands.run(...args);
    expect(complaints).toHaveLength(1);
    expect(complaints[0]).toMatch(
      /^auricle: The (phantom|folder phantom) .* (no folder can be made there|written).*\.$/,
    );
    expect(code).toBe(1);
  });
});

describe('files named as they lie in the present folder', () => {
  it('are read, and an empty segmentation is refused', async () => {
    const grid: GridLps = {
      sizeIjk: [8, 8, 8],
      originLpsMm: [0, 0, 0],
      spacingMm: [4, 4, 4],
      directions: LPS_AXES,
    };
    const nrrd = (data: Int16Array) => encodeNrrd({ grid, data });
    await writeFile(join(folder, 'scan.nrrd'), nrrd(new Int16Array(512).fill(300)));
    await writeFile(join(folder, 'labels.nrrd'), nrrd(new Int16Array(512)));
    const args = 'prepare --image scan.nrrd --segmentation labels.nrrd --res 64 -o bare'.split(' ');
    const { stdout, status } = spawnSync(process.execPath, [program.file, ...args], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(stdout).toContain('Refused  labels: The segmentation "labels.nrrd" is empty.');
    expect(status).toBe(1);
  });
});

describe.skipIf(process.platform === 'win32')('a disk that becomes full', () => {
  it('leaves no file that is cut short, though the system takes a part of the bytes', async () => {
    const output = join(folder, 'full');
    // 100 KB a file at most: the first write of a larger one is taken in part, as on a disk with so much room.
    const limited = 'ulimit -f 100; exec "$0" "$@"';
    const withoutSignal = 'data:text/javascript,process.on("SIGXFSZ",()=>{})';
    const args = [
      program.file,
      'model',
      'export',
      'laa-region-64-upright',
      '--format',
      'safetensors',
      '-o',
      output,
    ];
    const { status, stderr } = spawnSync(
      'bash',
      ['-c', limited, process.execPath, '--import', withoutSignal, ...args],
      {
        encoding: 'utf8',
      },
    );
    expect(stderr).toBe('auricle: The model cannot be written to "full".\n');
    expect(status).toBe(1);
    expect(await readdir(output)).toEqual([]);
    await rm(output, { recursive: true });
  });
});

describe('an earlier result', () => {
  it('stays as it was when a later run fails', async () => {
    const output = join(folder, 'earlier');
    await mkdir(output);
    await writeFile(join(output, 'report.json'), '{}');
    const { code } = await commands.run(...segment('gap')(output));
    expect(code).toBe(1);
    expect(await readdir(output)).toEqual(['report.json']);
    expect(await readFile(join(output, 'report.json'), 'utf8')).toBe('{}');
    await rm(output, { recursive: true });
  });
});

describe('Ctrl+C', () => {
  it('ends a segmentation with 130 and leaves nothing', async () => {
    const before = await readdir(folder);
    const args = segment('sound')(join(folder, 'out'));
    let isSent = false;
    const { code, complaints } = await runProgram(program.file, args, (text, child) => {
      if (isSent || !text.includes('Reading')) return;
      isSent = child.kill('SIGINT');
    });
    expect(isSent).toBe(true);
    expect(complaints).toEqual(['auricle: Cancelled.']);
    expect(code).toBe(130);
    expect(await readdir(folder)).toEqual(before);
  });

  it('ends a phantom with 130 and leaves nothing', async () => {
    const before = await readdir(folder);
    const args = [
      'phantom',
      '--seed',
      '1',
      '--size',
      '96x96x40',
      '--spacing',
      '2,3',
      '--out',
      join(folder, 'out'),
    ];
    let isSent = false;
    const { code, complaints } = await runProgram(program.file, args, (text, child) => {
      if (isSent || !text.includes('Scanning')) return;
      isSent = child.kill('SIGINT');
    });
    expect(complaints).toEqual(['auricle: Cancelled.']);
    expect(code).toBe(130);
    expect(await readdir(folder)).toEqual(before);
  });
});
