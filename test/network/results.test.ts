import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectNode } from '#main/dicomNetwork/classicNode.ts';
import { collectFiles, connectWeb, type DicomArchive, fetchStudy } from '#main/dicomNetwork/index.ts';
import { identityOfFile } from '#main/dicomNetwork/testing/fakeDicomWeb.ts';
import {
  writeEncapsulatedModel,
  writeMeasurementReport,
  writeSecondaryCapture,
  writeSegmentation,
} from '#main/dicomObjects/index.ts';
import {
  EXAMPLE_CONTEXT,
  EXAMPLE_GRID,
  EXAMPLE_MASK,
  EXAMPLE_MEASURES,
  EXAMPLE_MESH,
} from '#main/dicomObjects/testing/exampleResult.ts';
import { labelsInSlices } from '#main/interchange/gzipSlices.ts';
import { picturePng } from '#main/report/testing/reportFixture.ts';
import { readDicomSegmentation } from '#shared/dicom/dicomSegmentation.ts';
import { isOrthancHere, type Orthanc, startOrthanc } from './orthanc.ts';

const isHere = isOrthancHere('Storing results on a real server');

const REPORT = '1.2.840.10008.5.1.4.1.1.88.34';

/** Every kind of object that Auricle makes of a result; the patient's name has Polish, German and Japanese letters. */
function results(): Uint8Array[] {
  const labels = () => labelsInSlices({ grid: EXAMPLE_GRID, data: EXAMPLE_MASK });
  const segmentation = writeSegmentation(labels(), EXAMPLE_CONTEXT);
  const model = { mesh: EXAMPLE_MESH, label: 'closed lumen' };
  const measures = { ...EXAMPLE_MEASURES, warnings: [], segmentation };
  const picture = { png: picturePng(), caption: 'Axial plane', namesPatient: false, number: 1 };
  return [
    segmentation.bytes,
    writeEncapsulatedModel(model, 'stl', EXAMPLE_CONTEXT).bytes,
    writeEncapsulatedModel(model, 'obj', EXAMPLE_CONTEXT).bytes,
    writeMeasurementReport(measures, EXAMPLE_CONTEXT).bytes,
    writeSecondaryCapture(picture, EXAMPLE_CONTEXT).bytes,
  ];
}

describe.skipIf(!isHere)('results on an Orthanc', () => {
  const sent = isHere ? results() : [];
  const studyUid = isHere ? identityOfFile(sent[0]!).studyUid : '';
  let folder: string;
  let orthanc: Orthanc;
  let web: DicomArchive;
  let node: DicomArchive;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'auricle-results-'));
    orthanc = await startOrthanc();
    web = connectWeb({ url: orthanc.url });
    node = connectNode({
      host: '127.0.0.1',
      port: orthanc.dicomPort,
      calledAeTitle: 'ORTHANC',
      callingAeTitle: 'AURICLE',
    });
    await Promise.all(sent.map((file, index) => writeFile(join(folder, `${index}.dcm`), file)));
  });
  afterAll(async () => {
    await web?.close();
    await orthanc?.remove();
    await rm(folder, { recursive: true, force: true });
  });
  const fetchedFrom = async (archive: DicomArchive, name: string): Promise<Map<string, Buffer>> => {
    const { series, failed } = await fetchStudy(archive, { studyUid }, join(folder, name));
    expect(failed).toEqual([]);
    const files = await Promise.all(series.flatMap((one) => one.files).map((path) => readFile(path)));
    return new Map(files.map((file) => [identityOfFile(file).sopInstanceUid, file]));
  };

  it('are stored by DICOMweb and come back the same, byte for byte', async () => {
    const stored = await web.store(await collectFiles([folder]));
    expect(stored.map((result) => result.failure)).toEqual(sent.map(() => undefined));
    const files = await fetchedFrom(web, 'web');
    for (const file of sent) {
      const kept = files.get(identityOfFile(file).sopInstanceUid);
      expect(kept?.equals(file), identityOfFile(file).sopClassUid).toBe(true);
    }
    const segmentation = readDicomSegmentation(files.get(identityOfFile(sent[0]!).sopInstanceUid)!, 'seg');
    expect(segmentation.mask(1)).toEqual(EXAMPLE_MASK.subarray(143, 5 * 143));
  });

  it('come back the same over the classic protocol, whose server writes lengths of sequences anew', async () => {
    const files = await fetchedFrom(node, 'node');
    expect(files.size).toBe(sent.length);
    for (const file of sent) {
      const identity = identityOfFile(file);
      const kept = files.get(identity.sopInstanceUid)!;
      expect(identityOfFile(kept)).toMatchObject({ sopClassUid: identity.sopClassUid, studyUid });
      // Pixels and models stand at the end of a file.
      if (identity.sopClassUid !== REPORT)
        expect(kept.includes(Buffer.from(file.subarray(-60))), identity.sopClassUid).toBe(true);
    }
    const segmentation = readDicomSegmentation(files.get(identityOfFile(sent[0]!).sopInstanceUid)!, 'seg');
    expect(segmentation.mask(1)).toEqual(EXAMPLE_MASK.subarray(143, 5 * 143));
  });

  it('are listed under the name that the patient has', async () => {
    const page = { limit: 10, offset: 0 };
    for (const archive of [web, node]) {
      const { studies } = await archive.studies({ studyUid }, page);
      expect(studies, archive.server).toMatchObject([
        { patientName: 'Łukasz^Jörg', patientId: 'ÄÖ-17', description: 'Herz-CT, präoperativ' },
      ]);
    }
  });
});
