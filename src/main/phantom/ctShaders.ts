import type { CtAcquisition } from './scene.ts';
import { interpreterWgsl, NOISE_WGSL } from './sceneWgsl.ts';

/** The shaders of the CT chain; renderCt.ts says what each step computes. Every buffer is i fastest. */

/** Words before the streaks in the artefacts' buffer, and words of a streak. */
const ARTEFACT_HEADER = 16;
const STREAK_WORDS = 12;

/**
 * The acquisition's artefacts as floats: [0] streaks, [1] 1 with a field of view, [2] its centre x, [3] y, [4] radius,
 * [5] padding, [6] number of shifts, [7] slab, [8] z offset, [9] where the shifts begin, [10] states of motion, [11] where
 * they begin, [12] −1/(2·radius²), [13] centre; then streaks, shifts, states.
 */
export function packArtefacts(acquisition: CtAcquisition): Float32Array {
  const { streaks, steps, motion, fieldOfView } = acquisition;
  const shifts = steps?.shiftsLpsMm ?? [];
  const states = motion?.shiftsLpsMm ?? [];
  const packed = new Float32Array(
    ARTEFACT_HEADER + STREAK_WORDS * streaks.length + 3 * (shifts.length + states.length) + 4,
  );
  packed[0] = streaks.length;
  if (fieldOfView !== undefined) {
    const { centreLpsMm, radiusMm, paddingHu } = fieldOfView;
    packed.set([1, centreLpsMm[0], centreLpsMm[1], radiusMm, paddingHu], 1);
  }
  const shiftsAt = ARTEFACT_HEADER + STREAK_WORDS * streaks.length;
  if (steps !== undefined) packed.set([shifts.length, steps.slabMm, steps.zOffsetMm, shiftsAt], 6);
  for (const [n, streak] of streaks.entries()) {
    const { centreLpsMm, amplitudeHu, spokes, reachMm, halfHeightMm, seed } = streak;
    packed.set(
      [...centreLpsMm, amplitudeHu, spokes, reachMm, halfHeightMm, (seed >>> 16) & 0xffff, seed & 0xffff],
      ARTEFACT_HEADER + STREAK_WORDS * n,
    );
  }
  packed.set(shifts.flat(), shiftsAt);
  if (motion !== undefined) {
    const statesAt = shiftsAt + 3 * shifts.length;
    packed.set([states.length, statesAt, -1 / (2 * motion.radiusMm ** 2), ...motion.centreLpsMm], 10);
    packed.set(states.flat(), statesAt);
  }
  return packed;
}

const STEPS_WGSL = /* wgsl */ `
fn stepShift(z: f32) -> vec3f {
  let count = i32(artefacts[6]);
  if (count == 0) { return vec3f(0.0); }
  let slab = i32(floor((z - artefacts[8]) / artefacts[7]));
  let n = ((slab % count) + count) % count;
  let o = u32(artefacts[9]) + 3u * u32(n);
  return vec3f(artefacts[o], artefacts[o + 1u], artefacts[o + 2u]);
}
`;

const MOTION_WGSL = /* wgsl */ `
fn motionShift(p: vec3f, state: u32) -> vec3f {
  let d = p - vec3f(artefacts[13], artefacts[14], artefacts[15]);
  let o = u32(artefacts[11]) + 3u * state;
  return exp(dot(d, d) * artefacts[12]) * vec3f(artefacts[o], artefacts[o + 1u], artefacts[o + 2u]);
}
`;

/** Paints the tissues at fine samples, each region of samples with its own part of the tape. */
export const paintShader = (registerFile: number): string => /* wgsl */ `
struct Paint {
  first: vec3f, inverseEdge: f32,
  alongI: vec3f, backgroundHu: f32,
  alongJ: vec3f, unused0: f32,
  alongK: vec3f, unused1: f32,
  size: vec3u, unused2: u32,
  step: vec3u, unused3: u32,
  regions: vec3u, unused4: u32,
}
@group(0) @binding(0) var<uniform> settings: Paint;
@group(0) @binding(1) var<storage, read> code: array<vec4u>;
@group(0) @binding(2) var<storage, read> params: array<f32>;
@group(0) @binding(3) var<storage, read> ranges: array<vec2u>;
@group(0) @binding(4) var<storage, read> artefacts: array<f32>;
@group(0) @binding(5) var<storage, read_write> samples: array<f32>;
${NOISE_WGSL}
${interpreterWgsl(registerFile)}
${STEPS_WGSL}
${MOTION_WGSL}
@compute @workgroup_size(8, 8, 2)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(workgroup_id) group: vec3u) {
  let region = (group * vec3u(8u, 8u, 2u)) / settings.step;
  let range = ranges[region.x + settings.regions.x * (region.y + settings.regions.y * region.z)];
  if (any(id >= settings.size)) { return; }
  let cell = vec3f(id);
  var p = settings.first + settings.alongI * cell.x + settings.alongJ * cell.y + settings.alongK * cell.z;
  p -= stepShift(p.z);
  let states = u32(artefacts[10]);
  var sum = 0.0;
  for (var state = 0u; state < max(states, 1u); state++) {
    paintedHu = settings.backgroundHu;
    var moved = p;
    if (states > 0u) { moved -= motionShift(p, state); }
    runTape(moved, range.x, range.y, settings.inverseEdge);
    sum += paintedHu;
  }
  samples[id.x + settings.size.x * (id.y + settings.size.y * id.z)] = sum / f32(max(states, 1u));
}
`;

const SMOOTH_SETTINGS = /* wgsl */ `
struct Smooth {
  inSize: vec3u, taps: u32,
  outSize: vec3u, weightsAt: u32,
  stride: vec3u, tapStride: u32,
  whiteFrom: vec3i, seed: u32,
}
@group(0) @binding(0) var<uniform> settings: Smooth;
@group(0) @binding(1) var<storage, read> weights: array<f32>;
`;

/** One axis of a separable smoothing: out[v] = Σ weights[t] · in[v·stride + t·tapStride]. */
export const SMOOTH_SHADER = /* wgsl */ `
${SMOOTH_SETTINGS}
@group(0) @binding(2) var<storage, read> source: array<f32>;
@group(0) @binding(3) var<storage, read_write> smoothed: array<f32>;
@compute @workgroup_size(32, 4, 1)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (any(id >= settings.outSize)) { return; }
  let start = dot(id, settings.stride);
  var sum = 0.0;
  for (var t = 0u; t < settings.taps; t++) {
    sum += weights[settings.weightsAt + t] * source[start + t * settings.tapStride];
  }
  smoothed[id.x + settings.outSize.x * (id.y + settings.outSize.y * id.z)] = sum;
}
`;

/** The same along i with white noise as its source: voxel (id + whiteFrom) of the lattice. */
export const SMOOTH_NOISE_SHADER = /* wgsl */ `
${SMOOTH_SETTINGS}
@group(0) @binding(2) var<storage, read_write> smoothed: array<f32>;
${NOISE_WGSL}
@compute @workgroup_size(32, 4, 1)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (any(id >= settings.outSize)) { return; }
  var sum = 0.0;
  for (var t = 0u; t < settings.taps; t++) {
    sum += weights[settings.weightsAt + t] *
      whiteNoise(vec3i(id) + settings.whiteFrom + vec3i(i32(t), 0, 0), settings.seed);
  }
  smoothed[id.x + settings.outSize.x * (id.y + settings.outSize.y * id.z)] = sum;
}
`;

/** The slice profile, the noise's last axis, streaks, 12 bits and the reconstruction circle. */
export const FINISH_SHADER = /* wgsl */ `
struct Finish {
  first: vec3f, noiseGain: f32,
  alongI: vec3f, lowestHu: f32,
  alongJ: vec3f, highestHu: f32,
  alongK: vec3f, unused0: f32,
  size: vec3u, substeps: u32,
  imageTaps: u32, imageWeightsAt: u32, noiseTaps: u32, noiseWeightsAt: u32,
}
@group(0) @binding(0) var<uniform> settings: Finish;
@group(0) @binding(1) var<storage, read> weights: array<f32>;
@group(0) @binding(2) var<storage, read> artefacts: array<f32>;
@group(0) @binding(3) var<storage, read> image: array<f32>;
@group(0) @binding(4) var<storage, read> noise: array<f32>;
@group(0) @binding(5) var<storage, read_write> finished: array<f32>;
${NOISE_WGSL}
fn angleInTurns(d: vec2f) -> f32 {
  let a = abs(d);
  let ratio = min(a.x, a.y) / max(max(a.x, a.y), 1e-20);
  let s = ratio * ratio;
  var r = ratio * (0.99997726 + s * (-0.33262347 + s * (0.19354346 + s * (-0.11643287 + s * (0.05265332 - s * 0.0117212)))));
  if (a.y > a.x) { r = ${Math.PI / 2} - r; }
  if (d.x < 0.0) { r = ${Math.PI} - r; }
  if (d.y < 0.0) { r = ${2 * Math.PI} - r; }
  return r / ${2 * Math.PI};
}
fn spokeValue(index: u32, seed: u32) -> f32 {
  let strength = 0.3 + 0.7 * f32(pcg3d(vec3u(index, seed, 0x51ed27u)).x >> 8u) / 16777216.0;
  return select(-strength, strength, index % 2u == 0u);
}
fn streakHu(o: u32, p: vec3f) -> f32 {
  let dz = (p.z - artefacts[o + 2u]) / artefacts[o + 6u];
  let d = p.xy - vec2f(artefacts[o], artefacts[o + 1u]);
  let distance = length(d);
  let reach = artefacts[o + 5u];
  if (abs(dz) > 4.0 || distance > 8.0 * reach) { return 0.0; }
  let seed = (u32(artefacts[o + 7u]) << 16u) | u32(artefacts[o + 8u]);
  let count = 2u * u32(artefacts[o + 4u]);
  let position = angleInTurns(d) * f32(count);
  let t = position - floor(position);
  let a = spokeValue(u32(position) % count, seed);
  let b = spokeValue((u32(position) + 1u) % count, seed);
  let pattern = a + (b - a) * (t * t * (3.0 - 2.0 * t));
  let fade = min(distance / 2.0, 1.0);
  return artefacts[o + 3u] * pattern * fade * fade * (3.0 - 2.0 * fade) * exp(-distance / reach - 0.5 * dz * dz);
}
@compute @workgroup_size(32, 4, 1)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (any(id >= settings.size)) { return; }
  let plane = settings.size.x * settings.size.y;
  let inPlane = id.x + settings.size.x * id.y;
  var value = 0.0;
  for (var t = 0u; t < settings.imageTaps; t++) {
    value += weights[settings.imageWeightsAt + t] * image[inPlane + plane * (id.z * settings.substeps + t)];
  }
  var grain = 0.0;
  for (var t = 0u; t < settings.noiseTaps; t++) {
    grain += weights[settings.noiseWeightsAt + t] * noise[inPlane + plane * (id.z + t)];
  }
  value += settings.noiseGain * grain;
  let cell = vec3f(id);
  let p = settings.first + settings.alongI * cell.x + settings.alongJ * cell.y + settings.alongK * cell.z;
  for (var streak = 0u; streak < u32(artefacts[0]); streak++) {
    value += streakHu(${ARTEFACT_HEADER}u + ${STREAK_WORDS}u * streak, p);
  }
  value = clamp(value, settings.lowestHu, settings.highestHu);
  let offset = p.xy - vec2f(artefacts[2], artefacts[3]);
  if (artefacts[1] != 0.0 && dot(offset, offset) > artefacts[4] * artefacts[4]) { value = artefacts[5]; }
  finished[inPlane + plane * id.z] = value;
}
`;

/** Trilinear resampling of the acquisition onto the crop; beyond its border the border's value. */
export const RESAMPLE_SHADER = /* wgsl */ `
struct Resample {
  first: vec3f, unused0: f32,
  step: vec3f, unused1: f32,
  size: vec3u, resolution: u32,
}
@group(0) @binding(0) var<uniform> settings: Resample;
@group(0) @binding(1) var<storage, read> image: array<f32>;
@group(0) @binding(2) var<storage, read_write> crop: array<f32>;
fn at(i: u32, j: u32, k: u32) -> f32 {
  return image[i + settings.size.x * (j + settings.size.y * k)];
}
@compute @workgroup_size(32, 4, 1)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let n = settings.resolution;
  if (any(id >= vec3u(n))) { return; }
  let position = clamp(settings.first + settings.step * vec3f(id), vec3f(0.0), vec3f(settings.size - 1u));
  let low = min(vec3u(position), settings.size - 2u);
  let t = position - vec3f(low);
  let high = low + 1u;
  let c0 = mix(at(low.x, low.y, low.z), at(high.x, low.y, low.z), t.x);
  let c1 = mix(at(low.x, high.y, low.z), at(high.x, high.y, low.z), t.x);
  let c2 = mix(at(low.x, low.y, high.z), at(high.x, low.y, high.z), t.x);
  let c3 = mix(at(low.x, high.y, high.z), at(high.x, high.y, high.z), t.x);
  crop[id.x + n * (id.y + n * id.z)] = mix(mix(c0, c1, t.y), mix(c2, c3, t.y), t.z);
}
`;
