import * as nodeModule from 'node:module';
import { join } from 'node:path';
import process from 'node:process';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { isElectron } from './isElectron.ts';

/**
 * A WebGPU device in Node (Dawn) with TensorFlow.js' backend 'webgpu' built on it, so that buffers written by other
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

export interface WebGpuOptions {
  /** A dawn.node to load in place of the npm package's; the environment variable AURICLE_DAWN otherwise. */
  readonly dawnPath?: string;
  /** Dawn's own flags, for example 'enable-dawn-features=disable_robustness'. */
  readonly dawnFlags?: readonly string[];
}

interface Dawn {
  readonly create: (flags: string[]) => GPU;
  readonly globals: Readonly<Record<string, unknown>>;
}

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

async function loadDawn(dawnPath: string | undefined): Promise<Dawn> {
  if (isElectron()) throw new UserError(failure('engine.webgpu-in-electron'));
  try {
    if (dawnPath) return nodeModule.createRequire(join(process.cwd(), 'dawn.js'))(dawnPath) as Dawn;
    // Not a literal: the package looks for its binary in its own folder, so it must not become part of a bundle.
    const packageName = 'webgpu';
    return (await import(/* @vite-ignore */ packageName)) as Dawn;
  } catch {
    throw new UserError(failure('engine.no-webgpu-runtime'));
  }
}

let gpuInstance: GPU | undefined;

/** Gives Node the globals that TensorFlow.js' WebGPU backend looks for when its module is evaluated. */
function installGlobals(dawn: Dawn, gpu: GPU): void {
  const target = globalThis as unknown as Record<string, unknown>;
  for (const [name, value] of Object.entries(dawn.globals)) target[name] ??= value;
  const property = { value: gpu, configurable: true, writable: true, enumerable: true };
  // Node >= 21 has a navigator of its own.
  if (target.navigator) Object.defineProperty(target.navigator, 'gpu', property);
  else {
    const navigator = Object.defineProperty({}, 'gpu', property);
    Object.defineProperty(globalThis, 'navigator', { value: navigator, configurable: true, writable: true });
  }
  target.requestAnimationFrame ??= (callback: () => void) => setTimeout(callback, 0);
  for (const name of [
    'HTMLCanvasElement',
    'HTMLVideoElement',
    'HTMLImageElement',
    'OffscreenCanvas',
    'ImageData',
  ]) {
    target[name] ??= class {};
  }
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
 * Opens the fastest adapter with its largest limits, makes TensorFlow.js' backend 'webgpu' on it and selects it.
 * One at a time in a process or worker: free the first before asking for another.
 * @throws UserError where there is no WebGPU runtime or no adapter.
 */
export async function createWebGpu(options: WebGpuOptions = {}): Promise<WebGpu> {
  if (gpuInstance) {
    throw new UserError(failure('engine.gpu-in-use'));
  }
  const dawn = await loadDawn(options.dawnPath ?? process.env.AURICLE_DAWN);
  // Exact timestamps; the rounding to 100 µs is meant for web pages.
  const gpu = dawn.create(['disable-dawn-features=timestamp_quantization', ...(options.dawnFlags ?? [])]);
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) throw new UserError(failure('engine.no-gpu'));
  const requiredLimits: Record<string, number> = {};
  for (const name of LIMITS) requiredLimits[name] = Math.min(adapter.limits[name], LARGEST_BUFFER_BYTES);
  const device = await adapter.requestDevice({
    requiredLimits,
    requiredFeatures: FEATURES.filter((feature) => adapter.features.has(feature)),
  });
  gpuInstance = gpu;
  installGlobals(dawn, gpu);
  const firstFailure = watchFailures(device);

  const { WebGPUBackend } = await import('@tensorflow/tfjs-backend-webgpu');
  const backend = new WebGPUBackend(device, adapter.info);
  // Importing the package registers a factory that would open a device of its own.
  if (tf.findBackendFactory('webgpu')) tf.removeBackend('webgpu');
  tf.registerBackend('webgpu', () => backend, 3);
  await tf.setBackend('webgpu');

  const { vendor, architecture, description, device: deviceName } = adapter.info;
  const adapterName = deviceName && /[a-z]{3}/i.test(deviceName) ? deviceName : description;
  return {
    device,
    backend,
    adapterName: adapterName || [vendor, architecture].filter(Boolean).join(' '),
    isSoftware: /swiftshader|llvmpipe|lavapipe|cpu/i.test(
      [vendor, architecture, deviceName, description].join(' '),
    ),
    failure: firstFailure,
    free() {
      if (gpuInstance !== gpu) return;
      tf.removeBackend('webgpu');
      device.destroy();
      gpuInstance = undefined;
    },
  };
}
