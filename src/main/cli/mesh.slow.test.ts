import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { meshTopology } from '#main/mesh/topology.ts';
import { vertexLpsMm } from '#shared/mesh/measures.ts';
import { createRandom } from '#shared/random/random.ts';
import { encodeCloudText } from '../interchange/pointCloud.ts';
import { decodeSurface } from '../interchange/surfaceFile.ts';
import { runMesh } from './mesh.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auricle-mesh-'));
});
afterEach(() => rm(folder, { recursive: true }));

const context = { signal: new AbortController().signal, onProgress: () => undefined };
const OPTIONS = {
  unitMm: 1,
  samples: 1500,
  cells: 32,
  screening: 4,
  support: 2,
  supportRadius: 1,
  holeRim: 10,
};

it('makes surfaces in every format of a cloud in units of 35 mm', async () => {
  const random = createRandom(3);
  const points: number[] = [];
  while (points.length < 3 * 6000) {
    const direction = [random.normal(0, 1), random.normal(0, 1), random.normal(0, 1)];
    const length = Math.hypot(...direction);
    if (direction[2]! / length > -0.5) points.push(...direction.map((value) => (10 * value) / length / 35));
  }
  const cloud = join(folder, 'cloud.txt');
  await writeFile(cloud, encodeCloudText(Float32Array.from(points)));
  const output = ['stl', 'ply', 'obj', 'vtp', '3mf', 'glb'].map((extension) =>
    join(folder, `wall.${extension}`),
  );
  const closed = join(folder, 'closed.stl');
  const { json } = await runMesh(
    cloud,
    { ...OPTIONS, unitMm: 35, centre: [5, 6, 7], output, closed },
    context,
  );
  expect(json).toMatchObject({ points: 6000, components: 1, boundaryLoops: 1 });
  for (const name of ['wall.stl', 'wall.ply', 'wall.obj', 'wall.vtp']) {
    const mesh = decodeSurface(await readFile(join(folder, name)), name);
    expect(meshTopology(mesh), name).toMatchObject({ components: 1, boundaryLoops: 1 });
    const [x, y, z] = vertexLpsMm(mesh, 0);
    expect(Math.abs(Math.hypot(x - 5, y - 6, z - 7) - 10), name).toBeLessThan(0.6);
  }
  expect(meshTopology(decodeSurface(await readFile(closed), 'closed.stl'))).toMatchObject({
    watertight: true,
  });
});

it('warns of a cloud that looks normalised where no unit was given', async () => {
  const random = createRandom(5);
  const points = Float32Array.from({ length: 3 * 600 }, () => random.normal(0, 1));
  for (let at = 0; at < points.length; at += 3) {
    const length = Math.hypot(...points.subarray(at, at + 3));
    for (let axis = 0; axis < 3; axis++) points[at + axis]! /= 2 * length;
  }
  const cloud = join(folder, 'cloud.txt');
  await writeFile(cloud, encodeCloudText(points));
  const output = [join(folder, 'wall.stl')];
  const small = { ...OPTIONS, samples: 300, supportRadius: 0.2, output };
  const { text } = await runMesh(cloud, small, context);
  expect(text).toContain('Warning  The points of cloud.txt lie within 1.5 mm of the origin');
  const inMm = await runMesh(cloud, { ...small, unitMm: 35, supportRadius: 7 }, context);
  expect(inMm).toMatchObject({ json: { warnings: [] } });
});

it('refuses a cloud of nothing and a format that is not written, and writes no file', async () => {
  const cloud = join(folder, 'cloud.txt');
  await writeFile(cloud, '0 0 0\n1 1 1\n');
  const output = [join(folder, 'wall.stl')];
  await expect(runMesh(cloud, { ...OPTIONS, output }, context)).rejects.toThrow(/too few/);
  await expect(runMesh(cloud, { ...OPTIONS, output: ['wall.doc'] }, context)).rejects.toThrow(
    /No surface can be written as wall.doc/,
  );
  await expect(readFile(output[0]!)).rejects.toThrow();
});

it('refuses to give a surface that leaves out most of the cloud, and writes no file', async () => {
  const random = createRandom(4);
  const points: number[] = [];
  for (const shiftMm of [-40, 0, 40]) {
    for (let point = 0; point < 1500; point++) {
      const direction = [random.normal(0, 1), random.normal(0, 1), random.normal(0, 1)];
      const length = Math.hypot(...direction);
      points.push(...direction.map((value, axis) => (axis === 0 ? shiftMm : 0) + (10 * value) / length));
    }
  }
  const cloud = join(folder, 'cloud.txt');
  await writeFile(cloud, encodeCloudText(Float32Array.from(points)));
  const output = [join(folder, 'wall.stl')];
  await expect(runMesh(cloud, { ...OPTIONS, cells: 64, output }, context)).rejects.toThrow(
    /only 3[0-9] % of the points lie on the surface/,
  );
  await expect(readFile(output[0]!)).rejects.toThrow();
});
