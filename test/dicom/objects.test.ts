import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decode } from 'fast-png';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeEncapsulatedModel } from '#main/dicomObjects/encapsulatedModel.ts';
import { writeMeasurementReport } from '#main/dicomObjects/measurementReport.ts';
import { writeSecondaryCapture } from '#main/dicomObjects/secondaryCapture.ts';
import { pointsOf } from '#main/dicomObjects/sectionOutlines.ts';
import { writeSegmentation } from '#main/dicomObjects/segmentation.ts';
import {
  EXAMPLE_CONTEXT,
  EXAMPLE_GRID,
  EXAMPLE_MASK,
  EXAMPLE_MEASURES,
  EXAMPLE_MESH,
} from '#main/dicomObjects/testing/exampleResult.ts';
import { labelsInSlices } from '#main/interchange/gzipSlices.ts';
import { decodeObj } from '#main/interchange/obj.ts';
import { decodeStl } from '#main/interchange/stl.ts';
import { picturePng } from '#main/report/testing/reportFixture.ts';
import { EXAMPLE_ANNOTATIONS } from '#shared/annotations/testing/exampleAnnotations.ts';
import { report } from '#shared/contract/testing/values.ts';
import { ijkToLps } from '#shared/geometry/gridLps.ts';
import { distance, dot, subtract, type Vec3 } from '#shared/geometry/vec3.ts';
import { vertexLpsMm } from '#shared/mesh/measures.ts';
import { cycle } from '#shared/phases/testing/cycle.ts';
import { dicomErrors, hasDcmtk, hasDicom3tools, output, PYTHON, python, skipNote } from './peers.ts';

const PICTURE = picturePng();
let folder: string;
let segmentationUid: string;
const path = (name: string): string => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'auricle-objects-'));
  const labels = () => labelsInSlices({ grid: EXAMPLE_GRID, data: EXAMPLE_MASK });
  const segmentation = writeSegmentation(labels(), EXAMPLE_CONTEXT);
  segmentationUid = segmentation.sopInstanceUid;
  writeFileSync(path('seg.dcm'), segmentation.bytes);
  writeFileSync(path('map.dcm'), writeSegmentation(labels(), EXAMPLE_CONTEXT, 'LABELMAP').bytes);
  const model = { mesh: EXAMPLE_MESH, label: 'closed lumen' };
  writeFileSync(path('stl.dcm'), writeEncapsulatedModel(model, 'stl', EXAMPLE_CONTEXT).bytes);
  writeFileSync(path('obj.dcm'), writeEncapsulatedModel(model, 'obj', EXAMPLE_CONTEXT).bytes);
  const measures = {
    ...EXAMPLE_MEASURES,
    warnings: ['Slices of 3 mm — thick.'],
    segmentation,
  };
  writeFileSync(path('sr.dcm'), writeMeasurementReport(measures, EXAMPLE_CONTEXT).bytes);
  const drawn = { ...measures, annotations: EXAMPLE_ANNOTATIONS };
  writeFileSync(path('drawn.dcm'), writeMeasurementReport(drawn, EXAMPLE_CONTEXT).bytes);
  const phased = { ...measures, heartPhase: cycle[0]!.phase, phases: cycle };
  writeFileSync(path('phased.dcm'), writeMeasurementReport(phased, EXAMPLE_CONTEXT).bytes);
  const picture = { png: PICTURE, caption: 'Axial plane', namesPatient: false, number: 1 };
  writeFileSync(path('sc.dcm'), writeSecondaryCapture(picture, EXAMPLE_CONTEXT).bytes);
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
    async (name) => {
      const read = (await python(READ_SEG, path(name))) as ReadSeg;
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
  ] as const)('the same surface, vertex for vertex, as Encapsulated %s', async (format, decode) => {
    const read = (await python(
      `
import sys, json, pydicom, base64
d = pydicom.dcmread(sys.argv[1])
print(json.dumps(dict(document=base64.b64encode(d.EncapsulatedDocument[:d.EncapsulatedDocumentLength]).decode(), mime=d.MIMETypeOfEncapsulatedDocument,
  unit=d.MeasurementUnitsCodeSequence[0].CodeValue, frame=d.FrameOfReferenceUID, sources=len(d.SourceInstanceSequence), modality=d.Modality)))`,
      path(`${format}.dcm`),
    )) as Readonly<Record<string, unknown>>;
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

/** The tree of a report: relationship, type, name, and value of each item, a level deeper within it. */
const READ_SR = `
import sys, json, pydicom
d = pydicom.dcmread(sys.argv[1])
def walk(i, level):
    v = ''
    if i.ValueType == 'NUM':
        m = i.MeasuredValueSequence[0]; v = str(m.NumericValue) + ' ' + m.MeasurementUnitsCodeSequence[0].CodeValue
    elif i.ValueType == 'CODE': v = i.ConceptCodeSequence[0].CodeValue
    elif i.ValueType == 'TEXT': v = i.TextValue
    elif i.ValueType == 'UIDREF': v = i.UID
    elif i.ValueType == 'SCOORD3D': v = json.dumps([i.GraphicType, i.ReferencedFrameOfReferenceUID, list(i.GraphicData)])
    elif i.ValueType == 'IMAGE':
        r = i.ReferencedSOPSequence[0]; v = r.ReferencedSOPInstanceUID + (' segment %s' % r.ReferencedSegmentNumber if 'ReferencedSegmentNumber' in r else '')
    name = i.ConceptNameCodeSequence[0].CodeValue if 'ConceptNameCodeSequence' in i else ''
    return [[level, i.ValueType, name, v]] + [x for c in i.get('ContentSequence', []) for x in walk(c, level + 1)]
evidence = [[s.SeriesInstanceUID, [o.ReferencedSOPInstanceUID for o in s.ReferencedSOPSequence]]
  for e in d.CurrentRequestedProcedureEvidenceSequence for s in e.ReferencedSeriesSequence]
print(json.dumps(dict(tree=walk(d, 0), groups=[c.ContentTemplateSequence[0].TemplateIdentifier for g in d.ContentSequence for c in g.get('ContentSequence', []) if 'ContentTemplateSequence' in c], evidence=evidence, template=d.ContentTemplateSequence[0].TemplateIdentifier)))
`;

interface ReadSr {
  readonly tree: readonly (readonly [level: number, type: string, name: string, value: string])[];
  readonly evidence: readonly (readonly [string, string[]])[];
  readonly template: string;
  readonly groups: readonly string[];
}

describe.skipIf(PYTHON === '')(`pydicom walks the report${skipNote(PYTHON !== '', 'pydicom')}`, () => {
  it('and finds every measure with its unit, each group with its site, and all references', async () => {
    const { tree, evidence, template } = (await python(READ_SR, path('sr.dcm'))) as ReadSr;
    expect(template).toBe('1500');
    const numbers = tree.filter(([, type]) => type === 'NUM').map(([, , name, value]) => `${name} ${value}`);
    const { ostium, landingZones, volumeMl, depthMm } = EXAMPLE_MEASURES.measurements;
    const [near] = landingZones;
    expect(numbers).toHaveLength(6 + 7 + 2 * 8 + 2 + 4);
    for (const wanted of [
      `118565006 ${volumeMl} mL`,
      `131221 ${depthMm} mm`,
      `131187009 ${ostium?.maxDiameterMm} mm`,
      `131225 ${ostium?.perimeterMm} mm`,
      `131222 ${near?.maxDiameterMm} mm`,
      `112031 ${report.contrast.atriumHu} [hnsf'U]`,
      `118565006 ${EXAMPLE_MEASURES.filling.unfilledMl} mL`,
      `112031 ${EXAMPLE_MEASURES.filling.unfilledHu} [hnsf'U]`,
      `BEGINS_AT ${EXAMPLE_MEASURES.filling.fromDepthMm} mm`,
    ]) {
      expect(numbers).toContain(wanted);
    }
    const values = (name: string) => tree.filter((item) => item[2] === name).map((item) => item[3]);
    expect(values('363698007')).toEqual(['33626005', '82471001', '131120', ...Array(4).fill('33626005')]);
    expect(values('112039')).toEqual([
      'Left atrial appendage',
      'Ostium',
      'Landing zone at 10 mm',
      'Landing zone at 12 mm',
      'Part of the appendage that contrast fills',
      'Part of the appendage that contrast does not fill',
    ]);
    expect(new Set(values('112040')).size).toBe(6);
    expect(values('121106')).toContain('Warning: Slices of 3 mm — thick.');
    expect(values('121191')).toEqual([`${segmentationUid} segment 1`]);
    // What the tree names and what the evidence lists is the same.
    const images = tree.filter(([, type]) => type === 'IMAGE').map((item) => item[3].split(' ')[0]);
    expect(evidence.flatMap(([, instances]) => instances).sort()).toEqual([...new Set(images)].sort());
    expect(images).toHaveLength(8);
  });

  it('and finds outlines, centres and axes in the frame of reference of the scan', async () => {
    const { tree, groups } = (await python(READ_SR, path('sr.dcm'))) as ReadSr;
    // Neither the second landing zone nor the parts by filling lie on this surface: their measures stand without a place.
    expect(groups).toEqual(['1411', '1410', '1410', '1501', '1501', '1501']);
    const { measurements, surface } = EXAMPLE_MEASURES;
    const placed = tree.flatMap(([, type, name, value]) => {
      if (type !== 'SCOORD3D') return [];
      const [graphic, frame, data] = JSON.parse(value) as [string, string, number[]];
      expect(frame).toBe('2.25.300');
      return [{ graphic, name, points: pointsOf(data) }];
    });
    const sections = [measurements.ostium!, measurements.landingZones[0]!];
    const outlines = placed.filter(({ graphic }) => graphic === 'POLYGON');
    expect(outlines.map(({ name }) => name)).toEqual(['111030', '111030']);
    expect(outlines[0]!.points).toHaveLength(surface.rimLpsMm.length + 1);
    for (const [at, point] of surface.rimLpsMm.entries())
      expect(distance(point, outlines[0]!.points[at]!)).toBeLessThan(1e-4);
    const centres = placed.filter(({ graphic }) => graphic === 'POINT');
    const axes = placed.filter(({ graphic }) => graphic === 'POLYLINE');
    sections.forEach(({ centreLpsMm, normal, maxDiameterMm, minDiameterMm }, at) => {
      const { points } = outlines[at]!;
      expect(points.at(-1)).toEqual(points[0]);
      for (const point of points)
        expect(Math.abs(dot(subtract(point, centreLpsMm), normal))).toBeLessThan(1e-4);
      expect(distance(centres[at]!.points[0]!, centreLpsMm)).toBeLessThan(1e-4);
      const lengths = axes
        .slice(2 * at, 2 * at + 2)
        .map((axis) => distance(axis.points[0]!, axis.points[1]!));
      expect(lengths[0]).toBeCloseTo(maxDiameterMm, 2);
      expect(lengths[1]).toBeCloseTo(minDiameterMm, 2);
    });
    expect(axes).toHaveLength(4);
  });

  it('and finds the heart phase of every group of measures, those of the other phases among them', async () => {
    const { tree } = (await python(READ_SR, path('phased.dcm'))) as ReadSr;
    const groups: { tracking: string; phase: string; percent: string; numbers: string[] }[] = [];
    for (const [, type, name, value] of tree) {
      if (name === '112039') groups.push({ tracking: value, phase: '', percent: '', numbers: [] });
      const group = groups.at(-1);
      if (!group) continue;
      if (name === '246092007') group.phase = value;
      else if (name === 'RR_PERCENT') group.percent = value;
      else if (type === 'NUM') group.numbers.push(`${name} ${value}`);
    }
    // 60 % was refused; 80 % gives no volume.
    expect(groups.map(({ phase }) => phase)).not.toContain('');
    const others = groups.filter(({ phase }) => phase !== '0 %');
    expect(others.map(({ tracking, percent }) => [tracking, percent])).toEqual([
      ['Left atrial appendage, heart phase 40 %', '40 %'],
      ['Ostium, heart phase 40 %', '40 %'],
      ['Left atrial appendage, heart phase 80 %', '80 %'],
      ['Ostium, heart phase 80 %', '80 %'],
    ]);
    expect(others[0]!.numbers).toContain('118565006 8 mL');
    expect(others[1]!.numbers).toContain('42798000 500 mm2');
    expect(others[2]!.numbers.some((number) => number.startsWith('118565006'))).toBe(false);
    const comments = tree.filter(([, , name]) => name === '121106').map(([, , , value]) => value);
    expect(comments).toContainEqual(expect.stringContaining('Size at 40 %'));
    expect(comments).toContainEqual(expect.stringContaining('Heart phase 60 % was not segmented'));
    expect(tree.map(([, , , value]) => value)).toContain('1.2.40');
  });

  it('and finds all that a reader drew: lengths, angles, attenuation with outlines, a text', async () => {
    const { tree, groups } = (await python(READ_SR, path('drawn.dcm'))) as ReadSr;
    expect(groups.slice(-5)).toEqual(['1501', '1501', '1410', '1410', '1501']);
    const start = tree.findIndex(([, , name, value]) => name === '112039' && value === 'Ruler 1');
    const items = tree.slice(start - 1);
    const told = items.map(([, type, name, value]) => `${type} ${name} ${value}`);
    const names = items.filter(([, , name]) => name === '112039').map(([, , , value]) => value);
    expect(names).toEqual(EXAMPLE_ANNOTATIONS.map(({ name }) => name));
    expect(new Set(items.filter(([, , name]) => name === '112040').map(([, , , uid]) => uid)).size).toBe(5);
    const area = (Math.PI * 24).toFixed(3);
    for (const wanted of ['410668003 12.5 mm', '1483009 90 deg', `42798000 ${area} mm2`, '42798000 20 mm2'])
      expect(told, wanted).toContain(`NUM ${wanted}`);
    // Mean, standard deviation, minimum, maximum: each number is followed by how, and by which of them it is.
    const statistics = items.flatMap(([, type, name, value], at) =>
      type === 'NUM' && name === '112031' ? [`${value} ${items[at + 2]?.[3]}`] : [],
    );
    expect(statistics).toEqual([
      "312.4 [hnsf'U] 373098007",
      "23.6 [hnsf'U] 386136009",
      "201 [hnsf'U] 255605001",
      "405 [hnsf'U] 56851009",
      "54.5 [hnsf'U] 373098007",
      "11.25 [hnsf'U] 386136009",
      "-12.5 [hnsf'U] 255605001",
      "88.75 [hnsf'U] 56851009",
    ]);
    expect(told.filter((text) => text.includes('25 % outside of the scan'))).toHaveLength(4);
    expect(told).toContain('TEXT 121106 Thrombus?');
    const graphics = items.flatMap(([, type, , value]) =>
      type === 'SCOORD3D' ? [JSON.parse(value) as [string, string, number[]]] : [],
    );
    expect(graphics).toEqual([
      ['POLYLINE', '2.25.300', [0, 0, 30, 7.5, 10, 30]],
      ['POLYLINE', '2.25.300', [10, 0, 30, 0, 0, 30, 0, 5, 30]],
      // The ends of the longer axis come first.
      ['ELLIPSE', '2.25.300', [20, 26, 30, 20, 14, 30, 24, 20, 30, 16, 20, 30]],
      ['POLYGON', '2.25.300', [0, 0, 0, 4, 0, 0, 4, 4, -3, 0, 4, -3, 0, 0, 0]],
      ['POINT', '2.25.300', [3, 3, 30]],
    ]);
  });

  it('and the picture, pixel for pixel', async () => {
    const read = await python(
      `
import sys, json, pydicom
d = pydicom.dcmread(sys.argv[1])
print(json.dumps(dict(shape=d.pixel_array.shape, pixels=[int(x) for x in d.pixel_array.flatten()], burned=d.BurnedInAnnotation)))`,
      path('sc.dcm'),
    );
    expect(read).toEqual({ shape: [24, 32, 3], pixels: [...decode(PICTURE).data], burned: 'NO' });
  });
});

describe.skipIf(!hasDcmtk)(`DCMTK reads${skipNote(hasDcmtk, 'dcmtk')}`, () => {
  it.each(['seg.dcm', 'map.dcm', 'stl.dcm', 'obj.dcm', 'sr.dcm', 'drawn.dcm', 'sc.dcm'])(
    'without a warning: %s',
    (name) => {
      expect(output('dcmdump', '-E', path(name))).toContain('SOPInstanceUID');
      expect(JSON.parse(output('dcm2json', path(name)))).toMatchObject({
        '00100010': { Value: [{ Alphabetic: 'Łukasz^Jörg', Ideographic: '山田^太郎' }] },
      });
    },
  );
});

describe.skipIf(!hasDcmtk)(`DCMTK's reader of reports${skipNote(hasDcmtk, 'dcmtk')}`, () => {
  it('prints the tree and a page of it', () => {
    const tree = output('dsrdump', '+Pl', path('sr.dcm'));
    expect(tree).toContain('Comprehensive 3D SR Document');
    expect(tree).toMatch(/SCOORD3D.*POLYGON/);
    expect(tree).toMatch(/Left atrial appendage depth"\)="33\.313" \(mm,UCUM/);
    expect(output('dsr2html', path('sr.dcm'))).toContain('Landing zone at 10 mm');
    const drawn = output('dsr2html', path('drawn.dcm'));
    for (const text of ['Angle of the ridge', 'Thrombus?', 'Standard Deviation'])
      expect(drawn).toContain(text);
    const phased = output('dsr2html', path('phased.dcm'));
    for (const text of ['Ostium, heart phase 40 %', 'Cardiac cycle phase', 'Place in the R-R interval'])
      expect(phased).toContain(text);
    expect(output('dsrdump', '+Pl', path('drawn.dcm'))).toMatch(/SCOORD3D.*ELLIPSE/);
  });
});

describe.skipIf(!hasDicom3tools)(`dicom3tools' dciodvfy${skipNote(hasDicom3tools, 'dicom3tools')}`, () => {
  it('finds no error', () => {
    for (const name of ['seg.dcm', 'stl.dcm', 'sr.dcm', 'drawn.dcm', 'phased.dcm', 'sc.dcm'])
      expect(dicomErrors(path(name)), name).toEqual([]);
    // It is older than these two and names nothing else.
    for (const name of ['map.dcm', 'obj.dcm']) {
      expect(dicomErrors(path(name)), name).toEqual(['Error - Information Object Not found']);
    }
  });

  it('finds the objects in agreement about patient and study (dcentvfy)', () => {
    expect(output('dcentvfy', path('seg.dcm'), path('stl.dcm'), path('sr.dcm'))).toBe('');
  });
});
