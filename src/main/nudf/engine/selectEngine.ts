import { existsSync, readdirSync } from 'node:fs';
import process from 'node:process';
import type { EngineChoice } from '#shared/contract/services/app.ts';
import { failureOf, UserError } from '#shared/errors.ts';
import { type Failure, failure, includesFailure } from '#shared/failures/failure.ts';
import type { DistanceSpec } from '#shared/nudf/engine/distanceSpec.ts';
import {
  DeviceFailure,
  fallbackReason,
  fieldEngineWithFallback,
  regionEngineWithFallback,
} from '#shared/nudf/engine/fallbackEngine.ts';
import type { EngineId, FieldEngine, RegionEngine } from '#shared/nudf/engine/fieldEngine.ts';
import type { TensorflowHost } from '#shared/nudf/engine/tensorflowEngine.ts';
import type { RegionNetworkSpec } from '#shared/nudf/network/networkSpec.ts';
import type { WeightMap } from '#shared/nudf/network/weightLayout.ts';
import { isElectron } from './isElectron.ts';
import { createOnnxFieldEngine } from './onnxEngine.ts';
import { createOnnxFamilyFieldEngine } from './onnxFamilyFieldEngine.ts';
import { createOnnxRegionEngine } from './onnxRegionEngine.ts';
import { type OnnxOptions, onnxDevice } from './onnxRuntime.ts';

/** The engines of one device. Free the engines first, then this. */
export interface SelectedEngine {
  readonly id: EngineId;
  /** The device in words, for the report. */
  readonly device: string;
  /** Whether it is the processor that computes, by WebGPU in software as well. */
  readonly isSoftware: boolean;
  /** One for each time that not the best engine, or not the requested one, is used; grows when a device fails. */
  readonly reasons: readonly Failure[];
  fieldEngine(spec: DistanceSpec, weights: WeightMap): Promise<FieldEngine>;
  regionEngine(spec: RegionNetworkSpec, weights: WeightMap): Promise<RegionEngine>;
  free(): Promise<void>;
}

export type SelectOptions = OnnxOptions;

/** A GPU that engines can be made on. */
export interface OpenedHost {
  readonly host: TensorflowHost;
  readonly isSoftware: boolean;
  free(): void;
}

/** How GPUs are opened; replaced in tests. */
export interface HostOpeners {
  /** False where there is certainly no GPU, so that `auto` need not look. */
  mayHaveGpu(): boolean;
  webgpu(): Promise<OpenedHost>;
  cuda(): Promise<OpenedHost>;
}

// Loaded when asked for: TensorFlow.js and Dawn take longer to start than ONNX Runtime.
const defaultOpeners: HostOpeners = {
  mayHaveGpu: mayHaveGraphicsDevice,
  async webgpu() {
    const { createWebGpu } = await import('./webgpuDevice.ts');
    const { webgpuHost } = await import('#shared/nudf/engine/webgpuEngine.ts');
    const gpu = await createWebGpu();
    return { host: webgpuHost(gpu), isSoftware: gpu.isSoftware, free: () => gpu.free() };
  },
  async cuda() {
    const { cudaHost } = await import('./cudaEngine.ts');
    return { host: await cudaHost(), isSoftware: false, free: () => undefined };
  },
};

const onnxFieldEngine = (
  spec: DistanceSpec,
  weights: WeightMap,
  options: OnnxOptions,
): Promise<FieldEngine> =>
  spec.kind === 'nudf-dual'
    ? createOnnxFieldEngine(spec, weights, options)
    : createOnnxFamilyFieldEngine(spec, weights, options);

function onnxSelected(options: OnnxOptions, reasons: readonly Failure[]): SelectedEngine {
  return {
    id: 'onnx',
    device: onnxDevice(options),
    isSoftware: true,
    reasons,
    fieldEngine: (spec, weights) => onnxFieldEngine(spec, weights, options),
    regionEngine: (spec, weights) => createOnnxRegionEngine(spec, weights, options),
    free: async () => undefined,
  };
}

function hostSelected(opened: OpenedHost, options: OnnxOptions, reasons: Failure[]): SelectedEngine {
  const { host } = opened;
  const onFallback = (reason: Failure): void => {
    if (!includesFailure(reasons, reason)) reasons.push(reason);
  };
  /** Makes the host's engine; where its device fails already then, the replacement. */
  const attempt = async <E>(make: () => Promise<E>, replace: () => Promise<E>): Promise<E> => {
    try {
      return await make();
    } catch (thrown) {
      if (!(thrown instanceof DeviceFailure)) throw thrown;
      onFallback(fallbackReason(thrown));
      return replace();
    }
  };
  return {
    id: host.id,
    device: host.device,
    isSoftware: opened.isSoftware,
    reasons,
    async fieldEngine(spec, weights) {
      const { createTensorflowFieldEngine } = await import('#shared/nudf/engine/tensorflowEngine.ts');
      const onnx = () => onnxFieldEngine(spec, weights, options);
      return attempt(
        async () =>
          fieldEngineWithFallback(await createTensorflowFieldEngine(host, spec, weights), onnx, onFallback),
        onnx,
      );
    },
    async regionEngine(spec, weights) {
      const { createTensorflowRegionEngine } = await import('#shared/nudf/engine/tensorflowEngine.ts');
      const onnx = () => createOnnxRegionEngine(spec, weights, options);
      return attempt(
        async () =>
          regionEngineWithFallback(await createTensorflowRegionEngine(host, spec, weights), onnx, onFallback),
        onnx,
      );
    },
    free: async () => opened.free(),
  };
}

const WEBGPU_IN_ELECTRON = failure('engine.processor-instead', {
  reason: failure('engine.webgpu-in-electron'),
});

/** A GPU if there is a real one, else the processor, with the reason. */
async function selectAutomatically(options: OnnxOptions, openers: HostOpeners): Promise<SelectedEngine> {
  const onProcessor = (reason: Failure): SelectedEngine =>
    onnxSelected(options, [failure('engine.processor-instead', { reason })]);
  if (isElectron()) return onnxSelected(options, [WEBGPU_IN_ELECTRON]);
  if (!openers.mayHaveGpu()) return onProcessor(failure('engine.no-gpu-shown'));
  let opened: OpenedHost;
  try {
    opened = await openers.webgpu();
  } catch (thrown) {
    const reason = failureOf(thrown);
    const isKnown = thrown instanceof UserError;
    return onProcessor(isKnown ? reason : failure('engine.webgpu-not-started', { reason }));
  }
  if (!opened.isSoftware) return hostSelected(opened, options, []);
  const { device } = opened.host;
  opened.free();
  return onProcessor(failure('engine.only-software', { device }));
}

/**
 * The engine for a choice. `auto` takes a real GPU by WebGPU, else ONNX Runtime, and says why in `reasons`.
 * @throws UserError, with the reason, where an engine that was asked for by name is not available
 */
export async function selectEngine(
  choice: EngineChoice,
  options: SelectOptions = {},
  openers: HostOpeners = defaultOpeners,
): Promise<SelectedEngine> {
  switch (choice) {
    case 'auto':
      return selectAutomatically(options, openers);
    case 'onnx':
      return onnxSelected(options, []);
    case 'webgpu':
    case 'cuda': {
      // Chosen in the browser's settings or on the command line, perhaps: no reason to compute nothing here.
      if (choice === 'webgpu' && isElectron()) return onnxSelected(options, [WEBGPU_IN_ELECTRON]);
      try {
        const opened = await openers[choice]();
        const software = failure('engine.software', { engine: choice, device: opened.host.device });
        return hostSelected(opened, options, opened.isSoftware ? [software] : []);
      } catch (thrown) {
        if (!(thrown instanceof UserError)) throw thrown;
        throw new UserError(failure('engine.not-available', { engine: choice, reason: thrown.failure }));
      }
    }
    default:
      throw new UserError(failure('engine.unknown', { engine: choice satisfies never }));
  }
}

const NVIDIA = '/dev/nvidiactl';
const WINDOWS_SUBSYSTEM = '/dev/dxg';
const RENDER_NODES = '/dev/dri';

/**
 * Whether a GPU may be present: on Linux, whether the kernel shows one; elsewhere always true. Without one the WebGPU
 * runtime takes time to find nothing and writes its own warnings to the terminal.
 */
export function mayHaveGraphicsDevice(): boolean {
  if (process.platform !== 'linux') return true;
  if (existsSync(NVIDIA) || existsSync(WINDOWS_SUBSYSTEM)) return true;
  try {
    return readdirSync(RENDER_NODES).some((name) => name.startsWith('renderD'));
  } catch {
    return false;
  }
}
