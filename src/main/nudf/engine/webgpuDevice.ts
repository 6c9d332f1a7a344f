import * as nodeModule from 'node:module';
import { join } from 'node:path';
import process from 'node:process';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { openWebGpu, requestGpuAdapter, type WebGpu } from '#shared/nudf/engine/webgpuBackend.ts';
import { isElectron } from './isElectron.ts';
import { pollLessOften } from './softwarePolls.ts';

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

/**
 * Loads WebGPU for Node: the file of that path, else the npm package.
 * @throws UserError where there is none, and in Electron, which has its own
 */
export async function loadDawn(dawnPath = process.env.AURICLE_DAWN): Promise<Dawn> {
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

/**
 * Opens the fastest adapter of Dawn, WebGPU in Node, and makes TensorFlow.js' backend 'webgpu' on it.
 * One at a time in a process or worker: free the first before asking for another.
 * @throws UserError where there is no WebGPU runtime or no adapter.
 */
export async function createWebGpu(options: WebGpuOptions = {}): Promise<WebGpu> {
  if (gpuInstance) {
    throw new UserError(failure('engine.gpu-in-use'));
  }
  const dawn = await loadDawn(options.dawnPath);
  // Exact timestamps; the rounding to 100 µs is meant for web pages.
  const gpu = dawn.create(['disable-dawn-features=timestamp_quantization', ...(options.dawnFlags ?? [])]);
  const adapter = await requestGpuAdapter(gpu);
  gpuInstance = gpu;
  try {
    installGlobals(dawn, gpu);
    const opened = await openWebGpu(adapter);
    const undo = opened.isSoftware ? pollLessOften() : undefined;
    return {
      ...opened,
      free() {
        opened.free();
        undo?.();
        if (gpuInstance === gpu) gpuInstance = undefined;
      },
    };
  } catch (thrown) {
    gpuInstance = undefined;
    throw thrown;
  }
}
