import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import { newTensor, runProgram, WORKGROUP_ROW, workgroups } from './gpuProgram.ts';

const THREADS = 256;
/** Floats of one image's motion: rotation (9), translation in voxels (3), noise in HU, its seed below 2²⁴. */
export const MOTION_FLOATS = 16;

/** WGSL twin of moveImage and voxelNoise in src/main/training/family/rigidMotion.ts. */
const shader = (images: number, size: number, outsideHu: number): string => `
@group(0) @binding(0) var<storage, read> image: array<f32>;
@group(0) @binding(1) var<storage, read> motions: array<f32>;
@group(0) @binding(2) var<storage, read_write> moved: array<f32>;
const size = ${size}u;
const last = ${size - 1}.0;
fn valueAt(first: u32, p: vec3f) -> f32 {
  if (any(p < vec3f(-0.5)) || any(p > vec3f(last + 0.5))) { return ${outsideHu.toFixed(1)}; }
  let c = clamp(p, vec3f(), vec3f(last));
  let low = min(floor(c), vec3f(last - 1.0));
  let f = c - low;
  let v = vec3u(low);
  let at = first + (v.z * size + v.y) * size + v.x;
  let plane = size * size;
  let a = mix(image[at], image[at + 1u], f.x);
  let b = mix(image[at + size], image[at + size + 1u], f.x);
  let c0 = mix(image[at + plane], image[at + plane + 1u], f.x);
  let d = mix(image[at + plane + size], image[at + plane + size + 1u], f.x);
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
@compute @workgroup_size(${THREADS})
fn main(@builtin(workgroup_id) wg: vec3u, @builtin(local_invocation_index) lid: u32) {
  let n = (wg.x + wg.y * ${WORKGROUP_ROW}u) * ${THREADS}u + lid;
  if (n >= ${images * size ** 3}u) { return; }
  let item = n / ${size ** 3}u;
  let index = n % ${size ** 3}u;
  let m = item * ${MOTION_FLOATS}u;
  let r = mat3x3f(motions[m], motions[m + 1u], motions[m + 2u], motions[m + 3u], motions[m + 4u], motions[m + 5u], motions[m + 6u], motions[m + 7u], motions[m + 8u]);
  let t = vec3f(motions[m + 9u], motions[m + 10u], motions[m + 11u]);
  let at = vec3f(f32(index % size), f32((index / size) % size), f32(index / (size * size)));
  let centre = vec3f(last * 0.5);
  // The matrix was read by rows into columns: it is the transpose, which turns back.
  let value = valueAt(item * ${size ** 3}u, r * (at - centre - t) + centre);
  moved[n] = value + motions[m + 12u] * noise(index, u32(motions[m + 13u]));
}`;

/**
 * Moves each image as a rigid body, trilinear, and adds noise; on WebGPU only, without gradients.
 * @param images [B, D, D, D, 1]
 * @param motions B · {@link MOTION_FLOATS}
 * @param outsideHu where the moved image shows nothing
 */
export function moveImagesOnGpu(images: tf.Tensor5D, motions: Float32Array, outsideHu: number): tf.Tensor5D {
  const [batch, size] = images.shape;
  const backend = tf.backend() as WebGPUBackend;
  const uploaded = tf.tensor1d(motions);
  const moved = newTensor(backend, images.shape);
  runProgram(
    backend,
    { key: `moveImages ${batch} ${size} ${outsideHu}`, code: () => shader(batch, size, outsideHu) },
    [images, uploaded, moved],
    workgroups(Math.ceil((batch * size ** 3) / THREADS)),
  );
  uploaded.dispose();
  return tf.engine().makeTensorFromTensorInfo(moved) as tf.Tensor5D;
}
