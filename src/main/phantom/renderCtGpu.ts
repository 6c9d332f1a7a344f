import type { GridLps } from '#shared/geometry/gridLps.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import {
  type CtBox,
  ctBox,
  finishSettings,
  paintSettings,
  type SettingWords,
  smoothingSettings,
} from './ctSettings.ts';
import {
  FINISH_SHADER,
  packArtefacts,
  paintShader,
  SMOOTH_NOISE_SHADER,
  SMOOTH_SHADER,
} from './ctShaders.ts';
import { type BufferPool, createBufferPool, createDispatcher, type Dispatcher } from './gpuCompute.ts';
import type { VoxelBox } from './renderCt.ts';
import type { PhantomScene } from './scene.ts';
import { planCt, type ScenePlan } from './scenePlan.ts';
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
  const buffers = createBufferPool(device);
  const shaders = createDispatcher(device);
  return {
    record(encoder, scene, grid, box, plan = planCt(scene, grid, box)) {
      const pass = encoder.beginComputePass();
      const image = recordPasses({ pass, buffers, shaders }, ctBox(scene, grid, box), plan);
      pass.end();
      return image;
    },
    free: buffers.free,
  };
}

/** What a recording writes to. */
interface Recorder {
  readonly pass: GPUComputePassEncoder;
  readonly buffers: BufferPool;
  readonly shaders: Dispatcher;
}

/** Invocations in a workgroup of the shaders, along x, y, z. */
const PAINT_WORKGROUP: Vec3 = [8, 8, 2];
const ROW_WORKGROUP: Vec3 = [32, 4, 1];

const floatBytes = (size: Vec3): number => 4 * size[0] * size[1] * size[2];
const workgroups = (size: Vec3, workgroup: Vec3): number[] =>
  size.map((count, axis) => Math.ceil(count / workgroup[axis]!));

/** Paint the samples; smooth them along i and j; noise along i and j; finish along k. Returns the buffer of HU. */
function recordPasses(to: Recorder, view: CtBox, plan: ScenePlan): GPUBuffer {
  const { buffers } = to;
  const { fine, white, afterI, afterJ, noiseI, noiseJ } = view;
  const weights = buffers.upload('weights', view.weights.values);
  const artefacts = buffers.upload('artefacts', packArtefacts(view.scene.acquisition));
  const samples = buffers.storage('samples', Math.max(floatBytes(fine.size), floatBytes(afterJ)));
  const rows = buffers.storage('rows', Math.max(floatBytes(afterI), floatBytes(noiseI)));
  const noise = buffers.storage('noise', floatBytes(noiseJ));
  const image = buffers.storage('image', floatBytes(view.size));
  const uniform = (name: string, { floats, integers }: SettingWords): GPUBuffer =>
    buffers.uniform(name, floats, integers);
  const run = (name: string, code: string, size: Vec3, resources: readonly GPUBuffer[]): void =>
    to.shaders.dispatch(
      to.pass,
      to.shaders.pipeline(name, () => code),
      resources,
      workgroups(size, ROW_WORKGROUP),
    );

  recordPaint(to, view, plan, artefacts, samples);
  const imageI = uniform('imageI', smoothingSettings(view, 0, 0, fine.size, afterI));
  run('smooth', SMOOTH_SHADER, afterI, [imageI, weights, samples, rows]);
  const imageJ = uniform('imageJ', smoothingSettings(view, 1, 1, afterI, afterJ));
  run('smooth', SMOOTH_SHADER, afterJ, [imageJ, weights, rows, samples]);
  const whiteI = uniform('noiseI', smoothingSettings(view, 0, 3, white.size, noiseI));
  run('smoothNoise', SMOOTH_NOISE_SHADER, noiseI, [whiteI, weights, rows]);
  const whiteJ = uniform('noiseJ', smoothingSettings(view, 1, 4, noiseI, noiseJ));
  run('smooth', SMOOTH_SHADER, noiseJ, [whiteJ, weights, rows, noise]);
  const finish = uniform('finishSettings', finishSettings(view));
  run('finish', FINISH_SHADER, view.size, [finish, weights, artefacts, samples, noise, image]);
  return image;
}

/** Paints the tissues at the fine samples, with a shader for as many registers as the program needs. */
function recordPaint(
  { pass, buffers, shaders }: Recorder,
  view: CtBox,
  { paint, regions }: ScenePlan,
  artefacts: GPUBuffer,
  samples: GPUBuffer,
): void {
  const registerFile = registerFileFor(paint.registerCount);
  const { floats, integers } = paintSettings(view, regions);
  shaders.dispatch(
    pass,
    shaders.pipeline(`paint${registerFile}`, () => paintShader(registerFile)),
    [
      buffers.uniform('paintSettings', floats, integers),
      buffers.upload('code', regions.code),
      buffers.upload('params', paint.params),
      buffers.upload('ranges', regions.ranges),
      artefacts,
      samples,
    ],
    workgroups(view.fine.size, PAINT_WORKGROUP),
  );
}
