import { expect, it } from 'vitest';
import { EXAMPLE_ANNOTATIONS } from '#shared/annotations/testing/exampleAnnotations.ts';
import { exportingService, KEEPS_NOTHING } from '#shared/contract/services/exporting.ts';
import { exportingFixtures } from '#shared/contract/testing/exporting.ts';
import { ctSlice, rampVolume, smallGrid } from '#shared/dicom/testing/ctFixtures.ts';
import { failure } from '#shared/failures/failure.ts';
import { anonymousFiles, anonymousRequest, createPageDeidentifier } from './anonymousExport.ts';

const latin1 = (bytes: Uint8Array): string => String.fromCharCode(...bytes);
const slice = (k: number, changes = {}) =>
  ctSlice(rampVolume(smallGrid()), k, { '0010,0010': 'Miller^Jane', ...changes });

it('leaves nothing of the patient in request and files, and maps a UID alike in both', async () => {
  const deidentifier = await createPageDeidentifier();
  const [good] = exportingFixtures.build.params.good;
  const request = exportingService.build.params.parse(good);
  const named = failure('files.unreadable', { fileName: 'Miller.dcm' });
  const thick = failure('series.slices-thick', { thicknessMm: 3 });
  request.report.warnings = [named, thick];
  request.annotations = EXAMPLE_ANNOTATIONS.map((one) => ({ ...one, name: 'Miller' }));
  const anonymous = await anonymousRequest(request, deidentifier);
  expect(anonymous.report.warnings).toEqual([thick]);
  expect(anonymous.annotations?.map(({ name }) => name)).toEqual([
    'Ruler 1',
    'Angle 2',
    'Ellipse 3',
    'Free region 4',
    'Text 5',
  ]);
  expect(anonymous.patient).toMatchObject({ name: '', id: '', studyDate: '' });
  expect(request.letterhead.name).toBe('Heart Centre');
  expect(anonymous.letterhead).toEqual({ name: '', logoBase64: null });
  expect(anonymous.report.source.seriesDescription).toBe('');
  const mapped = await deidentifier.mapUid(request.report.source.seriesInstanceUid);
  expect(anonymous.report.source.seriesInstanceUid).toBe(mapped);
  expect(mapped).not.toBe(request.report.source.seriesInstanceUid);

  const built = [
    { name: 'laa-closed.stl', bytes: Uint8Array.of(1) },
    { name: 'laa-seg.dcm', bytes: new Uint8Array(slice(0)) },
  ];
  const scan = [slice(0), slice(1), slice(2, { '0028,0301': 'YES' })].map(
    (bytes) => new Blob([new Uint8Array(bytes)]),
  );
  const { files, leftOut } = await anonymousFiles(built, scan, deidentifier, {});
  expect(files.map(({ name }) => name)).toEqual([
    'laa-closed.stl',
    'laa-seg.dcm',
    'scan-000001.dcm',
    'scan-000002.dcm',
  ]);
  for (const { bytes } of files) expect(latin1(bytes)).not.toMatch(/miller|jane/i);
  // The same file under both names: the same copy.
  expect(files[1]!.bytes).toEqual(files[2]!.bytes);
  expect(leftOut).toMatchObject([{ fields: { count: 1, reason: { code: 'objects.burned-in' } } }]);
  // Another export has another key.
  const other = await (await createPageDeidentifier()).mapUid(request.report.source.seriesInstanceUid);
  expect(other).not.toBe(mapped);
});

it('keeps what is chosen to be kept, and says so', async () => {
  const scan = [new Blob([new Uint8Array(slice(0, { '0010,0040': 'F', '0008,0080': 'Clinic' }))])];
  const copyOf = async (kept: Partial<typeof KEEPS_NOTHING>) => {
    const deidentifier = await createPageDeidentifier({ ...KEEPS_NOTHING, ...kept });
    const { files } = await anonymousFiles([], scan, deidentifier, {});
    return latin1(files[0]!.bytes);
  };
  const basic = await copyOf({});
  expect(basic).not.toMatch(/Clinic|113108|113112/);
  const more = await copyOf({ keepPatientCharacteristics: true, keepInstitution: true, dates: 'kept' });
  expect(more).toContain('Clinic');
  for (const code of ['113108', '113112', '113106']) expect(more).toContain(code);
  expect(more).not.toMatch(/miller|jane/i);
});
