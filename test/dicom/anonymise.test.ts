import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeEncapsulatedModel } from '#main/dicomObjects/encapsulatedModel.ts';
import { writeMeasurementReport } from '#main/dicomObjects/measurementReport.ts';
import { readResultFolder } from '#main/dicomObjects/resultFolder.ts';
import { writeSegmentation } from '#main/dicomObjects/segmentation.ts';
import {
  EXAMPLE_MEASURES,
  EXAMPLE_MESH,
  EXAMPLE_WARNINGS,
  writeExampleFolders,
} from '#main/dicomObjects/testing/exampleResult.ts';
import { labelsInSlices } from '#main/interchange/gzipSlices.ts';
import {
  type BuiltProgram,
  builtProgram,
  type CommandLines,
  filesBelow,
  startCommandLines,
} from '../cli/builtProgram.ts';
import { dicomErrors, hasDicom3tools, PYTHON, python, skipNote } from './peers.ts';

/** Every element of every file, as pydicom reads it: no private one, no name, references that lead somewhere. */
const READ_ALL = `
import sys, json, pydicom, os
uids, refs, private, pixels = {}, [], [], {}
for f in sys.argv[1:]:
    d = pydicom.dcmread(f)
    uids[d.SOPInstanceUID] = f
    for e in d.iterall():
        if e.tag.is_private: private.append(str(e.tag))
        if e.keyword == 'ReferencedSOPInstanceUID': refs.append(e.value)
    if d.Modality == 'CT': pixels[f] = int(d.pixel_array.astype(int).sum())
    assert d.file_meta.MediaStorageSOPInstanceUID == d.SOPInstanceUID
    assert d.PatientIdentityRemoved == 'YES'
print(json.dumps(dict(uids=list(uids), dangling=[r for r in refs if r not in uids], private=private, refs=len(refs), pixels=list(pixels.values()))))
`;

describe('auricle dicom anonymise', () => {
  let program: BuiltProgram;
  let commands: CommandLines;
  let folder: string;
  let study: string;
  const out = () => join(folder, 'out');
  beforeAll(async () => {
    program = await builtProgram();
    commands = startCommandLines(program.file);
    folder = mkdtempSync(join(tmpdir(), 'auricle-anonymise-'));
    study = join(folder, 'Doe Jane 1961');
    mkdirSync(study);
    const { scan, result } = writeExampleFolders(study);
    const { context, mask, report } = await readResultFolder(scan, result);
    const segmentation = writeSegmentation(labelsInSlices(mask), context);
    writeFileSync(join(study, 'Doe seg.dcm'), segmentation.bytes);
    const { ostium, landingZones, volumeMl, depthMm, depthToFirstBendMm, surfaceAreaMm2 } = report;
    const measurements = { ostium, landingZones, volumeMl, depthMm, depthToFirstBendMm, surfaceAreaMm2 };
    const measures = {
      measurements,
      contrast: report.contrast,
      filling: report.filling,
      warnings: EXAMPLE_WARNINGS,
      surface: EXAMPLE_MEASURES.surface,
      segmentation,
    };
    writeFileSync(join(study, 'Doe sr.dcm'), writeMeasurementReport(measures, context).bytes);
    const model = { mesh: EXAMPLE_MESH, label: 'closed lumen' };
    writeFileSync(join(study, 'Doe stl.dcm'), writeEncapsulatedModel(model, 'stl', context).bytes);
    writeFileSync(join(result, 'report.html'), '<p>Doe, Jane</p>');
    writeFileSync(join(study, 'notes.txt'), 'Jane Doe');
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    commands.stop();
    await program.remove();
  });
  const run = (...options: readonly string[]) => commands.run('dicom', 'anonymise', study, ...options);
  const digests = async (of: string) =>
    (await filesBelow(of)).map(
      (name) =>
        `${name} ${createHash('sha256')
          .update(readFileSync(join(of, name)))
          .digest('hex')}`,
    );

  it('copies study and result without a name, within or in their paths, and says what it left out', async () => {
    const key = join(folder, 'key');
    const first = await run('-o', out(), '--key', key, '--json');
    expect(first.complaints).toEqual([]);
    expect(JSON.parse(first.stdout)).toMatchObject({ copied: 14, resultFiles: 4, patients: 1 });
    expect(JSON.parse(first.stdout).leftOut).toEqual([
      { count: 1, reason: 'It is not a DICOM object.' },
      { count: 1, reason: 'It names the patient.' },
    ]);
    const files = await filesBelow(out());
    expect(files.filter((name) => name.endsWith('.dcm'))).toHaveLength(10);
    for (const name of files) {
      const content = `${name} ${readFileSync(join(out(), name)).toString('latin1')}`;
      for (const secret of ['Doe', 'Jane', 'AURICLE-PHANTOM-1']) expect(content).not.toContain(secret);
    }
    // The result's JSON names the series by the UID that the copies have.
    const report = files.find((name) => name.endsWith('report.json'))!;
    const { source, warnings } = JSON.parse(readFileSync(join(out(), report), 'utf8'));
    expect(warnings).toEqual(EXAMPLE_WARNINGS.slice(1));
    const all = files.filter((name) => name.endsWith('.dcm')).map((name) => readFileSync(join(out(), name)));
    expect(all.some((bytes) => bytes.includes(`Warning: ${EXAMPLE_WARNINGS[1]}`))).toBe(true);
    expect(all.filter((bytes) => bytes.includes(source.seriesInstanceUid)).length).toBeGreaterThan(6);
    // With the kept key again, byte for byte; with another one nothing is the same.
    const [again, other] = [join(folder, 'again'), join(folder, 'other')];
    await run('-o', again, '--key', key);
    expect(await digests(again)).toEqual(await digests(out()));
    await run('-o', other);
    const firstDigests = new Set(await digests(out()));
    const dicomOfOther = (await digests(other)).filter((line) => line.includes('.dcm '));
    expect(dicomOfOther.some((line) => firstDigests.has(line))).toBe(false);
  });

  it('refuses a folder with something in it, and leaves nothing where it fails', async () => {
    const taken = await run('-o', out());
    expect([taken.code, ...taken.complaints]).toEqual([
      1,
      'auricle: The folder "out" is not empty; anonymised files go into an empty one.',
    ]);
    const empty = join(folder, 'empty');
    mkdirSync(empty);
    const nothing = await commands.run('dicom', 'anonymise', empty, '-o', join(folder, 'none'));
    expect(nothing.complaints).toEqual(['auricle: No file could be anonymised.']);
    expect(existsSync(join(folder, 'none'))).toBe(false);
    // A limit of 1 KiB on files, as a disk that is full.
    const options = [
      program.file,
      'dicom',
      'anonymise',
      join(study, 'scan'),
      '-o',
      join(folder, 'none', 'full'),
    ];
    const limited = ['-c', 'ulimit -f 1; exec "$@"', '-', process.execPath, ...options];
    expect(spawnSync('bash', limited, { encoding: 'utf8' }).stderr).toContain(
      'auricle: The results could not be written to the folder full (EFBIG).',
    );
    expect(existsSync(join(folder, 'none'))).toBe(false);
  });

  it.skipIf(PYTHON === '')(
    `is read by pydicom: pixels as they were, references within the copies${skipNote(PYTHON !== '', 'pydicom')}`,
    async () => {
      const files = (await filesBelow(out())).filter((name) => name.endsWith('.dcm'));
      const read = (await python(READ_ALL, ...files.map((name) => join(out(), name)))) as Record<
        string,
        unknown[]
      >;
      expect(read.dangling).toEqual([]);
      expect(read.private).toEqual([]);
      expect(read.uids).toHaveLength(10);
      expect(read.refs as unknown as number).toBeGreaterThan(20);
      const scan = join(study, 'scan');
      const before = (await python(
        `
import sys, json, pydicom
print(json.dumps([int(pydicom.dcmread(f).pixel_array.astype(int).sum()) for f in sys.argv[1:]]))`,
        ...readdirSync(scan).map((name) => join(scan, name)),
      )) as number[];
      expect([...(read.pixels as number[])].sort()).toEqual([...before].sort());
    },
  );

  it.skipIf(!hasDicom3tools)(
    `has no error for dciodvfy${skipNote(hasDicom3tools, 'dicom3tools')}`,
    async () => {
      const files = (await filesBelow(out())).filter((name) => name.endsWith('.dcm'));
      for (const name of files) expect(dicomErrors(join(out(), name)), name).toEqual([]);
    },
  );
});
