import type { LevelMapping } from '../network/levelMapping.ts';
import type { Uniforms } from './gpuProgram.ts';

/** Where points fall on a grid of voxels: `points` points in each of `batch` images. */
export interface SampledGrid {
  readonly batch: number;
  readonly depth: number;
  readonly height: number;
  readonly width: number;
  readonly points: number;
}

/** One level sampled; its features start at column `column` of `columns`. */
export interface LevelSampling extends SampledGrid {
  readonly channels: number;
  readonly column: number;
  readonly columns: number;
}

export const TAPS = 7;
export const SAMPLING_THREADS = 128;
/** Steps of 1 in which the density counts interpolation weights. */
export const DENSITY_STEPS = 256;
const ROW = 32768;

/** Points that one workgroup samples: enough to occupy its threads. */
export const pointsPerGroup = (channels: number): number =>
  Math.max(1, Math.floor(256 / (TAPS * Math.ceil(channels / 4))));

/**
 * What {@link CELL_CODE} reads as `U`: δ and, to voxels, scale and shift of x, y, z; the sizes; all points of all images.
 */
export const gridUniforms = (
  { batch, depth, height, width, points }: SampledGrid,
  offset: number,
  { scale, shift }: LevelMapping,
): Uniforms => ({
  offset: Float32Array.of(offset, 0, 0, 0),
  scale: Float32Array.of(...scale, 0),
  shift: Float32Array.of(...shift, 0),
  depth,
  height,
  width,
  points,
  total: batch * points,
});

/** The cell of voxel centres round a tap of a point, clamped at the border; the first plane of the point's image. */
export const CELL_CODE = `
struct Cell { low: vec3u, high: vec3u, f: vec3f, plane: u32 }
fn cellOf(point: u32, tap: u32) -> Cell {
  let delta = U.offset.x;
  var p = vec3f(points[point * 3u], points[point * 3u + 1u], points[point * 3u + 2u]);
  if (tap > 0u) { p[(tap - 1u) / 2u] += select(delta, -delta, tap % 2u == 1u); }
  let size = vec3f(vec3u(U.width, U.height, U.depth));
  let at = clamp(p * U.scale.xyz + U.shift.xyz, vec3f(), size - 1.0);
  let low = floor(at);
  return Cell(vec3u(low), vec3u(min(low + 1.0, size - 1.0)), at - low, (point / U.points) * U.depth);
}
fn voxelOf(c: Cell, corner: u32) -> u32 {
  let i = select(c.low, c.high, (vec3u(corner) & vec3u(1u, 2u, 4u)) != vec3u());
  return ((c.plane + i.z) * U.height + i.y) * U.width + i.x;
}
fn weightOf(c: Cell, corner: u32) -> f32 {
  let w = select(1.0 - c.f, c.f, (vec3u(corner) & vec3u(1u, 2u, 4u)) != vec3u());
  return w.x * w.y * w.z;
}`;

/**
 * Samples into workgroup memory, then writes whole rows: the taps of a channel lie side by side in the result. Then come
 * `U.padding` zeros. The features begin at column `U.column` of `U.columns`.
 */
export function sampleShader(channels: number, uniforms: string): string {
  const wide = channels % 4 === 0;
  const across = wide ? channels / 4 : channels;
  const type = wide ? 'vec4f' : 'f32';
  const perGroup = pointsPerGroup(channels);
  const width = channels * TAPS;
  const put = wide
    ? ['x', 'y', 'z', 'w'].map((l, n) => `staged[at + ${n * TAPS}u] = sum.${l};`).join(' ')
    : 'staged[at] = sum;';
  return `${uniforms}
@group(0) @binding(0) var<storage, read> points: array<f32>;
@group(0) @binding(1) var<storage, read> level: array<${type}>;
@group(0) @binding(2) var<storage, read_write> features: array<f32>;
var<workgroup> staged: array<f32, ${perGroup * width}>;
${CELL_CODE}
@compute @workgroup_size(${SAMPLING_THREADS})
fn main(@builtin(workgroup_id) wg: vec3u, @builtin(local_invocation_index) lid: u32) {
  let first = (wg.x + wg.y * ${ROW}u) * ${perGroup}u;
  for (var i = lid; i < ${perGroup * TAPS * across}u; i += ${SAMPLING_THREADS}u) {
    let lane = i % ${across}u;
    let tap = (i / ${across}u) % ${TAPS}u;
    let point = first + i / ${across * TAPS}u;
    if (point < U.total) {
      let c = cellOf(point, tap);
      var sum = ${type}();
      for (var corner = 0u; corner < 8u; corner++) {
        sum += weightOf(c, corner) * level[voxelOf(c, corner) * ${across}u + lane];
      }
      let at = (i / ${across * TAPS}u) * ${width}u + lane * ${wide ? 4 * TAPS : TAPS}u + tap;
      ${put}
    }
  }
  workgroupBarrier();
  for (var i = lid; i < ${perGroup * width}u; i += ${SAMPLING_THREADS}u) {
    let point = first + i / ${width}u;
    if (point < U.total) { features[point * U.columns + U.column + i % ${width}u] = staged[i]; }
  }
  for (var i = lid; i < ${perGroup}u * U.padding; i += ${SAMPLING_THREADS}u) {
    let point = first + i / U.padding;
    if (point < U.total) { features[point * U.columns + U.column + ${width}u + i % U.padding] = 0.0; }
  }
}`;
}

/**
 * Largest |dy| of some columns (`U.width` from `U.column` on) of [U.rows, U.columns], as the bits of a float, by an atomic
 * maximum (exact in any order).
 */
export const largestGradientShader = (uniforms: string): string => `${uniforms}
@group(0) @binding(0) var<storage, read> dy: array<f32>;
@group(0) @binding(1) var<storage, read_write> largest: array<atomic<u32>>;
@compute @workgroup_size(${SAMPLING_THREADS})
fn main(@builtin(workgroup_id) wg: vec3u, @builtin(local_invocation_index) lid: u32) {
  var own = 0u;
  for (var row = wg.x * 16u; row < min(wg.x * 16u + 16u, U.rows); row++) {
    for (var i = lid; i < U.width; i += ${SAMPLING_THREADS}u) {
      own = max(own, bitcast<u32>(dy[row * U.columns + U.column + i]) & 0x7fffffffu);
    }
  }
  if (own > 0u) { atomicMax(&largest[0], own); }
}`;

/**
 * Sum of the interpolation weights that fall on each voxel (on each tap of it, where `isByTap`), rounded up: bounds what
 * its gradient can add up to.
 */
export const densityShader = (isByTap: boolean, uniforms: string): string => `${uniforms}
@group(0) @binding(0) var<storage, read> points: array<f32>;
@group(0) @binding(1) var<storage, read_write> density: array<atomic<u32>>;
${CELL_CODE}
@compute @workgroup_size(${SAMPLING_THREADS})
fn main(@builtin(workgroup_id) wg: vec3u, @builtin(local_invocation_index) lid: u32) {
  let i = (wg.x + wg.y * ${ROW}u) * ${SAMPLING_THREADS}u + lid;
  if (i >= U.total * ${TAPS}u) { return; }
  let c = cellOf(i / ${TAPS}u, i % ${TAPS}u);
  for (var corner = 0u; corner < 8u; corner++) {
    atomicAdd(&density[${isByTap ? `voxelOf(c, corner) * ${TAPS}u + i % ${TAPS}u` : 'voxelOf(c, corner)'}], u32(ceil(weightOf(c, corner) * ${DENSITY_STEPS}.0)));
  }
}`;

/** Largest value of the density count, by an atomic maximum. */
export const largestDensityShader = (uniforms: string): string => `${uniforms}
@group(0) @binding(0) var<storage, read> density: array<u32>;
@group(0) @binding(1) var<storage, read_write> largest: array<atomic<u32>>;
@compute @workgroup_size(${SAMPLING_THREADS})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  var own = 0u;
  for (var i = id.x; i < U.counters; i += groups.x * ${SAMPLING_THREADS}u) { own = max(own, density[i]); }
  if (own > 0u) { atomicMax(&largest[1], own); }
}`;

/** Steps a unit of gradient, such that no sum leaves 31 bits; `largest` is that of the gradient and of the density. */
export const STEPS_PER_UNIT = `
fn stepsPerUnit() -> f32 {
  let bound = bitcast<f32>(largest[0]) * (f32(largest[1]) / ${DENSITY_STEPS}.0);
  return select(0.0, 1073741824.0 / bound, bound > 0.0);
}`;

/**
 * Adds the gradient of each sample to its eight voxels, in fixed point: adding integers is associative, so the result
 * does not depend on the order in which threads come. One thread a point and channel, neighbours along the channels.
 */
export const scatterShader = (uniforms: string): string => `${uniforms}
@group(0) @binding(0) var<storage, read> points: array<f32>;
@group(0) @binding(1) var<storage, read> dy: array<f32>;
@group(0) @binding(2) var<storage, read> largest: array<u32>;
@group(0) @binding(3) var<storage, read_write> gradient: array<atomic<i32>>;
${CELL_CODE}${STEPS_PER_UNIT}
@compute @workgroup_size(${SAMPLING_THREADS})
fn main(@builtin(workgroup_id) wg: vec3u, @builtin(local_invocation_index) lid: u32) {
  let i = (wg.x + wg.y * ${ROW}u) * ${SAMPLING_THREADS}u + lid;
  if (i >= U.total * U.channels) { return; }
  let channel = i % U.channels;
  let point = i / U.channels;
  let steps = stepsPerUnit();
  for (var tap = 0u; tap < ${TAPS}u; tap++) {
    let g = dy[point * U.columns + U.column + channel * ${TAPS}u + tap] * steps;
    let c = cellOf(point, tap);
    for (var corner = 0u; corner < 8u; corner++) {
      let add = i32(round(weightOf(c, corner) * g));
      if (add != 0) { atomicAdd(&gradient[voxelOf(c, corner) * U.channels + channel], add); }
    }
  }
}`;

/** Fixed point to floats, in place. Where the incoming gradient was not finite, so is the result. */
export const fixedToFloatShader = (uniforms: string): string => `${uniforms}
@group(0) @binding(0) var<storage, read> largest: array<u32>;
@group(0) @binding(1) var<storage, read_write> gradient: array<u32>;
${STEPS_PER_UNIT}
@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let steps = stepsPerUnit();
  let unit = select(0.0, 1.0 / steps, steps > 0.0);
  let finite = (largest[0] & 0x7f800000u) != 0x7f800000u;
  for (var i = id.x; i < U.size; i += groups.x * 256u) {
    gradient[i] = select(largest[0], bitcast<u32>(f32(bitcast<i32>(gradient[i])) * unit), finite);
  }
}`;

/** Fills a buffer with zeros. */
export const zeroShader = `
@group(0) @binding(0) var<storage, read_write> values: array<u32>;
@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var i = id.x; i < arrayLength(&values); i += groups.x * 256u) { values[i] = 0u; }
}`;
