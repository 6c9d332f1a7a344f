import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path, { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { segmentationOfScan } from '#main/dicomObjects/segmentationOfScan.ts';
import { EXAMPLE_GRID, EXAMPLE_MASK, writeExampleFolders } from '#main/dicomObjects/testing/exampleResult.ts';
import { archive } from '#main/exporting/testing/exampleSavedWork.ts';
import { encodeSession } from '#main/home/sessionFile.ts';
import { decodeNrrd } from '#main/interchange/nrrd.ts';
import { decodeStl } from '#main/interchange/stl.ts';
import { report } from '#shared/contract/testing/values.ts';
import { readDicomSegmentation } from '#shared/dicom/dicomSegmentation.ts';
import { ctSlice, rampVolume } from '#shared/dicom/testing/ctFixtures.ts';
import {
  type BuiltProgram,
  builtProgram,
  type CommandLines,
  startCommandLines,
} from '../cli/builtProgram.ts';

describe('auricle dicom', () => {
  let program: BuiltProgram;
  let commands: CommandLines;
  let folder: string;
  let scan: string;
  let result: string;
  beforeAll(async () => {
    program = await builtProgram();
    commands = startCommandLines(program.file);
    folder = mkdtempSync(join(tmpdir(), 'auricle-dicom-'));
    ({ scan, result } = writeExampleFolders(folder));
  });
  afterAll(async () => {
    commands.stop();
    rmSync(folder, { recursive: true, force: true });
    await program.remove();
  });
  const run = (...options: readonly string[]) => commands.run('dicom', ...options);

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
    writeFileSync(join(folder, 'no.pdf'), 'no PDF');
    const refused = await run('capture', scan, result, '-o', sc!, '--pdf', join(folder, 'no.pdf'));
    expect(refused.complaints).toEqual([
      'auricle: "no.pdf" is no PDF that can be opened without a password.',
    ]);
    // Again: the same bytes.
    const before = readFileSync(seg!);
    await run('seg', scan, result, '-o', seg!);
    expect(readFileSync(seg!).equals(before)).toBe(true);
    // Of saved work, too, which has its own phases.
    const saved = join(folder, 'case.session');
    const { seriesInstanceUid } = JSON.parse(readFileSync(join(result, 'report.json'), 'utf8')).source;
    const ofScan = {
      cropGrid: { ...EXAMPLE_GRID, sizeIjk: [...EXAMPLE_GRID.sizeIjk] as [number, number, number] },
      report: { ...report, source: { ...report.source, seriesInstanceUid } },
    };
    const summary = { id: 'case', title: 'CT', seriesInstanceUid, savedAt: '2026-01-02T03:04:05.678Z' };
    writeFileSync(saved, encodeSession(summary, archive(ofScan, EXAMPLE_MASK)));
    const ofSaved = join(folder, 'saved.dcm');
    expect((await run('seg', scan, saved, '-o', ofSaved)).complaints).toEqual([]);
    const [drawn, segmented] = [ofSaved, seg!].map((name) => readDicomSegmentation(readFileSync(name), name));
    expect(drawn!.mask(1)).toEqual(segmented!.mask(1));
    const withPhases = await run('sr', scan, saved, '-o', join(folder, 'p.dcm'), '--phases', folder);
    expect(withPhases.complaints.join()).toMatch(/--phases is for results/);
    // In the place of another object, or of a slice of the scan: not.
    const slice = join(scan, readdirSync(scan)[0]!);
    for (const other of [sr!, slice]) {
      const kept = readFileSync(other);
      const { code, complaints } = await run('seg', scan, result, '-o', other);
      expect(code).toBe(1);
      expect(complaints.join()).toMatch(
        /^auricle: There is another file named ".*" already, and it is not replaced/,
      );
      expect(readFileSync(other).equals(kept)).toBe(true);
    }
  });

  it('reads what it wrote onto the scan again, voxel for voxel', async () => {
    const [seg, back] = [join(folder, 'again.dcm'), join(folder, 'back')];
    await run('seg', scan, result, '-o', seg);
    const read = await run('read', seg, scan, '-o', back, '--json');
    expect(read.complaints).toEqual([]);
    const voxels = EXAMPLE_MASK.reduce((sum, value) => sum + value, 0);
    expect(JSON.parse(read.stdout)).toMatchObject({ label: 1, labelName: 'Left atrial appendage', voxels });
    const { grid, data } = decodeNrrd(readFileSync(join(back, 'mask.nrrd')));
    expect(data).toEqual(EXAMPLE_MASK);
    expect(grid.sizeIjk).toEqual([13, 11, 7]);
    expect(decodeStl(readFileSync(join(back, 'laa-closed.stl'))).triangles.length).toBeGreaterThan(0);
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

const SEGMENTATIONS = path.resolve(import.meta.dirname, '../../../shared/data/dicom.tar.xz');
const present = existsSync(SEGMENTATIONS);

describe.skipIf(!present)(
  `segmentations of other makers${present ? '' : ' (skipped: the reference data is not there)'}`,
  () => {
    let folder: string;
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'auricle-segs-'));
      execFileSync('tar', ['-xJf', SEGMENTATIONS, '-C', folder, '--wildcards', '*/seg/*']);
    });
    afterAll(() => rmSync(folder, { recursive: true, force: true }));
    const read = async (name: string, scan: string, label?: number) => {
      const [file] = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((one) =>
        one.endsWith(name),
      );
      return segmentationOfScan(readFileSync(join(folder, file!)), name, scan, label);
    };
    /** highdicom's CT is one slice: a scan for its segmentations is made on their own lattice. */
    const scanFor = (name: string): string => {
      const [file] = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((one) =>
        one.endsWith(name),
      );
      const { grid, frameOfReferenceUid } = readDicomSegmentation(readFileSync(join(folder, file!)), name);
      const scan = mkdtempSync(join(folder, 'scan-'));
      const volume = rampVolume({ ...grid, sizeIjk: [grid.sizeIjk[0], grid.sizeIjk[1], 6] });
      for (let k = 0; k < 6; k++)
        writeFileSync(join(scan, `${k}.dcm`), ctSlice(volume, k, { '0020,0052': frameOfReferenceUid }));
      return scan;
    };

    it('lie on their scan: binary and fractional alike, overlapping ones by their number', async () => {
      const scan = scanFor('seg_image_ct_binary.dcm');
      const binary = await read('seg_image_ct_binary.dcm', scan);
      const fractional = await read('seg_image_ct_binary_fractional.dcm', scan);
      expect(binary.mask.data).toContain(1);
      expect(fractional.mask.data).toEqual(binary.mask.data);
      await expect(read('seg_image_ct_binary_overlap.dcm', scan)).rejects.toThrow('holds several labels');
      const first = await read('seg_image_ct_binary_overlap.dcm', scan, 1);
      expect(first.mask.data).toContain(1);
    });

    it('are refused truthfully: of another scan, structure sets', async () => {
      const other = mkdtempSync(join(folder, 'other-'));
      const { scan } = writeExampleFolders(other);
      await expect(read('seg_image_ct_binary.dcm', scan)).rejects.toThrow('is of another scan');
      for (const name of ['/rt.dcm', 'invalid_reference_rt.dcm', 'non_existent_reference_rt.dcm'])
        await expect(read(name, scan)).rejects.toThrow(
          'cannot be read: it is an RT Structure Set: contours, which are not read.',
        );
      await expect(read('seg_image_sm_control_labelmap.dcm', scan)).rejects.toThrow('cannot be read');
    });
  },
);
