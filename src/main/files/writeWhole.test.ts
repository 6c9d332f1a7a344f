import { mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeWhole, writeWholeSync } from './writeWhole.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auricle-whole-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

// What happens where the disk becomes full is in test/cli/failures.test.ts, on the built program.
it('writes text and bytes, replaces what was there, and leaves nothing beside it', async () => {
  const file = join(folder, 'a');
  await writeWhole(file, 'first');
  await writeWhole(file, Uint8Array.of(1, 2, 3).subarray(1), { mode: 0o600 });
  expect([...(await readFile(file))]).toEqual([2, 3]);
  if (process.platform !== 'win32') expect((await stat(file)).mode & 0o777).toBe(0o600);
  writeWholeSync(file, 'third');
  expect(await readFile(file, 'utf8')).toBe('third');
  expect(await readdir(folder)).toEqual(['a']);
});

it('leaves nothing where it fails', async () => {
  await mkdir(join(folder, 'taken', 'full'), { recursive: true });
  await expect(writeWhole(join(folder, 'taken'), 'x')).rejects.toThrow();
  expect(() => writeWholeSync(join(folder, 'taken'), 'x')).toThrow();
  await expect(writeWhole(join(folder, 'nowhere', 'a'), 'x')).rejects.toThrow('ENOENT');
  expect((await readdir(folder)).filter((name) => name !== 'a')).toEqual(['taken']);
});
