import { Mutex } from 'async-mutex';
import { compileAhead, webgpuOps } from '../kernels/index.ts';
import { asDeviceFailure, DeviceFailure } from './fallbackEngine.ts';
import type { TensorflowHost } from './tensorflowEngine.ts';
import type { WebGpu } from './webgpuBackend.ts';

/** The bundled model's features at these points take 170 MB of the GPU's memory. */
const CHUNK_POINTS = 16_384;
/** For SwiftShader and other software: shorter commands, so that a cancel takes effect soon. */
const SOFTWARE_CHUNK_POINTS = 4096;
/** A processor of graphics computes a chunk in a millisecond or two: a cancel can wait for these. */
const CHUNKS_AT_ONCE = 8;

/** TensorFlow.js on a WebGPU device. The device stays its owner's, who frees it after the engines. */
export function webgpuHost(gpu: WebGpu): TensorflowHost {
  // Error scopes are a stack of the device: work that awaits inside one must not interleave with other work.
  const mutex = new Mutex();
  const lost = gpu.device.lost.then((): never => {
    throw new DeviceFailure('lost');
  });
  // Handled where work is raced against it; without work a lost device is not a failure.
  lost.catch(() => undefined);
  const runScoped = async <T>(work: () => Promise<T>): Promise<T> => {
    gpu.device.pushErrorScope('out-of-memory');
    const outcome = await Promise.allSettled([Promise.race([work(), lost])]);
    // A lost device has no scopes left; the work itself has failed then.
    const memoryError = await gpu.device.popErrorScope().catch(() => null);
    if (memoryError !== null) throw new DeviceFailure('memory');
    const [result] = outcome;
    if (result.status === 'rejected') throw asDeviceFailure(result.reason);
    // WebGPU reports a refused command beside its result, which is then zeros.
    const refused = gpu.failure();
    if (refused) throw new DeviceFailure('failed', { cause: refused });
    return result.value;
  };
  return {
    id: 'webgpu',
    device: gpu.adapterName,
    backendName: 'webgpu',
    ops: webgpuOps(),
    chunkPoints: gpu.isSoftware ? SOFTWARE_CHUNK_POINTS : CHUNK_POINTS,
    chunksAtOnce: gpu.isSoftware ? 1 : CHUNKS_AT_ONCE,
    // Software compiles on the cores that it computes on: what is never used would cost more than it saves.
    ...(gpu.isSoftware ? {} : { compileAhead: (compute) => compileAhead(gpu.backend, compute) }),
    guard: (work) => mutex.runExclusive(() => runScoped(work)),
  };
}
