import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';

/** A buffer that shaders write and TensorFlow.js reads. */
export const deviceBuffer = (device: GPUDevice, bytes: number): GPUBuffer =>
  // GPUBufferUsage.STORAGE | COPY_SRC | COPY_DST
  device.createBuffer({ size: bytes, usage: 0x80 | 0x04 | 0x08 });

/** A float tensor on a buffer, without a copy: it shows whatever the buffer holds when it is read. The buffer stays its owner's. */
export const wrapBuffer = (buffer: GPUBuffer, shape: number[]): tf.Tensor =>
  tf.tensor({ buffer, zeroCopy: true }, shape, 'float32');

/** Submits what TensorFlow.js has recorded so far, so that it runs before whatever is submitted next. */
export function submitRecorded(backend: WebGPUBackend): void {
  // The backend submits its encoder unchecked, which fails where nothing has been recorded since the last time or a pass
  // is still open; the next two calls see to both.
  backend.ensureCommandEncoderReady();
  backend.endComputePassEncoder();
  backend.submitQueue();
}
