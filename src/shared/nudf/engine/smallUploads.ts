import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';

/** Tensors of up to so many bytes are written by the queue; larger ones through mapped memory, as the backend does. */
const LARGEST_BYTES = 65_536;

/** GPUBufferUsage.STORAGE | COPY_SRC | COPY_DST, as the backend's own buffers have. */
const USAGE = 0x80 | 0x04 | 0x08;

/**
 * Makes the backend write small tensors (factors of losses and of augmentations, forty and more in each training step) by
 * `queue.writeBuffer`, in place of a mapped buffer for each, a copy of it and the end of the pass that is being
 * recorded.
 *
 * The order stays right: a buffer is taken from the pool only after the commands that used it before were submitted,
 * and a write comes after what was submitted before it and before what is submitted next.
 */
export function writeSmallTensorsByQueue(backend: WebGPUBackend): void {
  const upload = backend.uploadToGPU.bind(backend);
  backend.uploadToGPU = (dataId) => {
    const data = backend.tensorMap.get(dataId);
    const { values, dtype } = data;
    const isSmall =
      (values instanceof Float32Array || values instanceof Int32Array || values instanceof Uint8Array) &&
      4 * values.length <= LARGEST_BYTES;
    if (data.resource || !isSmall || values.length === 0) {
      upload(dataId);
      return;
    }
    const words = dtype === 'float32' ? Float32Array.from(values) : Int32Array.from(values);
    const buffer = backend.bufferManager.acquireBuffer(words.byteLength, USAGE);
    backend.device.queue.writeBuffer(buffer, 0, words);
    data.resource = buffer;
    // As the backend does: what shaders write later is not what stands here.
    (data as { values: unknown }).values = null;
  };
}
