import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { submesh } from '#main/mesh/submesh.ts';
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
  const program = new Command();
  registerEvaluateCommand(program);
  const files = ['--pred', join(folder, 'a.stl'), '--truth', join(folder, 'b.stl')];
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

it('names the file that cannot be read, without its folder', async () => {
  await writeFile(join(folder, 'a.stl'), 'nonsense');
  expect(await evaluate()).toEqual({ error: 'a.stl: The file is not an STL file.' });
  expect(process.exitCode).toBe(1);
});
