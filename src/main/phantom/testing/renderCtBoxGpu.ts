import type { GridLps } from '#shared/geometry/gridLps.ts';
import { readWords } from '../gpuCompute.ts';
import type { VoxelBox } from '../renderCt.ts';
import { createCtGpu } from '../renderCtGpu.ts';
import type { PhantomScene } from '../scene.ts';

/** {@link import('../renderCt.ts').renderCtBox} on a GPU, read back. */
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
