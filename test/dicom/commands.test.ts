import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeExampleFolders } from '#main/dicomObjects/testing/exampleResult.ts';
import { readDicomSegmentation } from '#shared/dicom/dicomSegmentation.ts';
import { type BuiltProgram, builtProgram, runProgram } from '../cli/builtProgram.ts';

describe('auricle dicom', () => {
  let program: BuiltProgram;
  let folder: string;
  let scan: string;
  let result: string;
  beforeAll(async () => {
    program = await builtProgram();
    folder = mkdtempSync(join(tmpdir(), 'auricle-dicom-'));
    ({ scan, result } = writeExampleFolders(folder));
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await program.remove();
  });
  const run = (...options: readonly string[]) => runProgram(program.file, ['dicom', ...options]);

  it('writes a segmentation, a report that refers to it, and the picture', async () => {
    const [seg, sr, sc] = ['seg.dcm', 'sr.dcm', 'sc.dcm'].map((name) => join(folder, name));
    const first = await run('seg', scan, result, '-o', seg!, '--json');
    expect(first.complaints).toEqual([]);
    const { sopInstanceUid } = JSON.parse(first.stdout);
    expect(readDicomSegmentation(readFileSync(seg!), 'seg').labels[0]?.name).toBe('Left atrial appendage');
    expect((await run('sr', scan, result, '-o', sr!, '--segmentation', seg!)).code).toBe(0);
    expect(readFileSync(sr!).includes(sopInstanceUid)).toBe(true);
    expect((await run('capture', scan, result, '-o', sc!)).code).toBe(0);
    expect(readFileSync(sc!).includes('Doe^Jane')).toBe(true);
    // Again: the same bytes.
    const before = readFileSync(seg!);
    await run('seg', scan, result, '-o', seg!);
    expect(readFileSync(seg!).equals(before)).toBe(true);
  });

  it('refuses in one sentence, and leaves nothing', async () => {
    const before = readdirSync(folder);
    const wall = await run('stl', scan, result, '-o', join(folder, 'wall.dcm'), '--open-wall');
    expect([wall.code, ...wall.complaints]).toEqual([
      1,
      'auricle: The open wall cannot be written: this result has no ostium.',
    ]);
    const other = await run('seg', scan, folder, '-o', join(folder, 'x.dcm'), '--json');
    expect(JSON.parse(other.stdout).error).toContain('"report.json" is missing or damaged');
    expect(readdirSync(folder)).toEqual(before);
  });
});
