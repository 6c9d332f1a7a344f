import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';

/**
 * A compute shader. `key` names it uniquely, with all that its text depends on; `code` is only called when the pipeline
 * does not exist yet. The shader's buffers are @group(0), bindings 0, 1, … in the order given to `runProgram`.
 *
 * Each text is compiled for itself, so only what decides how it is built is written into it (types, tiles, the memory of
 * a workgroup, what is divided by in the innermost loop); the sizes that merely bound it are uniforms.
 */
export interface GpuProgram {
  readonly key: string;
  /** @param uniforms WGSL that declares the uniforms, if any, as `U`: `U.rows` */
  readonly code: (uniforms: string) => string;
  /** Whether its uniforms differ from run to run (a place in a list), so that none may be written into the text. */
  readonly isToldEachRun?: boolean;
}

/** Numbers that a program is told with each run, by the names its shader knows: whole ones (u32), four floats (vec4f). */
export type Uniforms = Readonly<Record<string, number | Float32Array>>;

/**
 * The part of TensorFlow.js' WebGPU backend (4.22) that records commands. Declared private there; sharing its encoder
 * keeps our dispatches in order with the stock ones and lets the backend defer the release of buffers in flight.
 */
interface CommandRecorder {
  commandEncoder: GPUCommandEncoder | null;
  computePassEncoder: GPUComputePassEncoder | null;
  commandQueueOwnedIds: WeakSet<object>;
  dispatchCountInPass: number;
}

interface Pipeline {
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
}

interface BackendState {
  readonly pipelines: Map<string, Pipeline>;
  /** The texts of the programs that are missing, by their keys, while {@link compileAhead} looks for them. */
  missing: Map<string, string> | undefined;
  readonly uniforms: Map<string, GPUBuffer>;
  /** See {@link writeSizesIntoShaders}. */
  hasSizesInText: boolean;
}

const MOST_CACHED_UNIFORMS = 4096;
const states = new WeakMap<WebGPUBackend, BackendState>();

function stateOf(backend: WebGPUBackend): BackendState {
  let state = states.get(backend);
  if (!state) {
    state = { pipelines: new Map(), missing: undefined, uniforms: new Map(), hasSizesInText: false };
    states.set(backend, state);
  }
  return state;
}

/**
 * From now on sizes stand in the text of each shader, for a program that runs the same sizes thousands of times. Of two
 * programs with all sizes in the text and with none a training step took 31 and 36 ms on an H200, and the first one,
 * which compiles, 9 and 5 s (docs/speed.md).
 */
export function writeSizesIntoShaders(backend: WebGPUBackend): void {
  stateOf(backend).hasSizesInText = true;
}

/** Vectors first, so that each begins at a multiple of its size. */
const inOrder = (uniforms: Uniforms): [string, number | Float32Array][] => {
  const entries = Object.entries(uniforms);
  return [true, false].flatMap((isVector) =>
    entries.filter(([, value]) => (typeof value !== 'number') === isVector),
  );
};

function declarationOf(uniforms: Uniforms, binding: number): string {
  const members = inOrder(uniforms).map(
    ([name, value]) => `${name}: ${typeof value === 'number' ? 'u32' : 'vec4f'}`,
  );
  return `struct Uniforms { ${members.join(', ')} }
@group(0) @binding(${binding}) var<uniform> U: Uniforms;`;
}

/** The same as constants; whole numbers alone, for vectors are what differs from run to run. */
function constantsOf(sizes: Readonly<Record<string, number>>): string {
  const members = Object.keys(sizes).map((name) => `${name}: u32`);
  const values = Object.values(sizes).map((value) => `${value}u`);
  return `struct Uniforms { ${members.join(', ')} }
const U = Uniforms(${values.join(', ')});`;
}

const areSizes = (uniforms: Uniforms): uniforms is Readonly<Record<string, number>> =>
  Object.values(uniforms).every((value) => typeof value === 'number');

function wordsOf(uniforms: Uniforms): Uint32Array<ArrayBuffer> {
  const words: number[] = [];
  for (const [, value] of inOrder(uniforms)) {
    if (typeof value === 'number') words.push(value);
    else words.push(...new Uint32Array(Float32Array.from(value).buffer));
  }
  while (words.length % 4) words.push(0);
  return Uint32Array.from(words);
}

function describe(backend: WebGPUBackend, key: string, code: string): GPUComputePipelineDescriptor {
  const module = backend.device.createShaderModule({ code, label: key });
  return { label: key, layout: 'auto', compute: { module, entryPoint: 'main' } };
}

const withLayout = (pipeline: GPUComputePipeline): Pipeline => ({
  pipeline,
  layout: pipeline.getBindGroupLayout(0),
});

function pipelineOf(backend: WebGPUBackend, program: GpuProgram, declaration: () => string): Pipeline {
  const { pipelines } = stateOf(backend);
  let entry = pipelines.get(program.key);
  if (!entry) {
    const descriptor = describe(backend, program.key, program.code(declaration()));
    entry = withLayout(backend.device.createComputePipeline(descriptor));
    pipelines.set(program.key, entry);
  }
  return entry;
}

/**
 * Compiles what a computation needs, side by side, and runs none of our programs: the contents of its results are
 * undefined.
 * @param compute records the computation, on tensors of any contents, and disposes of its results
 */
export async function compileAhead(backend: WebGPUBackend, compute: () => void): Promise<void> {
  const state = stateOf(backend);
  const missing = new Map<string, string>();
  state.missing = missing;
  try {
    compute();
  } finally {
    state.missing = undefined;
  }
  await Promise.all(
    [...missing].map(async ([key, code]) => {
      const pipeline = await backend.device.createComputePipelineAsync(describe(backend, key, code));
      state.pipelines.set(key, withLayout(pipeline));
    }),
  );
}

/** Uniform buffers are immutable and shared by their content, so that a training step creates next to none. */
function uniformBuffer(backend: WebGPUBackend, values: Uint32Array<ArrayBuffer>): GPUBuffer {
  const { uniforms } = stateOf(backend);
  const key = values.join();
  let buffer = uniforms.get(key);
  if (!buffer) {
    if (uniforms.size >= MOST_CACHED_UNIFORMS) {
      // Dropped, not destroyed: commands that are recorded but not submitted may still name them.
      uniforms.clear();
    }
    buffer = backend.device.createBuffer({
      size: values.byteLength,
      usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
    });
    backend.device.queue.writeBuffer(buffer, 0, values);
    uniforms.set(key, buffer);
  }
  return buffer;
}

/** Spreads a number of workgroups over two dimensions; shaders recover it as wg.x + wg.y · 32768. */
export function workgroups(count: number): [number, number, number] {
  return [Math.min(count, WORKGROUP_ROW), Math.ceil(count / WORKGROUP_ROW), 1];
}
/** Workgroups along x of a spread dispatch; WebGPU allows 65,535 along each axis. */
export const WORKGROUP_ROW = 32768;

/** A float tensor on the GPU with undefined contents. */
export function newTensor(backend: WebGPUBackend, shape: readonly number[]): tf.TensorInfo {
  return backend.makeTensorInfo([...shape], 'float32');
}

/** Releases a temporary; the backend waits until the recorded commands no longer need it. */
export function discard(backend: WebGPUBackend, ...tensors: readonly tf.TensorInfo[]): void {
  for (const tensor of tensors) backend.disposeData(tensor.dataId);
}

/**
 * Some rows of a matrix: what a shader sees of it begins with the first of them. A row must begin at a multiple of 256
 * bytes, as WebGPU asks of a binding.
 */
export interface MatrixRows {
  readonly matrix: tf.TensorInfo;
  readonly firstRow: number;
  readonly rows: number;
}

const isPart = (bound: tf.TensorInfo | MatrixRows): bound is MatrixRows => 'matrix' in bound;

/** The tensor that a binding shows, whole or in part. */
const tensorOf = (bound: tf.TensorInfo | MatrixRows): tf.TensorInfo => (isPart(bound) ? bound.matrix : bound);

/** Shape of what a binding shows. */
export const boundShape = (bound: tf.TensorInfo | MatrixRows): readonly number[] =>
  isPart(bound) ? [bound.rows, bound.matrix.shape.at(-1)!] : bound.shape;

/** Whether the rows of a matrix of so many columns can be bound from any row on. */
export const canBindRows = (columns: number): boolean => columns % 64 === 0;

function bindingOf(backend: WebGPUBackend, bound: tf.TensorInfo | MatrixRows): GPUBufferBinding {
  const { dataId } = tensorOf(bound);
  backend.uploadToGPU(dataId);
  const buffer = backend.tensorMap.get(dataId).resource as GPUBuffer;
  if (!isPart(bound)) return { buffer };
  const rowBytes = 4 * bound.matrix.shape.at(-1)!;
  return { buffer, offset: bound.firstRow * rowBytes, size: bound.rows * rowBytes };
}

/**
 * Records one dispatch. Tensors that the shader writes must be fresh, or passed through `markWritten` afterwards.
 * @param bindings tensors, or rows of them, in the order of the shader's bindings
 */
export function runProgram(
  backend: WebGPUBackend,
  program: GpuProgram,
  bindings: readonly (tf.TensorInfo | MatrixRows)[],
  groups: readonly [number, number, number],
  uniforms?: Uniforms,
): void {
  const { missing, pipelines, hasSizesInText } = stateOf(backend);
  if (hasSizesInText && !program.isToldEachRun && uniforms && areSizes(uniforms)) {
    const withSizes: GpuProgram = {
      key: `${program.key} with ${Object.values(uniforms)}`,
      code: () => program.code(constantsOf(uniforms)),
    };
    runProgram(backend, withSizes, bindings, groups);
    return;
  }
  const declaration = () => (uniforms ? declarationOf(uniforms, bindings.length) : '');
  if (missing) {
    if (!pipelines.has(program.key)) missing.set(program.key, program.code(declaration()));
    return;
  }
  const { pipeline, layout } = pipelineOf(backend, program, declaration);
  const entries: GPUBindGroupEntry[] = bindings.map((bound, binding) => ({
    binding,
    resource: bindingOf(backend, bound),
  }));
  if (uniforms) {
    entries.push({
      binding: entries.length,
      resource: { buffer: uniformBuffer(backend, wordsOf(uniforms)) },
    });
  }
  const bindGroup = backend.device.createBindGroup({ layout, entries });
  const recorder = backend as unknown as CommandRecorder;
  for (const bound of bindings) recorder.commandQueueOwnedIds.add(tensorOf(bound).dataId);
  backend.ensureCommandEncoderReady();
  recorder.computePassEncoder ??= recorder.commandEncoder!.beginComputePass();
  recorder.computePassEncoder.setPipeline(pipeline);
  recorder.computePassEncoder.setBindGroup(0, bindGroup);
  recorder.computePassEncoder.dispatchWorkgroups(...groups);
  recorder.dispatchCountInPass++;
  if (recorder.dispatchCountInPass >= tf.env().getNumber('WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE')) {
    backend.endComputePassEncoder();
    backend.submitQueue();
  }
}

/** Forgets the copy on the processor's side of tensors that were written in place. */
export function markWritten(backend: WebGPUBackend, ...tensors: readonly tf.TensorInfo[]): void {
  for (const tensor of tensors) {
    // The declared type leaves no room for "none", which is what the backend itself stores after an upload.
    (backend.tensorMap.get(tensor.dataId) as { values: unknown }).values = null;
  }
}

/** The backend's pool of buffers (private there): freed buffers wait in it, by size, for the next of the same size. */
interface BufferPool {
  readonly freeBuffers: Map<string, GPUBuffer[]>;
  numFreeBuffers: number;
  numBytesAllocated: number;
}

/**
 * Destroys the buffers that wait for reuse. Between tasks of different sizes (training, validation, inference), for
 * the backend itself never frees memory.
 */
export function releaseFreeBuffers(backend: WebGPUBackend): void {
  backend.endComputePassEncoder();
  backend.ensureCommandEncoderReady();
  backend.submitQueue();
  const pool = backend.bufferManager as unknown as BufferPool;
  for (const buffers of pool.freeBuffers.values()) {
    for (const buffer of buffers) {
      pool.numBytesAllocated -= buffer.size;
      buffer.destroy();
    }
    pool.numFreeBuffers -= buffers.length;
    buffers.length = 0;
  }
}

type KernelFunction = (
  inputs: Record<string, tf.TensorInfo>,
  attrs: Record<string, unknown>,
  backend: WebGPUBackend,
) => tf.TensorInfo | tf.TensorInfo[];

/** Registers (or replaces) a kernel of the backend 'webgpu'. */
export function registerGpuKernel(kernelName: string, kernelFunc: KernelFunction): void {
  if (tf.getKernel(kernelName, 'webgpu')) tf.unregisterKernel(kernelName, 'webgpu');
  tf.registerKernel({
    kernelName,
    backendName: 'webgpu',
    kernelFunc: ({ inputs, backend, attrs }) =>
      kernelFunc(inputs as Record<string, tf.TensorInfo>, attrs ?? {}, backend as WebGPUBackend),
  });
}

/** Runs a registered kernel on the current backend, recorded for gradients. */
export function callKernel<T extends tf.Tensor | tf.Tensor[]>(
  kernelName: string,
  inputs: Record<string, tf.Tensor> | tf.Tensor[],
  attrs: Record<string, unknown> = {},
): T {
  // An array stands for a map by position, as TensorFlow.js' own Concat and AddN pass it.
  return tf
    .engine()
    .runKernel(kernelName, inputs as unknown as tf.NamedTensorMap, attrs as tf.NamedAttrMap) as T;
}

/** Whether the current backend is 'webgpu'. */
export const onGpu = (): boolean => tf.getBackend() === 'webgpu';
