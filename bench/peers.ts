/**
 * Auricle's stages on the processor beside those of the reference and of libraries that do the same, in one run: the
 * encoder by ONNX Runtime, by PyTorch and by TensorFlow.js' own kernels; the reference's dense cloud (55 steps of 100,000
 * points, by PyTorch) beside the adaptive surface; surface nets beside marching cubes of VTK and scikit-image. Random
 * weights: time does not depend on them. In processor seconds and in runs of our encoder (E). Which peers this machine
 * does not have is printed by name. `npm run bench -- [--python /usr/bin/python3]`
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { createOnnxFieldEngine } from '#main/nudf/engine/onnxEngine.ts';
import { triangulateNet } from '#main/surface/extraction/quadMesh.ts';
import { surfaceNets } from '#main/surface/extraction/surfaceNets.ts';
import { evaluateAdaptively } from '#main/surface/field/adaptiveEvaluation.ts';
import { keepAppendage } from '#main/surface/field/lumenComponent.ts';
import { faceCount } from '#shared/mesh/triangleMesh.ts';
import { createFieldNetwork } from '#shared/nudf/network/fieldNetwork.ts';
import { parametersFrom } from '#shared/nudf/network/networkParameters.ts';
import { FIELD_128 } from '#shared/nudf/network/networkSpec.ts';
import { stockOps } from '#shared/nudf/network/stockOps.ts';
import { initializeWeights } from '#shared/nudf/network/weightLayout.ts';
import { messageOf } from '../src/shared/errors.ts';

const { values } = parseArgs({ options: { python: { type: 'string', default: '/usr/bin/python3' } } });

/** Points of the reference's cloud in one of its 55 steps, and how many are timed. */
const [STEPS, CLOUD_POINTS, TIMED_POINTS] = [55, 100_000, 10_000];
/** Stock TensorFlow.js is timed on a crop of a quarter of the edge; its convolutions grow with the voxels. */
const STOCK_RESOLUTION = 32;
/** What the surface of an appendage asks for at 128 cells, look and vertices included. */
const SURFACE_POINTS = 50_000;

async function processorSeconds(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

/** The distance to a body with lobes, mm, at a point in mm from the cube's centre. */
function lobesMm(x: number, y: number, z: number): number {
  const radius = Math.hypot(x, y, z);
  return radius - 14 - 3 * Math.sin(x / 4) * Math.cos(y / 4) * Math.sin(z / 5 + 1);
}

async function ownNetwork() {
  const weights = initializeWeights(FIELD_128, 1);
  const engine = await createOnnxFieldEngine(FIELD_128, weights);
  const cropHu = Float32Array.from(
    { length: FIELD_128.resolution ** 3 },
    (_, index) => 300 * Math.sin(index / 50),
  );
  (await engine.encode(cropHu)).free();
  let crop: Awaited<ReturnType<typeof engine.encode>> | undefined;
  const encode = await processorSeconds(async () => {
    crop = await engine.encode(cropHu);
  });
  const side = Math.ceil(Math.sqrt(SURFACE_POINTS));
  const points = Float32Array.from({ length: 3 * SURFACE_POINTS }, (_, index) => {
    const point = Math.floor(index / 3);
    return [(point % side) / side - 0.5, Math.floor(point / side) / side - 0.5, 0.1][index % 3]!;
  });
  const surface = await processorSeconds(() => crop?.evaluate(points));
  crop?.free();
  await engine.free();
  return { encode, surface };
}

async function stockEncoder(): Promise<number> {
  await tf.setBackend('cpu');
  const spec = { ...FIELD_128, resolution: STOCK_RESOLUTION };
  const network = createFieldNetwork(spec, parametersFrom(initializeWeights(spec, 1)), stockOps);
  const n = STOCK_RESOLUTION;
  const image = tf.fill([1, n, n, n, 1], 0.3) as tf.Tensor5D;
  const seconds = await processorSeconds(() =>
    Promise.all(network.encode(image).map((level) => level.data())),
  );
  return seconds * (FIELD_128.resolution / n) ** 3;
}

async function ownSurface() {
  const frame = { centreLpsMm: [0, 0, 0] as const, edgeMm: 70 };
  let lattice: Awaited<ReturnType<typeof evaluateAdaptively>>['lattice'] | undefined;
  let faces = 0;
  const field = async (points: Float32Array) => {
    const signedMm = new Float32Array(points.length / 3);
    for (let at = 0; at < signedMm.length; at++) {
      signedMm[at] = lobesMm(35 * points[3 * at]!, 35 * points[3 * at + 1]!, 35 * points[3 * at + 2]!);
    }
    return { signedMm, unsignedMm: signedMm.map(Math.abs) };
  };
  const evaluate = await processorSeconds(async () => {
    ({ lattice } = await evaluateAdaptively(field, frame, { resolution: 256 }));
  });
  const nets = await processorSeconds(() => {
    const { kept } = keepAppendage(lattice!);
    faces = faceCount(triangulateNet(lattice!, surfaceNets(lattice!, kept!.boxIjk)));
  });
  return { evaluate, nets, faces };
}

/** The field on all corners of 256 cells, as libraries for surfaces need it. */
function denseField(side: number): Float32Array {
  const dense = new Float32Array(side ** 3);
  for (let k = 0, at = 0; k < side; k++) {
    for (let j = 0; j < side; j++) {
      for (let i = 0; i < side; i++) {
        const mm = (index: number): number => (70 * index) / (side - 1) - 35;
        dense[at++] = lobesMm(mm(i), mm(j), mm(k));
      }
    }
  }
  return dense;
}

/** What the Python script times; an absent interpreter counts as all of its libraries. */
function pythonPeers(): Record<string, number & string> & { absent?: string[] } {
  const folder = mkdtempSync(join(tmpdir(), 'auricle-peers-'));
  try {
    const file = join(folder, 'field.raw');
    writeFileSync(file, denseField(257));
    const script = join('bench', 'peers', 'standIn.py');
    const text = execFileSync(values.python, [script, String(TIMED_POINTS), '257', file], {
      encoding: 'utf8',
    });
    return JSON.parse(text.trim().split('\n').at(-1)!);
  } catch (thrown) {
    console.error(`${values.python}: ${messageOf(thrown)}`);
    return { absent: ['torch', 'vtk', 'skimage'] } as ReturnType<typeof pythonPeers>;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const own = await ownNetwork();
const surface = await ownSurface();
const stock = await stockEncoder();
const peers = pythonPeers();
const onlyEncode = peers.torchEncode;
const cloud =
  onlyEncode === undefined
    ? undefined
    : STEPS * (onlyEncode + ((peers.torchStep! - onlyEncode) * CLOUD_POINTS) / TIMED_POINTS);

const rows: [string, string, number | undefined][] = [
  ['encoder, 128³', 'Auricle, ONNX Runtime', own.encode],
  ['', peers.torch ?? 'PyTorch', onlyEncode],
  ['', `TensorFlow.js ${tf.version_core}, its own kernels (from ${STOCK_RESOLUTION}³)`, stock],
  ['field to surface', `Auricle, ${SURFACE_POINTS} points`, own.surface],
  ['', `the reference's cloud, ${STEPS} × ${CLOUD_POINTS} points (from ${TIMED_POINTS})`, cloud],
  [
    'mesh from a field, 256³ cells',
    `Auricle, adaptive and surface nets, ${surface.faces} faces`,
    surface.evaluate + surface.nets,
  ],
  ['', `Auricle, surface nets alone`, surface.nets],
  ['', `${peers.vtk ?? 'VTK'}, marching cubes, field given`, peers.vtkMarchingCubes],
  ['', `${peers.vtk ?? 'VTK'}, flying edges, field given`, peers.vtkFlyingEdges3D],
  ['', `${peers.scikit ?? 'scikit-image'}, marching cubes, field given`, peers.scikitMarchingCubes],
];
console.log(`${availableParallelism()} × ${cpus()[0]?.model ?? 'processor'}, Node ${process.version}\n`);
console.log('| stage | by | processor s | E |\n|---|---|---|---|');
for (const [stage, by, seconds] of rows) {
  if (seconds === undefined) continue;
  console.log(`| ${stage} | ${by} | ${seconds.toPrecision(3)} | ${(seconds / own.encode).toPrecision(3)} |`);
}
const absent = peers.absent ?? [];
console.log(`\nNot on this machine: ${absent.length > 0 ? absent.join(', ') : 'none'}.`);
