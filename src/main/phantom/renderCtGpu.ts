import type { GridLps } from '#shared/geometry/gridLps.ts';
import { perAxis, scale, subtract, type Vec3 } from '#shared/geometry/vec3.ts';
import { ctKernels } from './ctKernels.ts';
import {
  FINISH_SHADER,
  packArtefacts,
  paintShader,
  SMOOTH_NOISE_SHADER,
  SMOOTH_SHADER,
} from './ctShaders.ts';
import {
  bind,
  computePipeline,
  packWords,
  readWords,
  storageBuffer,
  uniformBuffer,
  writeWords,
} from './gpuCompute.ts';
import { HIGHEST_HU, LOWEST_HU, type VoxelBox } from './renderCt.ts';
import type { PhantomScene } from './scene.ts';
import { planCt, type ScenePlan, sampleBox, substepsOf } from './scenePlan.ts';
import { registerFileFor } from './sceneWgsl.ts';

/** The CT chain on a device, with buffers that grow to the largest request and are used again. */
export interface CtGpu {
  /**
   * Uploads what a box of a grid needs and records its rendering; submit the encoder before the next call.
   * @returns the buffer of HU (floats, i fastest), valid until the next call.
   */
  record(
    encoder: GPUCommandEncoder,
    scene: PhantomScene,
    grid: GridLps,
    box: VoxelBox,
    plan?: ScenePlan,
  ): GPUBuffer;
  free(): void;
}

export function createCtGpu(device: GPUDevice): CtGpu {
  const buffers = new Map<string, GPUBuffer>();
  const paintPipelines = new Map<number, GPUComputePipeline>();
  const smooth = computePipeline(device, SMOOTH_SHADER, 'smooth');
  const smoothNoise = computePipeline(device, SMOOTH_NOISE_SHADER, 'smoothNoise');
  const finish = computePipeline(device, FINISH_SHADER, 'finish');

  const scratch = (name: string, bytes: number): GPUBuffer => {
    const known = buffers.get(name);
    if (known !== undefined && known.size >= bytes) return known;
    known?.destroy();
    const fresh = storageBuffer(device, bytes * 1.15, name);
    buffers.set(name, fresh);
    return fresh;
  };
  const upload = (name: string, data: Uint32Array | Float32Array): GPUBuffer => {
    const buffer = scratch(name, data.byteLength);
    writeWords(device, buffer, 0, data);
    return buffer;
  };
  const uniform = (name: string, floats: readonly number[], integers: readonly number[]): GPUBuffer => {
    let buffer = buffers.get(name);
    if (buffer === undefined) {
      buffer = uniformBuffer(device, 256, name);
      buffers.set(name, buffer);
    }
    writeWords(device, buffer, 0, packWords(floats, integers));
    return buffer;
  };
  const dispatch = (
    pass: GPUComputePassEncoder,
    pipeline: GPUComputePipeline,
    resources: readonly GPUBuffer[],
    size: Vec3,
    workgroup: Vec3,
  ): void => {
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, bind(device, pipeline, resources));
    pass.dispatchWorkgroups(
      Math.ceil(size[0] / workgroup[0]),
      Math.ceil(size[1] / workgroup[1]),
      Math.ceil(size[2] / workgroup[2]),
    );
  };

  return {
    record(encoder, scene, grid, box, plan = planCt(scene, grid, box)) {
      const { acquisition } = scene;
      const { paint: program, regions } = plan;
      const kernels = ctKernels(acquisition, grid.spacingMm);
      const size = subtract(box.to, box.from);
      const fine = sampleBox(kernels.image, box);
      const white = sampleBox(kernels.noise, box);
      const substeps = substepsOf(kernels);
      const fineSteps = grid.directions.map((direction, axis) =>
        scale(direction, grid.spacingMm[axis]! / substeps[axis]!),
      );
      const weightSets = [...kernels.image, ...kernels.noise].map(({ weights }) => weights);
      const weightsAt: number[] = [];
      const weights: number[] = [];
      for (const set of weightSets) {
        weightsAt.push(weights.length);
        weights.push(...set);
      }
      const weightBuffer = upload('weights', Float32Array.from(weights));
      const artefacts = upload('artefacts', packArtefacts(acquisition));
      const bytes = (s: Vec3): number => 4 * s[0] * s[1] * s[2];
      const afterI: Vec3 = [size[0], fine.size[1], fine.size[2]];
      const afterJ: Vec3 = [size[0], size[1], fine.size[2]];
      const noiseI: Vec3 = [size[0], white.size[1], white.size[2]];
      const noiseJ: Vec3 = [size[0], size[1], white.size[2]];
      const samples = scratch('samples', Math.max(bytes(fine.size), bytes(afterJ)));
      const rows = scratch('rows', Math.max(bytes(afterI), bytes(noiseI)));
      const noise = scratch('noise', bytes(noiseJ));
      const image = scratch('image', bytes(size));

      const registerFile = registerFileFor(program.registerCount);
      let paint = paintPipelines.get(registerFile);
      if (paint === undefined) {
        paint = computePipeline(device, paintShader(registerFile), `paint${registerFile}`);
        paintPipelines.set(registerFile, paint);
      }
      const fineOrigin = latticePoint(
        grid,
        fine.from.map((f, axis) => (f + 0.5) / substeps[axis]! - 0.5),
      );
      const pass = encoder.beginComputePass();
      dispatch(
        pass,
        paint,
        [
          uniform(
            'paintSettings',
            [
              ...[...fineOrigin, 1 / kernels.edgeMm],
              ...[...fineSteps[0]!, scene.backgroundHu],
              ...[...fineSteps[1]!, 0, ...fineSteps[2]!, 0],
            ],
            [...fine.size, 0, ...regions.step, 0, ...regions.count, 0],
          ),
          upload('code', regions.code),
          upload('params', program.params),
          upload('ranges', regions.ranges),
          artefacts,
          samples,
        ],
        fine.size,
        [8, 8, 2],
      );
      const smoothing = (name: string, axis: number, set: number, inSize: Vec3, outSize: Vec3): GPUBuffer => {
        const strides = [1, inSize[0], inSize[0] * inSize[1]];
        const kernel = [...kernels.image, ...kernels.noise][set]!;
        const stride = strides.map((value, n) => (n === axis ? value * kernel.substeps : value));
        return uniform(
          name,
          [],
          [
            ...[...inSize, kernel.weights.length, ...outSize, weightsAt[set]!, ...stride, strides[axis]!],
            ...[...white.from.map((value) => value >>> 0), acquisition.noiseSeed >>> 0],
          ],
        );
      };
      const wide: Vec3 = [32, 4, 1];
      const imageI = smoothing('imageI', 0, 0, fine.size, afterI);
      dispatch(pass, smooth, [imageI, weightBuffer, samples, rows], afterI, wide);
      dispatch(
        pass,
        smooth,
        [smoothing('imageJ', 1, 1, afterI, afterJ), weightBuffer, rows, samples],
        afterJ,
        wide,
      );
      const whiteI = smoothing('noiseI', 0, 3, white.size, noiseI);
      dispatch(pass, smoothNoise, [whiteI, weightBuffer, rows], noiseI, wide);
      dispatch(
        pass,
        smooth,
        [smoothing('noiseJ', 1, 4, noiseI, noiseJ), weightBuffer, rows, noise],
        noiseJ,
        wide,
      );
      const voxelSteps = grid.directions.map((direction, axis) => scale(direction, grid.spacingMm[axis]!));
      const finishSettings = uniform(
        'finishSettings',
        [
          ...[...latticePoint(grid, box.from), kernels.noiseGain, ...voxelSteps[0]!, LOWEST_HU],
          ...[...voxelSteps[1]!, HIGHEST_HU, ...voxelSteps[2]!, 0],
        ],
        [
          ...[...size, substeps[2], kernels.image[2].weights.length, weightsAt[2]!],
          ...[kernels.noise[2].weights.length, weightsAt[5]!],
        ],
      );
      dispatch(pass, finish, [finishSettings, weightBuffer, artefacts, samples, noise, image], size, wide);
      pass.end();
      return image;
    },
    free() {
      for (const buffer of buffers.values()) buffer.destroy();
      buffers.clear();
    },
  };
}

function latticePoint(grid: GridLps, voxelIjk: readonly number[]): Vec3 {
  return perAxis((axis) =>
    grid.directions.reduce(
      (sum, direction, along) => sum + direction[axis] * grid.spacingMm[along]! * voxelIjk[along]!,
      grid.originLpsMm[axis],
    ),
  );
}

/** {@link import('./renderCt.ts').renderCtBox} on a GPU, read back. */
export async function renderCtBoxGpu(
  device: GPUDevice,
  scene: PhantomScene,
  grid: GridLps,
  box: VoxelBox,
): Promise<Float32Array> {
  const renderer = createCtGpu(device);
  const encoder = device.createCommandEncoder();
  const image = renderer.record(encoder, scene, grid, box);
  device.queue.submit([encoder.finish()]);
  const count = box.to.reduce((product, to, axis) => product * (to - box.from[axis]!), 1);
  const result = new Float32Array(await readWords(device, image, 0, 4 * count));
  renderer.free();
  return result;
}
