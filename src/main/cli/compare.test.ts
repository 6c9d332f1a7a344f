import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { report } from '#shared/contract/testing/values.ts';
import { icosphere } from '#shared/mesh/testing/primitives.ts';
import { encodeStl } from '../interchange/stl.ts';
import { decodeVtp } from '../interchange/vtp.ts';
import { runCompare } from './compare.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auricle-compare-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function result(name: string, radiusMm: number, frameOfReferenceUid = '1.2'): Promise<string> {
  const path = join(folder, name);
  await mkdir(path);
  await writeFile(join(path, 'laa-closed.stl'), encodeStl(icosphere([0, 0, 0], radiusMm, 2)));
  const written = { ...report, volumeMl: radiusMm, source: { ...report.source, frameOfReferenceUid } };
  await writeFile(join(path, 'report.json'), JSON.stringify(written));
  return path;
}

it('gives Dice, distances and differences, and writes the surface with its distances', async () => {
  const [first, second] = [await result('a', 6), await result('b', 5)];
  const out = join(folder, 'diff.vtp');
  const { json, text } = await runCompare(first, second, { out });
  expect(json).toMatchObject({ dice: expect.closeTo(0.73, 1), meanMm: expect.closeTo(1, 1) });
  expect(json).toMatchObject({
    measures: expect.arrayContaining([{ key: 'volumeMl', unit: 'mL', first: 6, second: 5, difference: 1 }]),
  });
  expect(text).toMatch(/^Volume +6\.00 against 5\.00 mL, \+1\.00 mL$/m);
  expect((await runCompare(second, first, {})).text).toMatch(/, −1\.00 mL$/m);
  // What rounds to nothing has no sign.
  expect((await runCompare(await result('c', 6.001), first, {})).text).toMatch(/, 0\.00 mL$/m);
  const written = await readFile(out);
  expect(decodeVtp(written).triangles.length).toBe(3 * 320);
  expect(written.toString('latin1')).toContain('Name="signed_distance_mm"');
});

it('refuses results of other frames of reference, and files of other formats', async () => {
  const [first, second] = [await result('a', 6), await result('b', 6, '9.9')];
  await expect(runCompare(first, second, {})).rejects.toThrow('frames of reference differ');
  await expect(runCompare(first, first, { out: join(folder, 'diff.stl') })).rejects.toThrow('diff.stl');
});
