import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readFileInto } from './dicomFiles.ts';

const folder = mkdtempSync(join(tmpdir(), 'auricle-files-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('a file is read from a place on into an array, and no more of it is said to be filled than the file has', async () => {
  const file = join(folder, 'slice.dcm');
  writeFileSync(file, Uint8Array.of(1, 2, 3, 4, 5));
  const into = new Uint8Array(3);
  expect(await readFileInto(file, 1, into)).toEqual(Uint8Array.of(2, 3, 4));
  const short = await readFileInto(file, 3, new Uint8Array(6));
  expect(short).toEqual(Uint8Array.of(4, 5));
  await expect(readFileInto(join(folder, 'gone.dcm'), 0, into)).rejects.toThrow('ENOENT');
});
