import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeSurface } from '#main/interchange/surfaceFile.ts';
import { meshQuality } from '#main/mesh/quality.ts';
import { type BuiltProgram, builtProgram, type CommandLines, startCommandLines } from './builtProgram.ts';

/*
 * A phantom's appendage remeshed with an inlet by the built program, read back here and by the programs that such meshes
 * are for: Debian's packages gmsh and python3-vtk9 (VMTK, which reads as VTK does, is in no Debian).
 */

const runs = (command: string, ...options: readonly string[]): boolean =>
  spawnSync(command, options, { stdio: 'ignore' }).status === 0;
const hasGmsh = runs('gmsh', '--version');
const READER = 'from vtkmodules.vtkIOXML import vtkXMLPolyDataReader';
const PYTHON = ['python3', '/usr/bin/python3'].find((python) => runs(python, '-c', READER)) ?? '';

let program: BuiltProgram;
let commands: CommandLines;
let report: {
  readonly faces: number;
  readonly minAngleDegrees: number;
  readonly volumeMm3: number;
  readonly volumeChangePercent: number;
  readonly edgesMm: { readonly mean: number };
  readonly deviation: {
    readonly toOriginal: { readonly maxMm: number };
    readonly fromOriginal: { readonly maxMm: number };
  };
  readonly patches: readonly { readonly id: number; readonly name: string; readonly faces: number }[];
  readonly files: readonly string[];
};
let folder: string;
const path = (name: string): string => join(folder, name);

beforeAll(async () => {
  program = await builtProgram();
  commands = startCommandLines(program.file);
  folder = mkdtempSync(join(tmpdir(), 'auricle-remesh-'));
  const { stdout, code } = await commands.run(
    'remesh',
    'examples/training/synthetic-1/segmentation.stl',
    ...['--edge-mm', '1.2', '--inlet-mm', '8', '-o', path('laa.vtp'), path('laa.stl'), '--json'],
  );
  expect(code).toBe(0);
  report = JSON.parse(stdout);
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  commands.stop();
  await program.remove();
});

describe('auricle remesh', () => {
  it('writes a closed surface that keeps to its promises', () => {
    expect(report.files).toEqual(['laa.vtp', 'laa.stl']);
    expect(report.patches.map(({ name }) => name)).toEqual(['wall', 'inlet', 'extension']);
    expect(report.minAngleDegrees).toBeGreaterThan(25);
    expect(Math.abs(report.volumeChangePercent)).toBeLessThan(0.5);
    expect(report.edgesMm.mean).toBeCloseTo(1.2, 1);
    expect(report.deviation.toOriginal.maxMm).toBeLessThan(0.6);
    expect(report.deviation.fromOriginal.maxMm).toBeLessThan(0.6);
    for (const name of report.files) {
      const quality = meshQuality(decodeSurface(readFileSync(path(name)), name));
      expect(quality).toMatchObject({ watertight: true, manifold: true, genus: 0, selfIntersections: 0 });
      expect(quality.faces).toBe(report.faces);
      expect(quality.minAngleDegrees).toBeCloseTo(report.minAngleDegrees, 2);
    }
  });

  it('refuses an edge length that it does not offer', async () => {
    const { code, stderr } = await commands.run(
      ...['remesh', 'examples/training/synthetic-1/segmentation.stl', '-o', path('no.stl'), '--edge-mm', '5'],
    );
    expect(code).toBe(1);
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain('A number from 0.3 to 3 is needed.');
  });

  it.skipIf(PYTHON === '')(
    `is read by VTK with its patches${PYTHON === '' ? ' (skipped: python3-vtk9 is not installed)' : ''}`,
    () => {
      const script = `${READER}
import json, sys
reader = vtkXMLPolyDataReader()
reader.SetFileName(sys.argv[1])
reader.Update()
data = reader.GetOutput()
ids = data.GetCellData().GetArray('CellEntityIds')
names = data.GetFieldData().GetAbstractArray('patches')
print(json.dumps({'ids': [int(ids.GetValue(i)) for i in range(ids.GetNumberOfValues())], 'type': ids.GetDataTypeAsString(),
  'names': [names.GetValue(i) for i in range(names.GetNumberOfValues())], 'cells': data.GetNumberOfCells()}))`;
      const read = JSON.parse(
        execFileSync(PYTHON, ['-W', 'ignore', '-c', script, path('laa.vtp')], { encoding: 'utf8' }),
      ) as { ids: number[]; type: string; names: string[]; cells: number };
      expect(read.cells).toBe(report.faces);
      expect(read.type).toBe('int');
      expect(read.names).toEqual(['1 wall', '3 inlet', '4 extension']);
      for (const { id, faces } of report.patches) {
        expect(read.ids.filter((other) => other === id)).toHaveLength(faces);
      }
    },
  );

  it.skipIf(!hasGmsh)(
    `is filled with tetrahedra by gmsh${hasGmsh ? '' : ' (skipped: gmsh is not installed)'}`,
    () => {
      writeFileSync(
        path('laa.geo'),
        'Merge "laa.stl";\nSurface Loop(1) = Surface{:};\nVolume(1) = {1};\nPhysical Volume("lumen") = {1};\n',
      );
      const said = execFileSync('gmsh', ['-3', path('laa.geo'), '-o', path('laa.msh'), '-format', 'msh2'], {
        encoding: 'utf8',
      });
      expect(said).toContain('No ill-shaped tets');
      expect(said).not.toMatch(/^(?:Error|Warning)/m);
      const [, volume] = /\(volume = ([\d.]+)\)/.exec(said) ?? [];
      expect(Number(volume) / report.volumeMm3).toBeCloseTo(1, 3);
    },
  );
});
