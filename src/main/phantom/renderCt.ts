import { throwIfCancelled } from '#shared/errors.ts';
import type { GridLps } from '#shared/geometry/gridLps.ts';
import { perAxis, type Vec3 } from '#shared/geometry/vec3.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import { isOutsideFieldOfView, streakHu } from './ctArtefacts.ts';
import { ctKernels, fineRange } from './ctKernels.ts';
import { whiteNoise } from './hashNoise.ts';
import { BRICK, createSceneSampler } from './sampleScene.ts';
import type { PhantomScene } from './scene.ts';
import { createStack, smoothPlane } from './sliceStack.ts';

/** HU that a 12-bit scanner can store. */
export const LOWEST_HU = -1024;
export const HIGHEST_HU = 3071;

export interface RenderOptions {
  readonly signal?: AbortSignal;
  /** Called with the share done, 0 to 1. */
  readonly onProgress?: (share: number) => void;
  /** Paint the whole tape everywhere: slow, for tests. */
  readonly unpruned?: boolean;
}

/** Voxels [from, to) of a grid along i, j, k. */
export interface VoxelBox {
  readonly from: Vec3;
  readonly to: Vec3;
}

/**
 * The scene as the scanner shows it, in HU rounded to integers, on any grid whose k axis is the scanner's: tissues
 * painted on a fine lattice, point spread in the plane, slice profile across it, streaks, correlated noise, 12-bit
 * range, reconstruction circle.
 */
export function renderCt(scene: PhantomScene, grid: GridLps, options: RenderOptions = {}): Int16Array {
  return renderCtSlab(scene, grid, 0, grid.sizeIjk[2], options);
}

/** Slices kStart to kEnd − 1 of {@link renderCt}: the same numbers as in the whole. */
export function renderCtSlab(
  scene: PhantomScene,
  grid: GridLps,
  kStart: number,
  kEnd: number,
  options: RenderOptions = {},
): Int16Array {
  const [ni, nj] = grid.sizeIjk;
  const result = new Int16Array(ni * nj * (kEnd - kStart));
  const box: VoxelBox = { from: [0, 0, kStart], to: [ni, nj, kEnd] };
  renderSlices(scene, grid, box, options, (k, slice) => {
    const at = ni * nj * (k - kStart);
    for (let n = 0; n < slice.length; n++) result[at + n] = Math.round(slice[n]!);
  });
  return result;
}

/** Any box of voxels of a grid, HU not rounded: the same numbers as in the whole. */
export function renderCtBox(
  scene: PhantomScene,
  grid: GridLps,
  box: VoxelBox,
  options: RenderOptions = {},
): Float32Array {
  const perSlice = (box.to[0] - box.from[0]) * (box.to[1] - box.from[1]);
  const result = new Float32Array(perSlice * (box.to[2] - box.from[2]));
  renderSlices(scene, grid, box, options, (k, slice) => result.set(slice, perSlice * (k - box.from[2])));
  return result;
}

function renderSlices(
  scene: PhantomScene,
  grid: GridLps,
  box: VoxelBox,
  options: RenderOptions,
  onSlice: (k: number, slice: Float32Array) => void,
): void {
  const { acquisition } = scene;
  const kernels = ctKernels(acquisition, grid.spacingMm);
  const [width, height] = [box.to[0] - box.from[0], box.to[1] - box.from[1]];
  const perSlice = width * height;
  const [kStart, kEnd] = [box.from[2], box.to[2]];
  const [[i0, i1], [j0, j1], [f0, f1]] = kernels.image.map((kernel, axis) =>
    fineRange(kernel, box.from[axis]!, box.to[axis]!),
  ) as [[number, number], [number, number], [number, number]];
  const fineWidth = i1 - i0;
  const finePlane = fineWidth * (j1 - j0);
  const sampler = createSceneSampler(scene, grid, {
    substeps: perAxis((axis) => kernels.image[axis].substeps),
    edgeMm: kernels.edgeMm,
    ...withoutUndefined({ steps: acquisition.steps, motion: acquisition.motion, unpruned: options.unpruned }),
  });
  const slab = new Float32Array(finePlane * BRICK);
  const rows = new Float64Array(width * (j1 - j0));
  const smoothed = new Float32Array(perSlice);
  const image = createStack(kernels.image[2], perSlice, kStart, kEnd);
  const noise = createNoiseStack(scene, kernels, box);

  let nextSlice = kStart;
  const step = BRICK;
  for (let first = Math.floor(f0 / step) * step; first < f1; first += step) {
    throwIfCancelled(options.signal);
    const [from, to] = [Math.max(first, f0), Math.min(first + step, f1)];
    sampler.paint({ from: [i0, j0, from], to: [i1, j1, to] }, slab);
    for (let fine = from; fine < to; fine++) {
      const plane = slab.subarray((fine - from) * finePlane, (fine - from + 1) * finePlane);
      smoothPlane(plane, fineWidth, kernels.image, width, height, rows, smoothed);
      image.add(fine, smoothed);
      while (nextSlice < kEnd && fineRange(kernels.image[2], nextSlice, nextSlice + 1)[1] <= fine + 1) {
        const slice = image.finished(nextSlice);
        noise?.(nextSlice, slice);
        finishSlice(scene, grid, box, nextSlice, slice);
        onSlice(nextSlice, slice);
        image.release(slice);
        nextSlice++;
        options.onProgress?.((nextSlice - kStart) / (kEnd - kStart));
      }
    }
  }
}

/** Adds correlated noise to slices that are asked for in order. */
function createNoiseStack(
  scene: PhantomScene,
  kernels: ReturnType<typeof ctKernels>,
  box: VoxelBox,
): ((k: number, slice: Float32Array) => void) | undefined {
  if (kernels.noiseGain === 0) return undefined;
  const [width, height] = [box.to[0] - box.from[0], box.to[1] - box.from[1]];
  const [i0, i1] = fineRange(kernels.noise[0], box.from[0], box.to[0]);
  const [j0, j1] = fineRange(kernels.noise[1], box.from[1], box.to[1]);
  const white = new Float32Array((i1 - i0) * (j1 - j0));
  const rows = new Float64Array(width * (j1 - j0));
  const smoothed = new Float32Array(width * height);
  const stack = createStack(kernels.noise[2], width * height, box.from[2], box.to[2]);
  const seed = scene.acquisition.noiseSeed;
  let next = fineRange(kernels.noise[2], box.from[2], box.from[2] + 1)[0];
  return (k, slice) => {
    for (const end = fineRange(kernels.noise[2], k, k + 1)[1]; next < end; next++) {
      let n = 0;
      for (let j = j0; j < j1; j++) for (let i = i0; i < i1; i++) white[n++] = whiteNoise(i, j, next, seed);
      smoothPlane(white, i1 - i0, kernels.noise, width, height, rows, smoothed);
      stack.add(next, smoothed);
    }
    const noise = stack.finished(k);
    for (let n = 0; n < slice.length; n++) slice[n] = slice[n]! + kernels.noiseGain * noise[n]!;
    stack.release(noise);
  };
}

/** Streaks, the range of 12 bits and the padding outside of the reconstruction circle. */
function finishSlice(
  scene: PhantomScene,
  grid: GridLps,
  box: VoxelBox,
  k: number,
  slice: Float32Array,
): void {
  const { streaks, fieldOfView } = scene.acquisition;
  const [a, b, c] = grid.directions;
  const [sI, sJ, sK] = grid.spacingMm;
  const located = streaks.length > 0 || fieldOfView !== undefined;
  let n = 0;
  for (let j = box.from[1]; j < box.to[1]; j++) {
    for (let i = box.from[0]; i < box.to[0]; i++, n++) {
      let value = slice[n]!;
      if (!located) {
        slice[n] = Math.min(Math.max(value, LOWEST_HU), HIGHEST_HU);
        continue;
      }
      const x = grid.originLpsMm[0] + a[0] * sI * i + b[0] * sJ * j + c[0] * sK * k;
      const y = grid.originLpsMm[1] + a[1] * sI * i + b[1] * sJ * j + c[1] * sK * k;
      const z = grid.originLpsMm[2] + a[2] * sI * i + b[2] * sJ * j + c[2] * sK * k;
      if (fieldOfView !== undefined && isOutsideFieldOfView(fieldOfView, x, y)) {
        slice[n] = fieldOfView.paddingHu;
        continue;
      }
      for (const streak of streaks) value += streakHu(streak, x, y, z);
      slice[n] = Math.min(Math.max(value, LOWEST_HU), HIGHEST_HU);
    }
  }
}
