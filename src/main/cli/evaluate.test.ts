import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { submesh } from '#main/mesh/submesh.ts';
import { failure } from '#shared/failures/failure.ts';
import { box, icosphere } from '#shared/mesh/testing/primitives.ts';
import { encodeStl } from '../interchange/stl.ts';
import { registerEvaluateCommand } from './evaluate.ts';

let folder: string;
let written: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auricle-evaluate-'));
  written = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written += String(text);
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
});

afterEach(async () => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
  await rm(folder, { recursive: true });
});

async function evaluate(...more: string[]): Promise<unknown> {
  return evaluatePaths('a.stl', 'b.stl', ...more);
}

async function evaluatePaths(pred: string, truth: string, ...more: string[]): Promise<unknown> {
  const program = new Command();
  registerEvaluateCommand(program);
  const files = ['--pred', join(folder, pred), '--truth', join(folder, truth)];
  await program.parseAsync(['node', 'auricle', 'evaluate', ...files, '--json', ...more]);
  return JSON.parse(written);
}

it('compares two closed meshes with Dice and two open ones with their rims', async () => {
  await writeFile(join(folder, 'a.stl'), encodeStl(icosphere([0, 0, 0], 10, 3)));
  await writeFile(join(folder, 'b.stl'), encodeStl(icosphere([0, 0, 0], 10, 3)));
  expect(await evaluate()).toMatchObject({ diceOfMeshes: 1, surface: { seed: { completion2Mm: 1 } } });
  const lid = box([0, 0, 0], [8, 8, 8]);
  const open = submesh(lid, (face) => face < 10).mesh;
  await writeFile(join(folder, 'a.stl'), encodeStl(open));
  await writeFile(join(folder, 'b.stl'), encodeStl(open));
  written = '';
  const result = await evaluate();
  expect(result).toMatchObject({ rim: { areaRatio: 1 } });
  expect(result).not.toHaveProperty('diceOfMeshes');
});

it('counts the cases of one reason in a single line', async () => {
  await mkdir(join(folder, 'pred'));
  await mkdir(join(folder, 'truth'));
  const surface = encodeStl(icosphere([0, 0, 0], 10, 2));
  await writeFile(join(folder, 'pred', 'case-1.stl'), surface);
  for (let n = 1; n <= 8; n++) await writeFile(join(folder, 'truth', `case-${n}.stl`), surface);
  const program = new Command();
  registerEvaluateCommand(program);
  const folders = ['--pred', join(folder, 'pred'), '--truth', join(folder, 'truth')];
  await program.parseAsync(['node', 'auricle', 'evaluate', ...folders]);
  expect(written.split('\n').filter((line) => line.includes('not compared'))).toEqual([
    expect.stringMatching(
      /^7 cases were not compared: .* \(case-2, case-3, case-4, case-5, case-6 and 2 more\)$/,
    ),
  ]);
});

it('names the file that cannot be read, without its folder', async () => {
  await writeFile(join(folder, 'a.stl'), 'nonsense');
  await writeFile(join(folder, 'b.stl'), 'nonsense');
  expect(await evaluate()).toEqual({
    error: 'a.stl: The file is not an STL file.',
    failure: failure('cli.in-file', { fileName: 'a.stl', reason: failure('files.not-stl') }),
  });
  expect(process.exitCode).toBe(1);
});

it('fails where a path is not there, or where no case of two folders was compared', async () => {
  await mkdir(join(folder, 'predicted'));
  await mkdir(join(folder, 'true'));
  await writeFile(join(folder, 'predicted/a.stl'), encodeStl(icosphere([0, 0, 0], 10, 1)));
  await writeFile(join(folder, 'true/b.stl'), encodeStl(icosphere([0, 0, 0], 10, 1)));
  expect(await evaluatePaths('predicted', 'nowhere')).toEqual({
    error: 'There is no file or folder "nowhere".',
    failure: failure('cli.nothing-there', { name: 'nowhere' }),
  });
  process.exitCode = undefined;
  written = '';
  expect(await evaluatePaths('predicted', 'true')).toMatchObject({ cases: [] });
  expect(process.exitCode).toBe(1);
});
