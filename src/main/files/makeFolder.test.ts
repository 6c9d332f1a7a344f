import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeFolder } from './makeFolder.ts';

describe('a folder that is made', () => {
  let base = '';
  beforeEach(async () => {
    base = await mkdtemp(join(tmpdir(), 'auricle-folder-'));
  });
  afterEach(async () => {
    await rm(base, { recursive: true });
  });

  it('is made with those above it, of which the uppermost new one is named', async () => {
    await mkdir(join(base, 'there'));
    expect(await makeFolder(join(base, 'there', 'new', 'inner'))).toBe(join(base, 'there', 'new'));
    expect((await stat(join(base, 'there', 'new', 'inner'))).isDirectory()).toBe(true);
    expect(await makeFolder(join(base, 'there', 'new', 'inner'))).toBeUndefined();
  });

  it.runIf(process.platform !== 'win32')('has the permissions that are asked for', async () => {
    await makeFolder(join(base, 'secret', 'inner'), { mode: 0o700 });
    for (const path of ['secret', 'secret/inner']) {
      expect((await stat(join(base, path))).mode & 0o777).toBe(0o700);
    }
  });

  it('is refused below a file and in the place of one', async () => {
    await writeFile(join(base, 'file'), '');
    await expect(makeFolder(join(base, 'file'))).rejects.toMatchObject({ code: 'EEXIST' });
    await expect(makeFolder(join(base, 'file', 'inner'))).rejects.toMatchObject({
      code: expect.stringMatching(/^(ENOTDIR|EEXIST)$/),
    });
  });

  // Elsewhere there is no /proc, which answers ENOENT to any new name: mkdir with recursive never ends there.
  it.runIf(process.platform === 'linux')('is refused at once within /proc', async () => {
    await expect(makeFolder('/proc/auricle/results')).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
