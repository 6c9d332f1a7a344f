import type { GridLps } from '#shared/geometry/gridLps.ts';
import { voxelCount } from '#shared/geometry/gridLps.ts';
import { dot, perAxis, subtract } from '#shared/geometry/vec3.ts';
import { evaluateProgram } from './evaluateShape.ts';
import { shapeProgram } from './program.ts';
import { createSceneSampler } from './sampleScene.ts';
import { LABELS, type PhantomScene } from './scene.ts';
import { compileTape } from './tape.ts';

/** Labels at the voxels' centres; of the left atrium, what the truth holds to be appendage is labelled so. */
export function renderLabels(scene: PhantomScene, grid: GridLps): Uint8Array {
  const sampler = createSceneSampler(scene, grid, {
    substeps: [1, 1, 1],
    edgeMm: 0,
  });
  const label = new Uint8Array(voxelCount(grid));
  sampler.paint({ from: [0, 0, 0], to: grid.sizeIjk }, undefined, label);
  relabelAppendage(scene, grid, label);
  return label;
}

function relabelAppendage(scene: PhantomScene, grid: GridLps, label: Uint8Array): void {
  const { ostiumNormal, ostiumPointLpsMm, bodyShape } = scene.appendage;
  if (!scene.shapes.some(({ name }) => name === bodyShape)) return;
  const [ni, nj] = grid.sizeIjk;
  const candidates: number[] = [];
  const points: number[] = [];
  const [a, b, c] = grid.directions.map((direction, axis) =>
    direction.map((part) => part * grid.spacingMm[axis]!),
  ) as [number[], number[], number[]];
  for (let n = 0; n < label.length; n++) {
    if (label[n] !== LABELS.leftAtrium) continue;
    const i = n % ni;
    const j = Math.floor(n / ni) % nj;
    const k = Math.floor(n / (ni * nj));
    const point = perAxis((axis) => grid.originLpsMm[axis] + a[axis]! * i + b[axis]! * j + c[axis]! * k);
    if (dot(subtract(point, ostiumPointLpsMm), ostiumNormal) <= 0) continue;
    candidates.push(n);
    points.push(...point);
  }
  const body = evaluateProgram(shapeProgram(compileTape(scene), [bodyShape]), Float32Array.from(points));
  for (const [index, n] of candidates.entries()) if (body[index]! < 0) label[n] = LABELS.appendage;
}
