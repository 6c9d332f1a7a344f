/** What the phantom's shaders share: buffers, pipelines and reading back. */

export const STORAGE_USAGE = 0x80 | 0x04 | 0x08; // GPUBufferUsage.STORAGE | COPY_SRC | COPY_DST

export function storageBuffer(device: GPUDevice, bytes: number, label: string): GPUBuffer {
  return device.createBuffer({ size: Math.max(16, Math.ceil(bytes / 16) * 16), usage: STORAGE_USAGE, label });
}

export function writeWords(
  device: GPUDevice,
  buffer: GPUBuffer,
  offset: number,
  data: Uint32Array | Float32Array,
): void {
  device.queue.writeBuffer(buffer, offset, data.buffer as ArrayBuffer, data.byteOffset, data.byteLength);
}

/** Pipelines of a device by what they were compiled from: who makes a second crop maker on it waits for none. */
const compiled = new WeakMap<GPUDevice, Map<string, GPUComputePipeline>>();

/** One compute pipeline with all buffers in bind group 0; `layout: 'auto'`, so a shader must use every binding. */
export function computePipeline(
  device: GPUDevice,
  code: string,
  label: string,
  entryPoint = 'main',
): GPUComputePipeline {
  const ofDevice = compiled.get(device) ?? new Map<string, GPUComputePipeline>();
  compiled.set(device, ofDevice);
  const key = `${entryPoint}\n${code}`;
  let pipeline = ofDevice.get(key);
  if (pipeline === undefined) {
    const module = device.createShaderModule({ code, label });
    pipeline = device.createComputePipeline({ layout: 'auto', compute: { module, entryPoint }, label });
    ofDevice.set(key, pipeline);
  }
  return pipeline;
}

export interface BufferPart {
  readonly buffer: GPUBuffer;
  readonly offset: number;
  readonly size: number;
}

export function bind(
  device: GPUDevice,
  pipeline: GPUComputePipeline,
  buffers: readonly (GPUBuffer | BufferPart)[],
): GPUBindGroup {
  return device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: buffers.map((resource, binding) => ({
      binding,
      resource: 'buffer' in resource ? resource : { buffer: resource },
    })),
  });
}

/** Runs shaders by name; each is compiled when it is first needed. */
export interface Dispatcher {
  pipeline(name: string, code: () => string): GPUComputePipeline;
  /** @param size workgroups along x, y, z; 1 where left out */
  dispatch(
    pass: GPUComputePassEncoder,
    pipeline: GPUComputePipeline,
    resources: readonly (GPUBuffer | BufferPart)[],
    size: readonly number[],
  ): void;
}

export function createDispatcher(device: GPUDevice): Dispatcher {
  const pipelines = new Map<string, GPUComputePipeline>();
  return {
    pipeline(name, code) {
      const known = pipelines.get(name) ?? computePipeline(device, code(), name);
      pipelines.set(name, known);
      return known;
    },
    dispatch(pass, pipeline, resources, [x = 1, y = 1, z = 1]) {
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, bind(device, pipeline, resources));
      pass.dispatchWorkgroups(x, y, z);
    },
  };
}

/** The buffer with the data in it; a larger one in its place, the old one destroyed, where the data has outgrown it. */
export function refilled(device: GPUDevice, buffer: GPUBuffer, data: Uint32Array | Float32Array): GPUBuffer {
  let target = buffer;
  if (target.size < data.byteLength) {
    target.destroy();
    target = storageBuffer(device, 2 * data.byteLength, buffer.label);
  }
  writeWords(device, target, 0, data);
  return target;
}

/** Buffers by name that grow to the largest request and are used again. */
export interface BufferPool {
  /** A storage buffer of at least so many bytes; what was in it may be lost. */
  storage(name: string, bytes: number): GPUBuffer;
  /** A storage buffer that begins with the data. */
  upload(name: string, data: Uint32Array | Float32Array): GPUBuffer;
  /** A uniform of at most 256 bytes; see {@link packWords}. */
  uniform(name: string, floats: readonly number[], integers: readonly number[]): GPUBuffer;
  free(): void;
}

/** Room beyond a request, so that slightly larger ones need no new buffer. */
const SPARE_ROOM = 1.15;

export function createBufferPool(device: GPUDevice): BufferPool {
  const buffers = new Map<string, GPUBuffer>();
  const storage = (name: string, bytes: number): GPUBuffer => {
    const known = buffers.get(name);
    if (known !== undefined && known.size >= bytes) return known;
    known?.destroy();
    const fresh = storageBuffer(device, bytes * SPARE_ROOM, name);
    buffers.set(name, fresh);
    return fresh;
  };
  return {
    storage,
    upload(name, data) {
      const buffer = storage(name, data.byteLength);
      writeWords(device, buffer, 0, data);
      return buffer;
    },
    uniform(name, floats, integers) {
      const buffer = buffers.get(name) ?? uniformBuffer(device, 256, name);
      buffers.set(name, buffer);
      writeWords(device, buffer, 0, packWords(floats, integers));
      return buffer;
    },
    free() {
      for (const buffer of buffers.values()) buffer.destroy();
      buffers.clear();
    },
  };
}

/** Copies words of a buffer to the processor. For tests and reports: it waits for the device. */
export async function readWords(
  device: GPUDevice,
  buffer: GPUBuffer,
  offset = 0,
  bytes = buffer.size,
): Promise<ArrayBuffer> {
  const staging = device.createBuffer({ size: bytes, usage: 0x01 | 0x08 }); // MAP_READ | COPY_DST
  const encoder = device.createCommandEncoder();
  encoder.copyBufferToBuffer(buffer, offset, staging, 0, bytes);
  device.queue.submit([encoder.finish()]);
  await staging.mapAsync(0x01);
  const copy = staging.getMappedRange().slice(0);
  staging.destroy();
  return copy;
}

export const uniformBuffer = (device: GPUDevice, bytes: number, label: string): GPUBuffer =>
  device.createBuffer({ size: bytes, usage: 0x40 | 0x08, label }); // UNIFORM | COPY_DST

/** Floats, then whole numbers, as the words of a uniform. */
export function packWords(floats: readonly number[], integers: readonly number[]): Uint32Array {
  const words = new Uint32Array(floats.length + integers.length);
  new Float32Array(words.buffer).set(floats);
  words.set(integers, floats.length);
  return words;
}
