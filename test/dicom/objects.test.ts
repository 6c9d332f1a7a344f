import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeEncapsulatedModel } from '#main/dicomObjects/encapsulatedModel.ts';
import { writeSegmentation } from '#main/dicomObjects/segmentation.ts';
import {
  EXAMPLE_CONTEXT,
  EXAMPLE_GRID,
  EXAMPLE_MASK,
  EXAMPLE_MESH,
} from '#main/dicomObjects/testing/exampleResult.ts';
import { labelsInSlices } from '#main/interchange/gzipSlices.ts';
import { decodeObj } from '#main/interchange/obj.ts';
import { decodeStl } from '#main/interchange/stl.ts';
import { ijkToLps } from '#shared/geometry/gridLps.ts';
import { distance, type Vec3 } from '#shared/geometry/vec3.ts';
import { vertexLpsMm } from '#shared/mesh/measures.ts';
import { dicomErrors, hasDcmtk, hasDicom3tools, output, PYTHON, python, skipNote } from './peers.ts';

let folder: string;
const path = (name: string): string => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'auricle-objects-'));
  const labels = () => labelsInSlices({ grid: EXAMPLE_GRID, data: EXAMPLE_MASK });
  writeFileSync(path('seg.dcm'), writeSegmentation(labels(), EXAMPLE_CONTEXT).bytes);
  writeFileSync(path('map.dcm'), writeSegmentation(labels(), EXAMPLE_CONTEXT, 'LABELMAP').bytes);
  const model = { mesh: EXAMPLE_MESH, label: 'closed lumen' };
  writeFileSync(path('stl.dcm'), writeEncapsulatedModel(model, 'stl', EXAMPLE_CONTEXT).bytes);
  writeFileSync(path('obj.dcm'), writeEncapsulatedModel(model, 'obj', EXAMPLE_CONTEXT).bytes);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Frames as pydicom decodes them, with place, source image and the names of patient and segment. */
const READ_SEG = `
import sys, json, pydicom, numpy as np
d = pydicom.dcmread(sys.argv[1])
# pydicom 2.3 knows no label maps: their pixels are plain bytes.
if d.BitsAllocated == 1: a = d.pixel_array
else: a = np.frombuffer(d.PixelData, np.uint8)[:d.NumberOfFrames*d.Rows*d.Columns]
a = a.reshape(int(d.NumberOfFrames), d.Rows, d.Columns)
s = d.SharedFunctionalGroupsSequence[0]
frames = []
for f, p in zip(d.PerFrameFunctionalGroupsSequence, a):
    i = f.DerivationImageSequence[0].SourceImageSequence[0]
    frames.append(dict(position=[float(x) for x in f.PlanePositionSequence[0].ImagePositionPatient],
      source=i.ReferencedSOPInstanceUID, index=list(f.FrameContentSequence[0].DimensionIndexValues) if d.BitsAllocated==1 else None,
      voxels=[int(x) for x in p.flatten()]))
g = d.SegmentSequence[0]
print(json.dumps(dict(frames=frames, name=str(d.PatientName), id=d.PatientID, study=d.StudyDescription,
  spacing=[float(x) for x in s.PixelMeasuresSequence[0].PixelSpacing],
  orientation=[float(x) for x in s.PlaneOrientationSequence[0].ImageOrientationPatient],
  type=g.SegmentedPropertyTypeCodeSequence[0].CodeValue, algorithm=[x.AlgorithmName + ' ' + x.AlgorithmParameters for x in g.SegmentationAlgorithmIdentificationSequence],
  instances=[x.ReferencedSOPInstanceUID for x in d.ReferencedSeriesSequence[0].ReferencedInstanceSequence])))
`;

interface ReadSeg {
  readonly frames: readonly { position: Vec3; source: string; voxels: number[] }[];
  readonly [field: string]: unknown;
}

describe.skipIf(PYTHON === '')(`pydicom reads${skipNote(PYTHON !== '', 'pydicom')}`, () => {
  it.each(['seg.dcm', 'map.dcm'])(
    'the same voxels at the same places, and all that it refers to: %s',
    (name) => {
      const read = python(READ_SEG, path(name)) as ReadSeg;
      expect(read.frames.map(({ source }) => source)).toEqual([1, 2, 3, 4].map((k) => `2.25.200${k}`));
      read.frames.forEach(({ position, voxels }, frame) => {
        expect(distance(position, ijkToLps(EXAMPLE_GRID, [0, 0, frame + 1]))).toBeLessThan(1e-9);
        expect(voxels).toEqual([...EXAMPLE_MASK.subarray((frame + 1) * 143, (frame + 2) * 143)]);
      });
      const [alongRow, alongColumn] = EXAMPLE_GRID.directions;
      [...alongRow, ...alongColumn].forEach((value, at) => {
        expect((read.orientation as number[])[at]).toBeCloseTo(value, 10);
      });
      expect(read).toMatchObject({
        name: 'Łukasz^Jörg=山田^太郎',
        id: 'ÄÖ-17',
        study: 'Herz-CT, präoperativ',
        spacing: [0.75, 0.5],
        type: '33626005',
        algorithm: [`laa-nudf-128 sha256=${'b2'.repeat(32)}`],
        instances: [0, 1, 2, 3, 4, 5, 6].map((k) => `2.25.200${k}`),
      });
    },
  );

  it.each([
    ['stl', decodeStl],
    ['obj', decodeObj],
  ] as const)('the same surface, vertex for vertex, as Encapsulated %s', (format, decode) => {
    const read = python(
      `
import sys, json, pydicom, base64
d = pydicom.dcmread(sys.argv[1])
print(json.dumps(dict(document=base64.b64encode(d.EncapsulatedDocument[:d.EncapsulatedDocumentLength]).decode(), mime=d.MIMETypeOfEncapsulatedDocument,
  unit=d.MeasurementUnitsCodeSequence[0].CodeValue, frame=d.FrameOfReferenceUID, sources=len(d.SourceInstanceSequence), modality=d.Modality)))`,
      path(`${format}.dcm`),
    ) as Readonly<Record<string, unknown>>;
    const mesh = decode(new Uint8Array(Buffer.from(String(read.document), 'base64')));
    expect(mesh.triangles.length).toBe(EXAMPLE_MESH.triangles.length);
    for (let corner = 0; corner < mesh.triangles.length; corner++) {
      const found = vertexLpsMm(mesh, mesh.triangles[corner]!);
      expect(distance(found, vertexLpsMm(EXAMPLE_MESH, EXAMPLE_MESH.triangles[corner]!))).toBeLessThan(1e-4);
    }
    expect(read).toMatchObject({
      mime: `model/${format}`,
      unit: 'mm',
      frame: '2.25.300',
      sources: 7,
      modality: 'M3D',
    });
  });
});

describe.skipIf(!hasDcmtk)(`DCMTK reads${skipNote(hasDcmtk, 'dcmtk')}`, () => {
  it.each(['seg.dcm', 'map.dcm', 'stl.dcm', 'obj.dcm'])('without a warning: %s', (name) => {
    expect(output('dcmdump', '-E', path(name))).toContain('SOPInstanceUID');
    expect(JSON.parse(output('dcm2json', path(name)))).toMatchObject({
      '00100010': { Value: [{ Alphabetic: 'Łukasz^Jörg', Ideographic: '山田^太郎' }] },
    });
  });
});

describe.skipIf(!hasDicom3tools)(`dicom3tools' dciodvfy${skipNote(hasDicom3tools, 'dicom3tools')}`, () => {
  it('finds no error', () => {
    for (const name of ['seg.dcm', 'stl.dcm']) expect(dicomErrors(path(name)), name).toEqual([]);
    // It is older than these two and names nothing else.
    for (const name of ['map.dcm', 'obj.dcm']) {
      expect(dicomErrors(path(name)), name).toEqual(['Error - Information Object Not found']);
    }
  });

  it('finds the objects in agreement about patient and study (dcentvfy)', () => {
    expect(output('dcentvfy', path('seg.dcm'), path('stl.dcm'))).toBe('');
  });
});
