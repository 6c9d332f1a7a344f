import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assertWritable, writeFilesTogether } from './outputFolder.ts';

describe('the folder of results', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'auricle-output-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('is made with the folders above it, and not left by a trial', async () => {
    const target = join(folder, 'a', 'b', 'c');
    await assertWritable(target);
    expect(await readdir(folder)).not.toContain('a');
    await writeFilesTogether(target, new Map([['report.json', '{}']]));
    expect(await readFile(join(target, 'report.json'), 'utf8')).toBe('{}');
    await assertWritable(target);
    expect(await readdir(target)).toEqual(['report.json']);
  });

  it('keeps what another program writes beside it during a trial, or while it cannot be written', async () => {
    const shared = join(folder, 'shared');
    const trial = assertWritable(join(shared, 'mine'));
    const other = writeFilesTogether(join(shared, 'other'), new Map([['report.json', '{}']]));
    await Promise.all([trial, other]);
    expect(await readdir(shared)).toEqual(['other']);
    // A name that cannot be written comes last: what was written before it is taken back.
    const bad = new Map([
      ['report.json', '{}'],
      ['x'.repeat(300), ''],
    ]);
    await expect(writeFilesTogether(join(shared, 'failed'), bad)).rejects.toThrow();
    expect(await readdir(shared)).toEqual(['other']);
  });

  it('is refused where a file is in its place or above it', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    for (const target of [file, join(file, 'below')]) {
      await expect(assertWritable(target)).rejects.toMatchObject({
        failure: { code: 'pipeline.results-not-written' },
      });
    }
  });

  // Elsewhere there is no /proc, which answers ENOENT to any new name.
  it.runIf(process.platform === 'linux')('is refused at once within /proc', async () => {
    await expect(assertWritable('/proc/auricle/results')).rejects.toMatchObject({
      failure: { code: 'pipeline.results-not-written', fields: { folder: 'results' } },
    });
  });
});
