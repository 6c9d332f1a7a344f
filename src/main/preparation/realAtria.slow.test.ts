import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GridLps, LPS_AXES, voxelCount } from '#shared/geometry/gridLps.ts';
import { perAxis } from '#shared/geometry/vec3.ts';
import { boundingBoxLpsMm } from '#shared/mesh/measures.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { encodeNrrd } from '../interchange/nrrd.ts';
import { decodeStl, encodeStl } from '../interchange/stl.ts';
import { largestShell, submesh } from '../mesh/submesh.ts';
import { findBoundaryLoops, meshTopology } from '../mesh/topology.ts';
import { buildTriangleTree, nearestOnMesh } from '../mesh/triangleTree.ts';
import { prepareCase } from './prepareCase.ts';
import { readCaseDescription, readPreparedSamples } from './readPreparedCase.ts';

/** Human left atria, kept outside of the repository; without them these tests are skipped. */
const ARCHIVE = path.resolve(import.meta.dirname, '../../../../shared/data/left_atrium.tar.xz');
const present = existsSync(ARCHIVE);
const APPENDAGE = 13;

// Slow: surfaces of up to 170,000 faces.
describe.skipIf(!present)(
  `surfaces of human left atria${present ? '' : ' (skipped: the reference data is not there)'}`,
  () => {
    let folder: string;
    beforeAll(() => {
      folder = mkdtempSync(path.join(tmpdir(), 'auricle-atria-'));
      execFileSync('tar', ['-xJf', ARCHIVE, '-C', folder]);
    });
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    /** CARP's text: µm, and a tag for each face. */
    function atrium(number: number): { mesh: TriangleMesh; tags: number[] } {
      const lines = (extension: string) =>
        gunzipSync(readFileSync(path.join(folder, 'left_atrium', `LA_endo_${number}.${extension}.gz`)))
          .toString('latin1')
          .trim()
          .split('\n')
          .slice(1)
          .map((line) => line.trim().split(/\s+/));
      const faces = lines('elem');
      return {
        mesh: {
          positionsLpsMm: Float32Array.from(lines('pts').flat(), (text) => Number(text) / 1000),
          triangles: Uint32Array.from(faces.flatMap(([, a, b, c]) => [Number(a), Number(b), Number(c)])),
        },
        tags: faces.map((face) => Number(face[4])),
      };
    }

    /** Prepares a surface within an even scan that surrounds it. */
    async function prepared(mesh: TriangleMesh, name: string) {
      const { low, high } = boundingBoxLpsMm(mesh);
      const grid: GridLps = {
        sizeIjk: perAxis((axis) => Math.ceil((high[axis] - low[axis]) / 4) + 4),
        originLpsMm: perAxis((axis) => low[axis] - 6),
        spacingMm: [4, 4, 4],
        directions: LPS_AXES,
      };
      const [image, segmentation] = [path.join(folder, 'scan.nrrd'), path.join(folder, `${name}.stl`)];
      await writeFile(image, encodeNrrd({ grid, data: new Int16Array(voxelCount(grid)).fill(300) }));
      await writeFile(segmentation, encodeStl(mesh));
      const out = path.join(folder, 'prepared');
      await prepareCase(
        { name, input: { kind: 'files', image, segmentation } },
        out,
        {
          resolutions: [64],
          imageType: 'int16',
          precision: 'float32',
          points: 500,
          dualFieldPoints: 500,
          seed: 1,
          centre: 'segmentation',
          surfaceResolution: 32,
          programVersion: '0.1.0',
        },
        () => Promise.reject(new Error('The centre is known.')),
      );
      const own = path.join(out, name);
      const surface = (file: string) => decodeStl(readFileSync(path.join(own, file)));
      return {
        description: (await readCaseDescription(own))!,
        samples: await readPreparedSamples(own, 'in1'),
        wall: surface('laa-wall.stl'),
        closed: surface('laa-closed.stl'),
      };
    }

    it('prepares a whole atrium: five openings stay open, the lumen is closed over all', async () => {
      const { description, wall, closed } = await prepared(atrium(1).mesh, 'atrium');
      expect(findBoundaryLoops(wall)).toHaveLength(5);
      expect(meshTopology(closed)).toMatchObject({ watertight: true, misorientedEdges: 0 });
      expect(description.surface).toMatchObject({ openedBy: 'surface' });
      expect(description.surface.closedVolumeMl).toBeCloseTo(25.7, 1);
      expect(description.warnings).toEqual([]);
    });

    it('prepares an appendage: points on the inner side, distances to its wall', async () => {
      const { mesh, tags } = atrium(2);
      const appendage = largestShell(submesh(mesh, (face) => tags[face] === APPENDAGE).mesh).mesh;
      const { description, samples, wall, closed } = await prepared(appendage, 'appendage');
      expect(findBoundaryLoops(wall)).toHaveLength(1);
      expect(meshTopology(closed)).toMatchObject({ watertight: true, misorientedEdges: 0 });
      expect(description.warnings).toEqual([]);
      const tree = buildTriangleTree(wall);
      const centre = description.cube.centreLpsMm;
      samples.occupancies.forEach((value, n) => {
        const [x, y, z] = [0, 1, 2].map((axis) => centre[axis]! + 35 * samples.points[3 * n + axis]!);
        expect(Math.abs(35 * value - nearestOnMesh(tree, x!, y!, z!).distanceMm)).toBeLessThan(1e-3);
      });
    });
  },
);
