import { type GridLps, voxelCount } from '#shared/geometry/gridLps.ts';
import { requestGpuAdapter } from '#shared/nudf/engine/webgpuBackend.ts';
import { loadDawn } from '../src/main/nudf/engine/webgpuDevice.ts';
import { readWords } from '../src/main/phantom/gpuCompute.ts';
import { createCtGpu } from '../src/main/phantom/renderCtGpu.ts';
import type { PhantomScene } from '../src/main/phantom/scene.ts';
import { renderCtThreads } from '../src/main/workers/renderCtThreads.ts';

/** Makes scans of phantoms, HU rounded to integers. */
export interface ScanRenderer {
  render(scene: PhantomScene, grid: GridLps): Promise<Int16Array>;
  free(): void;
}

/** Slices rendered at once: few, for a device's buffers have a largest size. */
const SLAB = 16;

/**
 * On the processors, or with WebGPU in Node on a device of its own beside the networks': before rounding, HU within half
 * a unit of the processors' (renderCtGpu.slow.test.ts).
 */
export async function createScanRenderer(on: 'cpu' | 'webgpu', threads?: number): Promise<ScanRenderer> {
  if (on === 'cpu') {
    return {
      render: (scene, grid) => renderCtThreads(scene, grid, threads === undefined ? {} : { threads }),
      free: () => {},
    };
  }
  // Held until the end: its devices do not outlive it.
  let gpu: GPU | undefined = (await loadDawn()).create([]);
  const adapter = await requestGpuAdapter(gpu);
  const { maxBufferSize, maxStorageBufferBindingSize } = adapter.limits;
  const device = await adapter.requestDevice({
    requiredLimits: { maxBufferSize, maxStorageBufferBindingSize },
  });
  const renderer = createCtGpu(device);
  return {
    async render(scene, grid) {
      const [ni, nj, nk] = grid.sizeIjk;
      const result = new Int16Array(voxelCount(grid));
      for (let kStart = 0; kStart < nk; kStart += SLAB) {
        const kEnd = Math.min(kStart + SLAB, nk);
        const encoder = device.createCommandEncoder();
        const image = renderer.record(encoder, scene, grid, { from: [0, 0, kStart], to: [ni, nj, kEnd] });
        device.queue.submit([encoder.finish()]);
        const count = ni * nj * (kEnd - kStart);
        const hu = new Float32Array(await readWords(device, image, 0, 4 * count));
        const at = ni * nj * kStart;
        for (let n = 0; n < count; n++) result[at + n] = Math.round(hu[n]!);
      }
      return result;
    },
    free() {
      renderer.free();
      device.destroy();
      gpu = undefined;
    },
  };
}
