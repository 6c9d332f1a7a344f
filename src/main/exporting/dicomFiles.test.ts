import { PDFDocument, rgb } from 'pdf-lib';
import { describe, expect, it } from 'vitest';
import { EXAMPLE_ANNOTATIONS } from '#shared/annotations/testing/exampleAnnotations.ts';
import { NO_MARKS } from '#shared/contract/readerMarks.ts';
import {
  DICOM_OBJECTS,
  exportingService,
  KEEPS_NOTHING,
  USUAL_SIMULATION,
} from '#shared/contract/services/exporting.ts';
import { lumenProfile, measured, report, virtualDevice } from '#shared/contract/testing/values.ts';
import { readDicomSegmentation } from '#shared/dicom/dicomSegmentation.ts';
import { failure } from '#shared/failures/failure.ts';
import { ijkToLps } from '#shared/geometry/gridLps.ts';
import { firstVoxelOfPart } from '#shared/geometry/partOfGrid.ts';
import { EXAMPLE_CONTEXT, EXAMPLE_GRID, EXAMPLE_MESH } from '../dicomObjects/testing/exampleResult.ts';
import { REPORT_INPUT } from '../report/testing/reportFixture.ts';
import { dicomFiles } from './dicomFiles.ts';
import { buildExport, type ExportRequest } from './index.ts';

/** The crop is a part of the scan: its labels stand at other indices there. */
const CROP = { ...EXAMPLE_GRID, sizeIjk: [4, 3, 2], originLpsMm: ijkToLps(EXAMPLE_GRID, [5, 6, 3]) } as const;
const LABELS = Uint8Array.from({ length: 24 }, (_, voxel) => (voxel % 5 === 0 ? 1 : 0));

const request = (parts: Partial<ExportRequest> = {}): ExportRequest => ({
  appendage: { ...exportingService.build.params.shape.appendage.parse(measured), closed: EXAMPLE_MESH_OWNED },
  labels: { grid: CROP, data: LABELS },
  scanGrid: EXAMPLE_GRID,
  report,
  warningsBeforeEditing: [],
  phases: [],
  offChances: null,
  marks: NO_MARKS,
  annotations: [],
  patient: REPORT_INPUT.patient,
  sourceSeries: EXAMPLE_CONTEXT.source,
  edits: ['Brush'],
  review: 'accepted',
  plan: REPORT_INPUT.plan,
  reviewedBy: { reviewer: 'Dr Roe', at: '2026-01-02T03:04:05.678Z' },
  reviewedSteps: [],
  pictures: [...REPORT_INPUT.pictures],
  letterhead: REPORT_INPUT.letterhead,
  deviceMesh: null,
  scanPictures: [],
  options: {
    products: [],
    meshFormats: [],
    maskFormats: [],
    documents: [],
    // The report's pages have a test of their own: making the report takes a second.
    dicomObjects: DICOM_OBJECTS.filter((object) => object !== 'dicom-report'),
    isAnonymous: false,
    withScan: false,
    keptIdentity: KEEPS_NOTHING,
    frame: 'LPS',
    shellThicknessMm: 1,
    shellBaseMm: 0,
    simulation: USUAL_SIMULATION,
  },
  ...parts,
});
const EXAMPLE_MESH_OWNED = {
  positionsLpsMm: Float32Array.from(EXAMPLE_MESH.positionsLpsMm),
  triangles: Uint32Array.from(EXAMPLE_MESH.triangles),
};

describe('DICOM files of an export', () => {
  it('are made of the reviewed case: mask on the scan’s slices, report of this segmentation, edits named', async () => {
    const { files } = await buildExport(request());
    expect(files.map(({ name }) => name)).toEqual([
      'laa-seg.dcm',
      'laa-labelmap.dcm',
      'laa-stl.dcm',
      'laa-obj.dcm',
      'laa-sr.dcm',
      ...REPORT_INPUT.pictures.map((_, at) => `laa-sc-${at + 1}.dcm`),
    ]);
    const bytesOf = (name: string) => files.find((file) => file.name === name)!.bytes;
    const image = readDicomSegmentation(bytesOf('laa-seg.dcm'), 'seg');
    // On all rows and columns of the scan, from its slice 3 on.
    expect(image.grid.sizeIjk).toEqual([13, 11, 2]);
    expect(firstVoxelOfPart(image.grid, EXAMPLE_GRID)).toEqual([0, 0, 3]);
    const mask = image.mask(1);
    const labelled = [...LABELS.keys()].filter((at) => LABELS[at] === 1);
    for (const at of labelled) {
      const [i, j, k] = [at % 4, Math.floor(at / 4) % 3, Math.floor(at / 12)];
      expect(mask[5 + i + 13 * (6 + j + 11 * k)]).toBe(1);
    }
    expect(mask.reduce((sum, value) => sum + value, 0)).toBe(labelled.length);
    const text = (name: string): string => Buffer.from(bytesOf(name)).toString('utf8');
    expect(text('laa-seg.dcm')).toContain('SEMIAUTOMATIC');
    // Media Storage SOP Instance UID, the first in the file.
    const uid = /2\.25\.\d{30,}/.exec(text('laa-seg.dcm'))![0];
    expect(text('laa-sr.dcm')).toContain(uid);
    expect(text('laa-sr.dcm')).toContain('Accepted by Dr Roe, 2026-01-02');
    // (0028,0301) Burned In Annotation: the panes show who the patient is.
    expect(text('laa-sc-1.dcm')).toContain('\x28\x00\x01\x03CS\x04\x00YES ');
  });

  it('have the report’s pages as pictures, drawn on white at 150 dots per inch', async () => {
    const pdf = await PDFDocument.create();
    const [first] = [pdf.addPage([72, 144]), pdf.addPage([72, 72])];
    // Its upper half.
    first.drawRectangle({ x: 0, y: 72, width: 72, height: 72, color: rgb(1, 0, 0) });
    const [report] = dicomFiles(['dicom-report'], request(), new Date(0), () => pdf.save());
    const files = await report!.make();
    expect(files.map(({ name }) => name)).toEqual(['laa-report-1.dcm', 'laa-report-2.dcm']);
    const { bytes } = files[0]!;
    const [width, height] = [150, 300];
    const pixels = bytes.subarray(bytes.length - 3 * width * height);
    const colourAt = (x: number, y: number) => [...pixels.subarray(3 * (x + width * y)).subarray(0, 3)];
    expect(colourAt(75, 75)).toEqual([255, 0, 0]);
    expect(colourAt(75, 225)).toEqual([255, 255, 255]);
    const text = Buffer.from(bytes).toString('latin1');
    expect(text).toContain('Report, page 1 of 2');
    expect(text).toContain('\x28\x00\x10\x00US\x02\x00\x2c\x01');
    expect(text).toContain('\x28\x00\x11\x00US\x02\x00\x96\x00');
    expect(text).toContain('\x28\x00\x01\x03CS\x04\x00YES ');
  });

  it('have the landing zone that the reader set in the structured report', async () => {
    const options = { ...request().options, dicomObjects: ['dicom-sr' as const] };
    const srOf = async (landingZoneMm: number | null): Promise<string> => {
      const plan = {
        profile: lumenProfile,
        landingZoneMm,
        devices: [],
        virtualDevice: null,
        ostiumDistances: [],
      };
      const { files } = await buildExport(request({ plan, options }));
      return Buffer.from(files[0]!.bytes).toString('utf8');
    };
    expect(await srOf(14)).toContain('Landing zone at 14 mm');
    expect(await srOf(null)).not.toContain('Landing zone at 14 mm');
  });

  it('have the device that the reader placed, as text with numbers', async () => {
    const options = { ...request().options, dicomObjects: ['dicom-sr' as const] };
    const srOf = async (placed: typeof virtualDevice | null): Promise<string> => {
      const plan = {
        profile: lumenProfile,
        landingZoneMm: null,
        devices: [],
        virtualDevice: placed,
        ostiumDistances: [],
      };
      const { files } = await buildExport(request({ plan, options }));
      return Buffer.from(files[0]!.bytes).toString('utf8');
    };
    const sr = await srOf(virtualDevice);
    for (const said of [
      'Virtual device, placed by the reader',
      'Example occluder, 27 mm, at 10.5 mm, tilted 12° and −5°.',
      'by its table it does not fit',
      'DEVICE_COMPR_MIN',
      '41.5',
      'DEVICE_TO_LCX',
      'Distance to the ridge: not known',
      'Warning: A part of the device lies outside of the scan.',
    ])
      expect(sr).toContain(said);
    expect(sr).not.toContain('DEVICE_TO_RIDGE');
    const near = { ...virtualDevice, distanceUncertaintiesMm: { circumflex: 1.5 } };
    expect(await srOf(near)).toContain('± holds for nine of ten phantoms; here ± 1.5 mm');
    expect(await srOf({ ...virtualDevice, distancesByModel: ['circumflex'] })).toContain(
      'the point that the model of the surface took for it',
    );
    expect(await srOf(null)).not.toContain('VIRTUAL_DEVICE');
  });

  it('have the distances from the ostium with their ±, or why there is none', async () => {
    const plan = {
      profile: lumenProfile,
      landingZoneMm: null,
      devices: [],
      virtualDevice: null,
      ostiumDistances: [
        { structure: 'circumflex' as const, mm: 4.2, uncertaintyMm: 1.5, withheld: null },
        {
          structure: 'interatrialSeptum' as const,
          mm: null,
          uncertaintyMm: null,
          withheld: failure('planning.structure-not-found', { structure: 'interatrialSeptum' }),
        },
      ],
    };
    const options = { ...request().options, dicomObjects: ['dicom-sr' as const] };
    const { files } = await buildExport(request({ plan, options }));
    const sr = Buffer.from(files[0]!.bytes).toString('utf8');
    for (const said of ['OSTIUM_TO_LCX', '4.2', 'here ± 1.5 mm', 'Ostium to the interatrial septum: '])
      expect(sr).toContain(said);
    expect(sr).not.toContain('OSTIUM_TO_SEPTUM');
  });

  it('have the distance between the landmarks that the reader set, with both places', async () => {
    const options = { ...request().options, dicomObjects: ['dicom-sr' as const] };
    const srOf = async (marks: ExportRequest['marks']): Promise<string> => {
      const { files } = await buildExport(request({ marks, options }));
      return Buffer.from(files[0]!.bytes).toString('utf8');
    };
    const name = 'Landmarks of the ostium, set by the reader';
    const ridge = [1, 2, 3] as const;
    expect(await srOf({ ...NO_MARKS, landmarks: { ridge, circumflex: [1, 2, 23.5] } })).toContain(name);
    expect(await srOf({ ...NO_MARKS, landmarks: { ridge, circumflex: null } })).not.toContain(name);
  });

  it('have what the reader drew in the structured report', async () => {
    const options = { ...request().options, dicomObjects: ['dicom-sr' as const] };
    const annotations = [...EXAMPLE_ANNOTATIONS];
    const { files } = await buildExport(request({ annotations, options }));
    const text = Buffer.from(files[0]!.bytes).toString('utf8');
    for (const { name } of annotations) expect(text).toContain(name);
  });

  it('are refused where the scan’s files or its grid are not known', async () => {
    const message = (parts: Partial<ExportRequest>) =>
      buildExport(request(parts)).then(
        () => '',
        (thrown: Error) => thrown.message,
      );
    const unknown = 'the references to the scan’s files are not known';
    expect(await message({ sourceSeries: null })).toContain(unknown);
    expect(await message({ scanGrid: null })).toContain(unknown);
    const { attributes, instances } = EXAMPLE_CONTEXT.source;
    const { FrameOfReferenceUID: _, ...without } = attributes;
    expect(await message({ sourceSeries: { attributes: without, instances } })).toContain(
      'no frame of reference',
    );
  });
});
