import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { decode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { submesh } from '#main/mesh/submesh.ts';
import { NO_MARKS } from '#shared/contract/readerMarks.ts';
import {
  DOCUMENT_FORMATS,
  exportingService,
  KEEPS_NOTHING,
  MASK_FORMATS,
  MESH_FORMATS,
  MESH_PRODUCTS,
  SHELL_PICTURE,
  USUAL_SIMULATION,
} from '#shared/contract/services/exporting.ts';
import { report } from '#shared/contract/testing/values.ts';
import { CancelledError, UserError } from '#shared/errors.ts';
import { cubeGridLps } from '#shared/geometry/gridLps.ts';
import { signedVolumeMm3 } from '#shared/mesh/measures.ts';
import { rasterizeClosedMesh } from '#shared/mesh/rasterize.ts';
import { icosphere } from '#shared/mesh/testing/primitives.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { decodeNrrd } from '../interchange/nrrd.ts';
import { decodePly } from '../interchange/ply.ts';
import { decodeStl } from '../interchange/stl.ts';
import { decodeThreeMf } from '../interchange/threeMf.ts';
import { decodeVtp } from '../interchange/vtp.ts';
import { REPORT_INPUT } from '../report/testing/reportFixture.ts';
import { buildExport, type ExportRequest } from './index.ts';

/** The contract's arrays own their buffers. */
const owned = ({ positionsLpsMm, triangles }: TriangleMesh): ExportRequest['appendage']['closed'] => ({
  positionsLpsMm: Float32Array.from(positionsLpsMm),
  triangles: Uint32Array.from(triangles),
});

const closed = owned(icosphere([10, 20, 30], 4, 3));
const isBelow = (face: number): boolean =>
  [0, 1, 2].every((corner) => closed.positionsLpsMm[3 * closed.triangles[3 * face + corner]! + 2]! < 28);
const grid = cubeGridLps([10, 20, 30], 11, 14);

const NOTHING: ExportRequest['options'] = {
  products: [],
  meshFormats: [],
  maskFormats: [],
  documents: [],
  dicomObjects: [],
  isAnonymous: false,
  withScan: false,
  keptIdentity: KEEPS_NOTHING,
  frame: 'LPS',
  shellThicknessMm: 1,
  shellBaseMm: 0,
  simulation: { ...USUAL_SIMULATION, edgeMm: 1.5 },
};

const request = (options: Partial<ExportRequest['options']>): ExportRequest => ({
  appendage: {
    closed,
    wall: owned(submesh(closed, (face) => !isBelow(face)).mesh),
    ostiumPlane: { pointLpsMm: [10, 20, 28], normal: [0, 0, 1] },
    rimLpsMm: null,
    measurements: REPORT_INPUT.measurements,
    mesh: report.mesh,
    warnings: [],
  },
  labels: { grid, data: Uint8Array.from(rasterizeClosedMesh(closed, grid)) },
  scanGrid: null,
  report: report,
  warningsBeforeEditing: [],
  phases: [],
  offChances: null,
  marks: NO_MARKS,
  annotations: [],
  patient: REPORT_INPUT.patient,
  sourceSeries: null,
  edits: [...REPORT_INPUT.edits],
  review: 'accepted',
  plan: REPORT_INPUT.plan,
  reviewedBy: null,
  reviewedSteps: [],
  pictures: [...REPORT_INPUT.pictures],
  letterhead: REPORT_INPUT.letterhead,
  deviceMesh: null,
  scanPictures: [],
  options: { ...NOTHING, ...options },
});

const withoutOstium = (options: Partial<ExportRequest['options']>): ExportRequest => {
  const whole = request(options);
  return { ...whole, appendage: { ...whole.appendage, wall: null, ostiumPlane: null } };
};

const text = (bytes: Uint8Array): string => new TextDecoder('latin1').decode(bytes);
const utf8 = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

describe('export', () => {
  it('makes every product in every format, each mesh with its JSON, all as the contract says', async () => {
    const wanted = request({
      products: [...MESH_PRODUCTS],
      meshFormats: [...MESH_FORMATS],
      maskFormats: [...MASK_FORMATS],
      documents: [...DOCUMENT_FORMATS],
    });
    exportingService.build.params.parse(wanted);
    const fractions: number[] = [];
    const result = await buildExport(wanted, undefined, ({ fraction }) => fractions.push(fraction));
    exportingService.build.result.parse(result);
    const files = new Map(result.files.map(({ name, bytes }) => [name, bytes]));
    const meshNames = ['wall', 'closed', 'shell'].flatMap((product) =>
      ['.stl', '.ascii.stl', '.obj', '.ply', '.vtp', '.3mf', '.glb'].map((end) => `laa-${product}${end}`),
    );
    meshNames.push('laa-simulation-wall.stl', 'laa-simulation-ostium.stl');
    meshNames.push(
      ...['.ascii.stl', '.obj', '.ply', '.vtp', '.3mf', '.glb'].map((end) => `laa-simulation${end}`),
    );
    const maskNames = ['laa-mask.nrrd', 'laa-mask.nii.gz'];
    const documentNames = ['measurements', 'registry', 'report', 'summary'].flatMap((name) =>
      (name === 'report' || name === 'summary' ? ['.html', '.pdf'] : ['.csv', '.json']).map(
        (end) => `${name}${end}`,
      ),
    );
    expect([...files.keys()].sort()).toEqual(
      [
        ...[...meshNames, ...maskNames].flatMap((name) => [name, `${name}.json`]),
        ...documentNames,
        SHELL_PICTURE,
      ].sort(),
    );
    // The shell's thickness, a number a vertex, and as a picture.
    const thick = text(files.get('laa-shell.vtp')!);
    expect(thick).toContain('<DataArray type="Float32" Name="thickness_mm" format="binary">');
    expect(text(files.get('laa-shell.ply')!)).toContain('property float thickness_mm\nproperty uchar red\n');
    expect(decodePly(files.get('laa-shell.ply')!).triangles).toEqual(
      decodeVtp(files.get('laa-shell.vtp')!).triangles,
    );
    expect(decode(files.get(SHELL_PICTURE)!)).toMatchObject({ width: 840, height: 494 });
    for (const name of meshNames) {
      const description = JSON.parse(utf8(files.get(`${name}.json`)!));
      expect(description).toMatchObject({
        file: { name, frame: 'LPS', unit: 'mm' },
        source: { seriesInstanceUid: '2.25.123' },
        edits: REPORT_INPUT.edits,
        review: 'accepted',
        reviewedBy: null,
        reviewedSteps: [],
      });
      expect(description.file.sha256).toBe(createHash('sha256').update(files.get(name)!).digest('hex'));
      expect('shell' in description.file).toBe(name.startsWith('laa-shell'));
      expect('simulation' in description.file).toBe(name.startsWith('laa-simulation'));
    }
    // One and the same surface, whatever the format.
    expect(decodeVtp(files.get('laa-closed.vtp')!)).toEqual(closed);
    expect(decodeThreeMf(files.get('laa-closed.3mf')!)).toEqual(closed);
    const shell = decodeStl(files.get('laa-shell.stl')!);
    expect(signedVolumeMm3(shell)).toBeCloseTo(signedVolumeMm3(decodeVtp(files.get('laa-shell.vtp')!)), 3);
    // The mesh for simulation is closed, in one file or in one a patch.
    const whole = decodeVtp(files.get('laa-simulation.vtp')!);
    const { simulation } = JSON.parse(utf8(files.get('laa-simulation.vtp.json')!)).file;
    expect(simulation.minAngleDegrees).toBeGreaterThan(25);
    expect(signedVolumeMm3(whole)).toBeCloseTo(simulation.volumeMm3, 1);
    expect(text(files.get('laa-simulation.ascii.stl')!).match(/^solid .*/gm)).toEqual([
      'solid wall',
      'solid ostium',
    ]);
    const parts = ['wall', 'ostium'].map((name) => decodeStl(files.get(`laa-simulation-${name}.stl`)!));
    expect(parts[0]!.triangles.length + parts[1]!.triangles.length).toBe(whole.triangles.length);
    expect(decodeNrrd(files.get('laa-mask.nrrd')!)).toEqual(wanted.labels);
    expect(new Uint8Array(gunzipSync(files.get('laa-mask.nii.gz')!)).slice(352)).toEqual(wanted.labels.data);
    expect(text(files.get('report.pdf')!).startsWith('%PDF-')).toBe(true);
    expect(fractions.at(-1)).toBe(1);
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    // Patient data within HTML and PDF only.
    for (const [name, bytes] of files) {
      const content = text(bytes);
      const carries = ['DOE^', 'DOE JANE', 'A-17', '19500102'].some((secret) => content.includes(secret));
      if (!/\.(html|pdf)$/.test(name)) expect(`${name} ${carries}`).toBe(`${name} false`);
    }
  });

  it('names RAS and ASCII in file names and headers, and describes the shell', async () => {
    const { files } = await buildExport(
      request({
        products: ['closed'],
        meshFormats: ['stl', 'stl-ascii'],
        frame: 'RAS',
        maskFormats: ['nrrd'],
      }),
    );
    expect(files.map(({ name }) => name)).toEqual([
      'laa-closed.ras.stl',
      'laa-closed.ras.stl.json',
      'laa-closed.ascii.ras.stl',
      'laa-closed.ascii.ras.stl.json',
      'laa-mask.nrrd',
      'laa-mask.nrrd.json',
    ]);
    expect(text(files[0]!.bytes).startsWith('Auricle RAS mm closed lumen')).toBe(true);
    expect(JSON.parse(utf8(files[1]!.bytes)).file.frame).toBe('RAS');
    const [shell, description] = (
      await buildExport(
        request({ products: ['shell'], meshFormats: ['stl'], shellThicknessMm: 1.5, shellBaseMm: 3 }),
      )
    ).files;
    expect(shell!.name).toBe('laa-shell.stl');
    const { file } = JSON.parse(utf8(description!.bytes));
    expect(file.shell).toMatchObject({
      askedThicknessMm: 1.5,
      baseWidthMm: 3,
      standsAlone: true,
      isOpenAtOstium: true,
      watertight: true,
      selfIntersections: 0,
    });
    expect(file.shell.meanThicknessMm).toBeCloseTo(1.5, 1);
  });

  it('refuses what it cannot make, by name', async () => {
    const sentence = async (wanted: ExportRequest): Promise<string> => {
      const error: unknown = await buildExport(wanted).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(UserError);
      return (error as UserError).message;
    };
    const meshFormats = ['stl'] as const;
    expect(await sentence(request({}))).toContain('Nothing was chosen');
    expect(await sentence(request({ meshFormats: [...meshFormats] }))).toContain('Nothing was chosen');
    expect(await sentence(request({ products: ['wall'], documents: ['csv'] }))).toContain('file format');
    const of = (product: 'wall' | 'shell'): ExportRequest =>
      withoutOstium({ products: [product], meshFormats: [...meshFormats] });
    expect(await sentence(of('wall'))).toContain('open wall');
    expect(await sentence(of('shell'))).toContain('printable shell');
    const empty = { ...request({ maskFormats: ['nrrd'] }), labels: { grid, data: new Uint8Array(14 ** 3) } };
    expect(await sentence(empty)).toContain('label map');
    const { files } = await buildExport(
      withoutOstium({ products: ['closed'], meshFormats: [...meshFormats] }),
    );
    expect(files).toHaveLength(2);
  });

  it('stops when cancelled', async () => {
    const wanted = request({ products: ['shell'], meshFormats: ['stl'] });
    await expect(buildExport(wanted, AbortSignal.abort())).rejects.toThrow(CancelledError);
    const controller = new AbortController();
    const inTheMiddle = buildExport(wanted, controller.signal, ({ fraction }) => {
      if (fraction > 0.1) controller.abort();
    });
    await expect(inTheMiddle).rejects.toThrow(CancelledError);
  });
});
