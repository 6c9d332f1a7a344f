import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import { newTensor, runProgram, WORKGROUP_ROW, workgroups } from './gpuProgram.ts';

const THREADS = 256;
/** Floats of one image's motion: rotation (9), translation in voxels (3), noise in HU, its seed below 2²⁴. */
export const MOTION_FLOATS = 16;

/** Voxels of an image as a device keeps them: floats, or whole numbers of 16 bits, two in a word. */
export type KeptImage = 'float32' | 'int16';

const VOXEL: Readonly<Record<KeptImage, string>> = {
  float32: 'fn voxel(i: u32) -> f32 { return image[i]; }',
  int16: 'fn voxel(i: u32) -> f32 { return f32(extractBits(image[i / 2u], (i % 2u) * 16u, 16u)); }',
};

/** WGSL twin of moveImage and voxelNoise in src/main/training/epochs/rigidMotion.ts. */
const MOVED = (size: number, outsideHu: number): string => `
@group(0) @binding(2) var<storage, read> motions: array<f32>;
const size = ${size}u;
const last = ${size - 1}.0;
fn valueAt(p: vec3f) -> f32 {
  if (any(p < vec3f(-0.5)) || any(p > vec3f(last + 0.5))) { return ${outsideHu.toFixed(1)}; }
  let c = clamp(p, vec3f(), vec3f(last));
  let low = min(floor(c), vec3f(last - 1.0));
  let f = c - low;
  let v = vec3u(low);
  let at = (v.z * size + v.y) * size + v.x;
  let plane = size * size;
  let a = mix(voxel(at), voxel(at + 1u), f.x);
  let b = mix(voxel(at + size), voxel(at + size + 1u), f.x);
  let c0 = mix(voxel(at + plane), voxel(at + plane + 1u), f.x);
  let d = mix(voxel(at + plane + size), voxel(at + plane + size + 1u), f.x);
  return mix(mix(a, b, f.y), mix(c0, d, f.y), f.z);
}
fn noise(index: u32, seed: u32) -> f32 {
  var v = vec2u(index, seed) * 1664525u + 1013904223u;
  v.x += v.y * 1664525u; v.y += v.x * 1664525u;
  v ^= v >> vec2u(16u);
  v.x += v.y * 1664525u; v.y += v.x * 1664525u;
  v ^= v >> vec2u(16u);
  let radius = sqrt(-2.0 * log((f32(v.x) + 1.0) / 4294967808.0));
  return radius * cos(6.283185307179586 * (f32(v.y) / 4294967296.0));
}
fn result(index: u32, item: u32) -> f32 {
  let m = item * ${MOTION_FLOATS}u;
  let r = mat3x3f(motions[m], motions[m + 1u], motions[m + 2u], motions[m + 3u], motions[m + 4u], motions[m + 5u], motions[m + 6u], motions[m + 7u], motions[m + 8u]);
  let t = vec3f(motions[m + 9u], motions[m + 10u], motions[m + 11u]);
  let at = vec3f(f32(index % size), f32((index / size) % size), f32(index / (size * size)));
  let centre = vec3f(last * 0.5);
  // The matrix was read by rows into columns: it is the transpose, which turns back.
  let value = valueAt(r * (at - centre - t) + centre);
  return value + motions[m + 12u] * noise(index, u32(motions[m + 13u]));
}`;

const COPIED = 'fn result(index: u32, item: u32) -> f32 { return voxel(index); }';

/** `U.item` says where in the batch the image goes and which motion is its own. */
const shader = (kept: KeptImage, size: number, placed: string, uniforms: string): string => `${uniforms}
@group(0) @binding(0) var<storage, read> image: array<${kept === 'int16' ? 'i32' : 'f32'}>;
@group(0) @binding(1) var<storage, read_write> batch: array<f32>;
${VOXEL[kept]}
${placed}
@compute @workgroup_size(${THREADS})
fn main(@builtin(workgroup_id) wg: vec3u, @builtin(local_invocation_index) lid: u32) {
  let index = (wg.x + wg.y * ${WORKGROUP_ROW}u) * ${THREADS}u + lid;
  if (index < ${size ** 3}u) { batch[U.item * ${size ** 3}u + index] = result(index, U.item); }
}`;

/** An image that the device holds. */
export interface DeviceImage {
  readonly kept: KeptImage;
  readonly tensor: tf.Tensor;
}

/** Brings an image to the device: size³ values, x fastest. The tensor is the caller's to dispose of. */
export function uploadImage(image: Int16Array | Float32Array): DeviceImage {
  if (image instanceof Float32Array) return { kept: 'float32', tensor: tf.tensor1d(image) };
  const words = new Int32Array(Math.ceil(image.length / 2));
  new Int16Array(words.buffer).set(image);
  return { kept: 'int16', tensor: tf.tensor1d(words, 'int32') };
}

/**
 * A batch from images that the device holds, each moved as a rigid body, trilinear, with noise; on WebGPU only, without
 * gradients.
 * @param size voxels along an edge
 * @param motions images · {@link MOTION_FLOATS}; the images as they are where left out
 * @param outsideHu where a moved image shows nothing
 * @returns [images, size, size, size, 1]
 */
export function imageBatchOnGpu(
  images: readonly DeviceImage[],
  size: number,
  outsideHu: number,
  motions?: Float32Array,
): tf.Tensor5D {
  const backend = tf.backend() as WebGPUBackend;
  const batch = newTensor(backend, [images.length, size, size, size, 1]);
  const uploaded = motions && tf.tensor1d(motions);
  images.forEach(({ kept, tensor }, item) => {
    runProgram(
      backend,
      {
        key: `imageBatch ${kept} ${size} ${uploaded ? `moved ${outsideHu}` : ''}`,
        code: (uniforms) => shader(kept, size, uploaded ? MOVED(size, outsideHu) : COPIED, uniforms),
        isToldEachRun: true,
      },
      uploaded ? [tensor, batch, uploaded] : [tensor, batch],
      workgroups(Math.ceil(size ** 3 / THREADS)),
      { item },
    );
  });
  uploaded?.dispose();
  return tf.engine().makeTensorFromTensorInfo(batch) as tf.Tensor5D;
}
