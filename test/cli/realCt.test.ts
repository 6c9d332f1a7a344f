import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diceOfClosedMeshes } from '#main/evaluation/index.ts';
import { decodeStl } from '#main/interchange/stl.ts';
import { requireBestSeries } from '#main/studies/loadSeries.ts';
import { scanDicomFolder } from '#main/studies/scanDicomFolder.ts';
import { type SegmentationReport, segmentationReportSchema } from '#shared/contract/report.ts';
import { distance, type Vec3 } from '#shared/geometry/vec3.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { words } from '#shared/words/words.ts';
import {
  type BuiltProgram,
  builtProgram,
  type CommandLines,
  startCommandLines,
  temporaryFolder,
} from './builtProgram.ts';

const archive = resolve(import.meta.dirname, '../../../shared/data/ct_arterial_phase_3mm.tar.xz');
const isThere = existsSync(archive);
if (!isThere) process.stderr.write('Real CT test skipped: no reference data beside the project.\n');

/**
 * Facts read off the slices by eye: the middle of the appendage, and of the neighbours that a surface easily leaks
 * into, LPS mm.
 */
const APPENDAGE: Vec3 = [47, 74, 453];
const NEIGHBOURS: Readonly<Record<string, Vec3>> = {
  'left ventricle': [52, 45, 430],
  'pulmonary trunk': [27, 36, 463],
  'ascending aorta': [2, 50, 460],
  'left upper pulmonary vein': [42, 102, 466],
  // Here no wall shows between the two.
  'left upper pulmonary vein, beside the appendage': [31, 99, 458],
  'left atrium': [5, 90, 440],
};

/** Distance of the nearest vertex to a point, mm. */
function clearanceMm(mesh: TriangleMesh, point: Vec3): number {
  let nearest = Number.POSITIVE_INFINITY;
  const { positionsLpsMm: p } = mesh;
  for (let at = 0; at < p.length; at += 3) {
    nearest = Math.min(nearest, distance([p[at]!, p[at + 1]!, p[at + 2]!], point));
  }
  return nearest;
}

describe.skipIf(!isThere)('a real arterial-phase CT, 3 mm, heart in motion', () => {
  let program: BuiltProgram;
  /** What one has loaded and compiled, the next finds so. */
  let commands: CommandLines;
  let folder = '';
  const segment = async (
    name: string,
    ...more: string[]
  ): Promise<{ report: SegmentationReport; closed: TriangleMesh }> => {
    const out = join(folder, name);
    const ct = join(folder, 'arterial_phase_3mm');
    const args = ['segment', ct, '-o', out, '--engine', 'onnx', '--resolution', '64', '--json', ...more];
    const { stdout, stderr, code } = await commands.run(...args);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const closed = decodeStl(await readFile(join(out, 'laa-closed.stl')));
    return { report: segmentationReportSchema.parse(JSON.parse(stdout)), closed };
  };

  beforeAll(async () => {
    program = await builtProgram();
    commands = startCommandLines(program.file);
    folder = await temporaryFolder();
    await promisify(execFile)('tar', ['xJf', archive, '-C', folder]);
  });
  afterAll(async () => {
    commands.stop();
    await program.remove();
    await rm(folder, { recursive: true, force: true });
  });

  it('finds the appendage, not its neighbours, and the same surface wherever the search begins', async () => {
    const { report, closed } = await segment('found');
    expect(distance(report.region.centreLpsMm, APPENDAGE)).toBeLessThan(15);
    expect(clearanceMm(closed, APPENDAGE)).toBeLessThan(10);
    for (const [name, point] of Object.entries(NEIGHBOURS)) {
      expect(clearanceMm(closed, point), name).toBeGreaterThan(3);
    }
    expect(report.volumeMl).toBeGreaterThan(4);
    expect(report.volumeMl).toBeLessThan(14);
    expect(report.contrast.atriumHu).toBeGreaterThan(230);
    expect(report.contrast.atriumHu).toBeLessThan(310);
    expect(report.mesh).toMatchObject({
      components: 1,
      watertight: true,
      outwardNormals: true,
      wallBoundaryLoops: 1,
    });
    const said = report.warnings.map((warning) => words().sentence(warning)).join(' ');
    expect(said).toContain('3.0 mm');
    expect(said).toContain('Thin grey tissue');

    const [x, y, z] = report.region.centreLpsMm;
    const moved = await segment('moved', '--centre', `${x + 8},${y - 8},${z + 8}`);
    expect(diceOfClosedMeshes(closed, moved.closed)).toBeGreaterThan(0.95);
  });

  it('says so where the scan ends below the appendage, or above it', async () => {
    const whole = requireBestSeries(await scanDicomFolder(join(folder, 'arterial_phase_3mm'))).chosen;
    // The slices run from the feet to the head; the appendage lies in slices 34 to 49 of 56.
    const parts = { below: whole.slices.slice(0, 26), above: whole.slices.slice(-8) };
    for (const [name, slices] of Object.entries(parts)) {
      const part = join(folder, name);
      await mkdir(part);
      for (const { sourceId, fileName } of slices) await copyFile(sourceId, join(part, fileName));
      const out = join(folder, `${name}-out`);
      const { stderr, code } = await commands.run('segment', part, '-o', out, '--engine', 'onnx');
      expect(code, name).not.toBe(0);
      expect(stderr, name).toContain('No left atrial appendage was found in this series');
      expect(existsSync(out), name).toBe(false);
    }
  });
});
