import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { decode } from 'fast-png';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diceOfClosedMeshes } from '#main/evaluation/index.ts';
import { decodeNrrd } from '#main/interchange/nrrd.ts';
import { decodeStl } from '#main/interchange/stl.ts';
import { findBoundaryLoops, meshTopology } from '#main/mesh/topology.ts';
import { modelsFolder } from '#main/models/modelFolder.ts';
import { DEFAULT_MODEL_IDS } from '#main/models/modelRegistry.ts';
import { type PhantomTruth, phantomTruthSchema } from '#main/phantom/phantomTruth.ts';
import { type SegmentationReport, segmentationReportSchema } from '#shared/contract/report.ts';
import { distance } from '#shared/geometry/vec3.ts';
import { signedVolumeMm3 } from '#shared/mesh/measures.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { type BuiltProgram, builtProgram, filesBelow, runProgram, temporaryFolder } from './builtProgram.ts';

const missing = Object.values(DEFAULT_MODEL_IDS).filter((id) => !existsSync(join(modelsFolder(), id)));
if (missing.length > 0) process.stderr.write(`End-to-end test skipped: no model ${missing.join(', ')}.\n`);

describe.skipIf(missing.length > 0)('from a phantom to a mesh, with the bundled models', () => {
  let program: BuiltProgram;
  let folder = '';
  let truth: PhantomTruth;
  let report: SegmentationReport;
  let closed: TriangleMesh;
  let wall: TriangleMesh;
  let trueClosed: TriangleMesh;

  beforeAll(async () => {
    program = await builtProgram();
    folder = await temporaryFolder();
    const [phantom, result] = [join(folder, 'phantom'), join(folder, 'result')];
    const scan = ['--size', '170x170x94', '--spacing', '1.2,1.4', '--resolution', '64'];
    const made = await runProgram(program.file, [
      'phantom',
      '--seed',
      '140',
      '--out',
      phantom,
      ...scan,
      '--json',
    ]);
    expect(made.stderr).toBe('');
    truth = phantomTruthSchema.parse(JSON.parse(made.stdout));
    const dicom = join(phantom, 'dicom');
    const args = ['segment', dicom, '-o', result, '--engine', 'onnx', '--resolution', '128', '--json'];
    const segmented = await runProgram(program.file, args);
    expect(segmented.stderr).toBe('');
    report = segmentationReportSchema.parse(JSON.parse(segmented.stdout));
    const mesh = async (name: string) => decodeStl(await readFile(join(folder, name)));
    closed = await mesh('result/laa-closed.stl');
    wall = await mesh('result/laa-wall.stl');
    trueClosed = await mesh('phantom/truth/laa-closed.stl');
  });

  afterAll(async () => {
    await program.remove();
    await rm(folder, { recursive: true, force: true });
  });

  it('finds the lumen that is there', () => {
    expect(diceOfClosedMeshes(closed, trueClosed)).toBeGreaterThan(0.85);
    expect(Math.abs(report.volumeMl! / truth.volumeMl - 1)).toBeLessThan(0.15);
  });

  it('finds its ostium', () => {
    const { ostium } = report;
    expect(distance(ostium!.centreLpsMm, truth.ostium.centreLpsMm)).toBeLessThan(4);
    expect(Math.abs(ostium!.areaDerivedDiameterMm! - truth.ostium.areaDerivedDiameterMm)).toBeLessThan(4);
  });

  it('writes one watertight component with outward faces, and a wall with one border', () => {
    expect(meshTopology(closed)).toMatchObject({ watertight: true, components: 1 });
    expect(signedVolumeMm3(closed)).toBeGreaterThan(0);
    expect(findBoundaryLoops(wall)).toHaveLength(1);
    expect(meshTopology(wall).components).toBe(1);
    expect(report.mesh).toMatchObject({
      watertight: true,
      outwardNormals: true,
      manifold: true,
      components: 1,
      wallBoundaryLoops: 1,
    });
  });

  it("writes a mask on the scan's own grid with the volume of the mesh", async () => {
    const { grid, data } = decodeNrrd(await readFile(join(folder, 'result/mask.nrrd')));
    expect(grid.sizeIjk).toEqual([170, 170, 94]);
    let voxels = 0;
    for (const value of data) voxels += value;
    const volumeMl = (voxels * 1.2 * 1.2 * 1.4) / 1000;
    expect(Math.abs(volumeMl / report.volumeMl! - 1)).toBeLessThan(0.03);
  });

  it('writes all files, and nothing else', async () => {
    expect(await filesBelow(join(folder, 'result'))).toEqual([
      'laa-closed.stl',
      'laa-wall.stl',
      'mask.nrrd',
      'preview.png',
      'report.json',
    ]);
    const written = JSON.parse(await readFile(join(folder, 'result/report.json'), 'utf8'));
    expect(written).toEqual(report);
    const { width, height } = decode(await readFile(join(folder, 'result/preview.png')));
    expect([width, height]).toEqual([1572, 1184]);
  });

  it('is measured by auricle evaluate', async () => {
    const args = ['evaluate', '--pred', join(folder, 'result/laa-wall.stl'), '--json'];
    const truthFile = join(folder, 'phantom/truth/laa-wall.stl');
    const { code, stdout } = await runProgram(program.file, [...args, '--truth', truthFile]);
    expect(code).toBe(0);
    const { surface } = JSON.parse(stdout) as { surface: { averageSymmetricDistanceMm: number } };
    expect(surface.averageSymmetricDistanceMm).toBeLessThan(1);
  });
});
