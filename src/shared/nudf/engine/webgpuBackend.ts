import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { writeSmallTensorsByQueue } from './smallUploads.ts';

/**
 * A WebGPU device with TensorFlow.js' backend 'webgpu' built on it, in Node (Dawn) or in a browser, so that buffers written by other
 * shaders of the same device become tensors without a copy: `tf.tensor({ buffer, zeroCopy: true }, shape)`; the buffer
 * needs the usages STORAGE and COPY_SRC and stays the caller's to destroy.
 */
export interface WebGpu {
  readonly device: GPUDevice;
  readonly backend: WebGPUBackend;
  /** The adapter in words, for reports: "NVIDIA H200", "SwiftShader Device (LLVM 16.0.0)". */
  readonly adapterName: string;
  /** True where the adapter is the processor itself (SwiftShader, llvmpipe). */
  readonly isSoftware: boolean;
  /**
   * What went wrong on the device so far, if anything. WebGPU reports shortage of memory, invalid commands and a lost
   * device separately from the results, which silently become zeros: call this after reading results.
   */
  failure(): Error | undefined;
  /** Disposes all tensors of the backend, removes it from TensorFlow.js and destroys the device. */
  free(): void;
}

/** What an adapter is, for people. */
export interface AdapterDescription extends Pick<WebGpu, 'adapterName' | 'isSoftware'> {}

const LIMITS = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupSizeY',
  'maxComputeWorkgroupSizeZ',
  'maxComputeWorkgroupsPerDimension',
] as const;

const FEATURES: readonly GPUFeatureName[] = ['timestamp-query', 'shader-f16'];

/** Larger single buffers than this are never asked for; some drivers report limits beyond 2^53. */
const LARGEST_BUFFER_BYTES = 2 ** 36;

/**
 * The fastest adapter.
 * @throws UserError where there is none
 */
export async function requestGpuAdapter(gpu: GPU): Promise<GPUAdapter> {
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) throw new UserError(failure('engine.no-gpu'));
  return adapter;
}

export function describeAdapter({ info }: GPUAdapter): AdapterDescription {
  const { vendor, architecture, description, device } = info;
  const adapterName = device && /[a-z]{3}/i.test(device) ? device : description;
  return {
    adapterName: adapterName || [vendor, architecture].filter(Boolean).join(' '),
    isSoftware: /swiftshader|llvmpipe|lavapipe|cpu/i.test(
      [vendor, architecture, device, description].join(' '),
    ),
  };
}

/** Remembers the device's first error. */
function watchFailures(device: GPUDevice): () => Error | undefined {
  let first: Error | undefined;
  device.addEventListener('uncapturederror', (event) => {
    const { error } = event as GPUUncapturedErrorEvent;
    first ??=
      error instanceof GPUOutOfMemoryError
        ? new UserError(failure('engine.gpu-memory'))
        : new Error(`WebGPU: ${error.message}`);
  });
  void device.lost.then(({ reason, message }) => {
    if (reason === 'destroyed') return;
    first ??= new UserError(failure('engine.gpu-lost', { message }));
  });
  return () => first;
}

/**
 * Opens a device with the adapter's largest limits, makes TensorFlow.js' backend 'webgpu' on it and selects it. One at a
 * time in a process or worker: free the first before asking for another.
 */
export async function openWebGpu(adapter: GPUAdapter): Promise<WebGpu> {
  const requiredLimits: Record<string, number> = {};
  for (const name of LIMITS) requiredLimits[name] = Math.min(adapter.limits[name], LARGEST_BUFFER_BYTES);
  const device = await adapter.requestDevice({
    requiredLimits,
    requiredFeatures: FEATURES.filter((feature) => adapter.features.has(feature)),
  });
  const firstFailure = watchFailures(device);

  const { WebGPUBackend } = await import('@tensorflow/tfjs-backend-webgpu');
  const backend = new WebGPUBackend(device, adapter.info);
  writeSmallTensorsByQueue(backend);
  // Importing the package registers a factory that would open a device of its own.
  if (tf.findBackendFactory('webgpu')) tf.removeBackend('webgpu');
  tf.registerBackend('webgpu', () => backend, 3);
  await tf.setBackend('webgpu');

  let isFreed = false;
  return {
    device,
    backend,
    ...describeAdapter(adapter),
    failure: firstFailure,
    free() {
      if (isFreed) return;
      isFreed = true;
      tf.removeBackend('webgpu');
      device.destroy();
    },
  };
}
