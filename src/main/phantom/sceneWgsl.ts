import { FOLD, HEADER, NO_REGISTER, OP, PAINT, SEGMENT_WORDS, TUBE_SEGMENTS } from './instructions.ts';

/** Register files that shaders are compiled for: a pipeline serves every program that fits. */
const REGISTER_SIZES = [16, 32, 64, 128, 256] as const;

/** The smallest register file that holds the count. Throws a RangeError beyond the largest. */
export function registerFileFor(count: number): number {
  const size = REGISTER_SIZES.find((candidate) => candidate >= count);
  if (size === undefined)
    throw new RangeError(`The scene needs ${count} registers, more than the shaders have.`);
  return size;
}

/** pcg3d, value noise and white noise: the functions of hashNoise.ts. */
export const NOISE_WGSL = /* wgsl */ `
fn pcg3d(seed: vec3u) -> vec3u {
  var v = seed * 1664525u + 1013904223u;
  v.x += v.y * v.z;
  v.y += v.z * v.x;
  v.z += v.x * v.y;
  v ^= v >> vec3u(16u);
  v.x += v.y * v.z;
  v.y += v.z * v.x;
  v.z += v.x * v.y;
  return v;
}
fn latticeValue(cell: vec3i, seed: u32) -> f32 {
  let v = pcg3d(vec3u(bitcast<u32>(cell.x) ^ seed, bitcast<u32>(cell.y), bitcast<u32>(cell.z) ^ (seed >> 16u)));
  return f32(v.x >> 8u) / 8388608.0 - 1.0;
}
fn valueNoise(p: vec3f, seed: u32) -> f32 {
  let floored = floor(p);
  let cell = vec3i(floored);
  let u = p - floored;
  let s = u * u * (3.0 - 2.0 * u);
  var plane: array<f32, 2>;
  for (var k = 0; k < 2; k++) {
    let c0 = latticeValue(cell + vec3i(0, 0, k), seed);
    let c1 = latticeValue(cell + vec3i(1, 0, k), seed);
    let c2 = latticeValue(cell + vec3i(0, 1, k), seed);
    let c3 = latticeValue(cell + vec3i(1, 1, k), seed);
    let d0 = c0 + (c1 - c0) * s.x;
    let d1 = c2 + (c3 - c2) * s.x;
    plane[k] = d0 + (d1 - d0) * s.y;
  }
  return plane[0] + (plane[1] - plane[0]) * s.z;
}
fn whiteNoise(voxel: vec3i, seed: u32) -> f32 {
  let v = pcg3d(vec3u(bitcast<u32>(voxel.x), bitcast<u32>(voxel.y), bitcast<u32>(voxel.z) ^ seed));
  let halves = (v & vec3u(0xffffu)) + (v >> vec3u(16u));
  return (f32(halves.x + halves.y + halves.z) - 196605.0) * (${Math.SQRT2} / 65536.0);
}
`;

/**
 * The interpreter of tape.ts in WGSL, with the numbers of evaluateShape.ts. Needs two globals of the shader,
 * `code: array<vec4u>` and `params: array<f32>`, and NOISE_WGSL. `runTape(p, first, end, inverseEdge)` runs
 * instructions [first, end) at a point in LPS mm, leaves shapes in `registers` and blends paint into `paintedHu`.
 */
export const interpreterWgsl = (registerFile: number): string => /* wgsl */ `
var<private> registers: array<f32, ${registerFile}>;
var<private> paintedHu: f32;

fn smoothMin(a: f32, b: f32, blend: f32) -> f32 {
  let h = 0.5 + 0.5 * (b - a) / blend;
  if (h >= 1.0) { return a; }
  if (h <= 0.0) { return b; }
  return b + (a - b) * h - blend * h * (1.0 - h);
}
fn vector(o: u32) -> vec3f {
  return vec3f(params[o], params[o + 1u], params[o + 2u]);
}
fn boxValue(o: u32, p: vec3f) -> f32 {
  let d = p - vector(o);
  let q = abs(vec3f(dot(d, vector(o + 6u)), dot(d, vector(o + 9u)), dot(d, vector(o + 12u)))) - vector(o + 3u);
  return length(max(q, vec3f(0.0))) + min(max(q.x, max(q.y, q.z)), 0.0) - params[o + 15u];
}
fn ellipsoidValue(o: u32, far: f32, p: vec3f) -> f32 {
  let d = p - vector(o);
  let bound = (length(d) - params[o + 3u]) * params[o + 4u];
  if (bound >= far) { return bound; }
  let inverse = vector(o + 5u);
  let u = vec3f(dot(d, vector(o + 8u)), dot(d, vector(o + 11u)), dot(d, vector(o + 14u))) * inverse;
  let k0 = length(u);
  let k1 = length(u * inverse);
  if (k1 < 1e-7) { return -params[o + 17u]; }
  return k0 * (k0 - 1.0) / k1;
}
fn tubeValue(o: u32, far: f32, p: vec3f) -> f32 {
  let bound = length(p - vector(o)) - params[o + 3u];
  if (bound >= far) { return bound; }
  let count = u32(params[o + 4u]);
  let thickness = params[o + 5u];
  let axis = vector(o + 6u);
  let narrow = params[o + 9u];
  var best = 1e9;
  var s = o + ${TUBE_SEGMENTS}u;
  for (var segment = 0u; segment < count; segment++) {
    let along = vector(s + 3u);
    var d = p - vector(s);
    let t = clamp(dot(d, along) * params[s + 6u], 0.0, 1.0);
    d -= along * t;
    let radius = params[s + 7u] + params[s + 8u] * t;
    let reach = length(d);
    var f = reach - radius;
    if (thickness != 0.0) {
      let squashed = length(d + axis * (dot(d, axis) * (thickness - 1.0)));
      if (squashed < 1e-5) { f = -radius * narrow; } else { f = reach * (1.0 - radius / squashed); }
    }
    best = min(best, f);
    s += ${SEGMENT_WORDS}u;
  }
  return best;
}
fn noiseSeed(o: u32) -> u32 {
  return (u32(params[o]) << 16u) | u32(params[o + 1u]);
}
fn paint(o: u32, source: u32, p: vec3f, inverseEdge: f32) {
  var occupancy = 1.0;
  if (source != ${NO_REGISTER}u) {
    occupancy = 0.5 - registers[source] * inverseEdge;
    if (occupancy <= 0.0) { return; }
    occupancy = min(occupancy, 1.0);
  }
  var value = params[o];
  let textureHu = params[o + ${PAINT.textureHu}u];
  if (textureHu != 0.0) {
    value += textureHu * valueNoise(p * params[o + ${PAINT.textureInverse}u], noiseSeed(o + ${PAINT.textureSeed}u));
  }
  let rampHu = params[o + ${PAINT.rampHu}u];
  if (rampHu != 0.0) {
    let along = dot(p - vector(o + ${PAINT.rampFrom}u), vector(o + ${PAINT.rampDirection}u));
    let t = clamp((along - params[o + ${PAINT.rampStart}u]) * params[o + ${PAINT.rampInverse}u], 0.0, 1.0);
    value += rampHu * t * t * (3.0 - 2.0 * t);
  }
  paintedHu += (value - paintedHu) * occupancy;
}
fn runTape(p: vec3f, first: u32, end: u32, inverseEdge: f32) {
  for (var at = first; at < end; at++) {
    let word = code[at];
    let op = word.x & 0xffu;
    let header = word.w;
    if (op == ${OP.paint}u) {
      paint(header, word.z, p, inverseEdge);
      continue;
    }
    let o = header + ${HEADER}u;
    var value = 0.0;
    switch (op) {
      case ${OP.halfSpace}u: { value = dot(p - vector(o), vector(o + 3u)); }
      case ${OP.box}u: { value = boxValue(o, p); }
      case ${OP.ellipsoid}u: { value = ellipsoidValue(o, params[header + 3u], p); }
      case ${OP.tube}u: { value = tubeValue(o, params[header + 3u], p); }
      case ${OP.load}u: { value = registers[word.z]; }
      default: { value = registers[word.z] + params[o] * valueNoise(p * params[o + 1u], noiseSeed(o + 2u)); }
    }
    value = params[header] * value + params[header + 1u];
    let blend = params[header + 2u];
    switch (word.x >> 8u) {
      case ${FOLD.set}u: { registers[word.y] = value; }
      case ${FOLD.min}u: { registers[word.y] = min(registers[word.y], value); }
      case ${FOLD.max}u: { registers[word.y] = max(registers[word.y], value); }
      case ${FOLD.smoothMin}u: { registers[word.y] = smoothMin(registers[word.y], value, blend); }
      default: { registers[word.y] = -smoothMin(-registers[word.y], -value, blend); }
    }
  }
}
`;
