/** Sizes of a group norm over [batch, voxels, channels]. */
export interface GroupNormShape {
  readonly batch: number;
  readonly voxels: number;
  readonly channels: number;
  readonly groups: number;
  /** Whether a ReLU follows. */
  readonly relu: boolean;
}

const THREADS = 256;

/** Voxels that one workgroup takes. */
export const chunkOf = (s: GroupNormShape): number => Math.max(128, Math.ceil(s.voxels / 512));
/** Workgroups over the voxels of one image. */
export const chunksOf = (s: GroupNormShape): number => Math.ceil(s.voxels / chunkOf(s));

interface Lanes {
  readonly type: string;
  /** Vectors across one voxel's channels. */
  readonly across: number;
  /** Voxels side by side in a workgroup. */
  readonly down: number;
}

/** How a workgroup's threads are spread over channels and voxels. */
export function lanesOf(channels: number): Lanes {
  const wide = channels % 4 === 0;
  const across = wide ? channels / 4 : channels;
  return { type: wide ? 'vec4f' : 'f32', across, down: Math.floor(THREADS / across) };
}

/** Widest tensor that the shaders take. */
export const MOST_CHANNELS = 256;

/** The loop over a chunk's voxels that all passes share: a thread keeps its channels and walks over voxels. */
function overVoxels(
  s: GroupNormShape,
  declarations: string,
  before: string,
  body: string,
  after = '',
): string {
  const { across, down, type } = lanesOf(s.channels);
  return `${declarations}
const zero = ${type}();
@compute @workgroup_size(${across * down})
fn main(@builtin(workgroup_id) wg: vec3u, @builtin(local_invocation_index) lid: u32) {
  let part = wg.x;
  let batch = wg.y;
  let lane = lid % ${across}u;
  let first = part * ${chunkOf(s)}u;
  let end = min(first + ${chunkOf(s)}u, ${s.voxels}u);
  let image = batch * ${s.voxels}u;
  ${before}
  for (var voxel = first + lid / ${across}u; voxel < end; voxel += ${down}u) {
    let i = (image + voxel) * ${across}u + lane;
    ${body}
  }
  ${after}
}`;
}

/** Adds up the threads' a and b over the workgroup's voxels, in order; the sums end in the threads lid < across. */
const reduceTwo = (s: GroupNormShape, type: string): { declarations: string; code: string } => {
  const { across, down } = lanesOf(s.channels);
  return {
    declarations: `var<workgroup> sumsA: array<${type}, ${across * down}>;\nvar<workgroup> sumsB: array<${type}, ${across * down}>;`,
    code: `sumsA[lid] = a; sumsB[lid] = b;
  workgroupBarrier();
  if (lid < ${across}u) {
    for (var n = 1u; n < ${down}u; n++) { a += sumsA[lid + n * ${across}u]; b += sumsB[lid + n * ${across}u]; }`,
  };
};

/** Per chunk and channel: mean and sum of squared deviations, accumulated about the chunk's first voxel. */
export function chunkMomentsShader(s: GroupNormShape): string {
  const { across, type } = lanesOf(s.channels);
  const { declarations, code } = reduceTwo(s, type);
  return overVoxels(
    s,
    `@group(0) @binding(0) var<storage, read> x: array<${type}>;
@group(0) @binding(1) var<storage, read_write> moments: array<${type}>;
${declarations}`,
    `let shift = x[(image + first) * ${across}u + lane]; var a = zero; var b = zero;`,
    'let d = x[i] - shift; a += d; b += d * d;',
    `${code}
    let n = f32(end - first);
    let at = (batch * ${chunksOf(s)}u + part) * ${2 * across}u + lane;
    moments[at] = shift + a / n;
    moments[at + ${across}u] = max(b - a * a / n, zero);
  }`,
  );
}

/** Merges chunks and channels of one group (Chan, Golub and LeVeque 1979) into mean and 1/√(variance + ε). */
export function mergeMomentsShader(s: GroupNormShape, epsilon: number): string {
  const perGroup = s.channels / s.groups;
  const items = chunksOf(s) * perGroup;
  return `
@group(0) @binding(0) var<storage, read> moments: array<f32>;
@group(0) @binding(1) var<storage, read_write> statistics: array<f32>;
struct Moments { n: f32, mean: f32, squares: f32 }
var<workgroup> lanes: array<Moments, ${THREADS}>;
fn merge(a: Moments, b: Moments) -> Moments {
  let n = a.n + b.n;
  if (n == 0.0) { return a; }
  let d = b.mean - a.mean;
  return Moments(n, a.mean + d * (b.n / n), a.squares + b.squares + d * d * (a.n * b.n / n));
}
@compute @workgroup_size(${THREADS})
fn main(@builtin(workgroup_id) wg: vec3u, @builtin(local_invocation_index) lid: u32) {
  let group = wg.x;
  let batch = wg.y;
  var own = Moments(0.0, 0.0, 0.0);
  for (var i = lid; i < ${items}u; i += ${THREADS}u) {
    let part = i / ${perGroup}u;
    let at = (batch * ${chunksOf(s)}u + part) * ${2 * s.channels}u + group * ${perGroup}u + i % ${perGroup}u;
    let n = min(${chunkOf(s)}u, ${s.voxels}u - part * ${chunkOf(s)}u);
    own = merge(own, Moments(f32(n), moments[at], moments[at + ${s.channels}u]));
  }
  lanes[lid] = own;
  for (var half = ${THREADS / 2}u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (lid < half) { lanes[lid] = merge(lanes[lid], lanes[lid + half]); }
  }
  workgroupBarrier();
  if (lid < ${perGroup}u) {
    let all = lanes[0];
    let at = batch * ${2 * s.channels}u + group * ${perGroup}u + lid;
    statistics[at] = all.mean;
    statistics[at + ${s.channels}u] = 1.0 / sqrt(all.squares / all.n + ${epsilon.toExponential()}f);
  }
}`;
}

const channelValues = (across: number) => `let mean = statistics[batch * ${2 * across}u + lane];
  let gain = statistics[batch * ${2 * across}u + ${across}u + lane];
  let slope = gain * scale[lane];
  let shift = offset[lane];`;

const inputs = (type: string, names: readonly string[]): string =>
  names
    .map((name, n) => {
      const access = n === names.length - 1 ? 'read_write' : 'read';
      return `@group(0) @binding(${n}) var<storage, ${access}> ${name}: array<${type}>;`;
    })
    .join('\n');

/** y = (x − mean)·scale/σ + offset, then ReLU where it follows. */
export function normalizeShader(s: GroupNormShape): string {
  const { across, type } = lanesOf(s.channels);
  return overVoxels(
    s,
    inputs(type, ['x', 'statistics', 'scale', 'offset', 'y']),
    channelValues(across),
    s.relu ? 'y[i] = max((x[i] - mean) * slope + shift, zero);' : 'y[i] = (x[i] - mean) * slope + shift;',
  );
}

/** The gradient before the ReLU, where one follows. */
const gradientAt = (s: GroupNormShape): string =>
  s.relu ? 'select(zero, dy[i], centred * slope + shift > zero)' : 'dy[i]';

/** Per chunk and channel: Σ g and Σ g·x̂, with g = dy (where y > 0, if a ReLU follows). Laid out [chunk, batch, 2, channel]. */
export function gradientSumsShader(s: GroupNormShape): string {
  const { across, type } = lanesOf(s.channels);
  const { declarations, code } = reduceTwo(s, type);
  return overVoxels(
    s,
    `${inputs(type, ['x', 'dy', 'statistics', 'scale', 'offset', 'sums'])}\n${declarations}`,
    `${channelValues(across)} var a = zero; var b = zero;`,
    `let centred = x[i] - mean;
    let g = ${gradientAt(s)};
    a += g; b += g * (centred * gain);`,
    `${code}
    let at = (part * ${s.batch}u + batch) * ${2 * across}u + lane;
    sums[at] = a;
    sums[at + ${across}u] = b;
  }`,
  );
}

/**
 * From Σ g and Σ g·x̂ per image and channel: the group's means of g·scale and g·scale·x̂ (for dx) and, summed over the
 * images, the gradients of scale and offset.
 */
export const gradientCoefficientsShader = (s: GroupNormShape): string => `
@group(0) @binding(0) var<storage, read> sums: array<f32>;
@group(0) @binding(1) var<storage, read> scale: array<f32>;
@group(0) @binding(2) var<storage, read_write> means: array<f32>;
@group(0) @binding(3) var<storage, read_write> dScale: array<f32>;
@group(0) @binding(4) var<storage, read_write> dOffset: array<f32>;
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let n = id.x;
  if (n >= ${s.batch * s.channels}u) { return; }
  let batch = n / ${s.channels}u;
  let channel = n % ${s.channels}u;
  let perGroup = ${s.channels / s.groups}u;
  let first = channel / perGroup * perGroup;
  var a = 0.0;
  var b = 0.0;
  for (var c = first; c < first + perGroup; c++) {
    a += scale[c] * sums[batch * ${2 * s.channels}u + c];
    b += scale[c] * sums[batch * ${2 * s.channels}u + ${s.channels}u + c];
  }
  let count = ${(s.voxels * s.channels) / s.groups}.0;
  means[batch * ${2 * s.channels}u + channel] = a / count;
  means[batch * ${2 * s.channels}u + ${s.channels}u + channel] = b / count;
  if (batch == 0u) {
    var ds = 0.0;
    var doff = 0.0;
    for (var i = 0u; i < ${s.batch}u; i++) {
      doff += sums[i * ${2 * s.channels}u + channel];
      ds += sums[i * ${2 * s.channels}u + ${s.channels}u + channel];
    }
    dScale[channel] = ds;
    dOffset[channel] = doff;
  }
}`;

/** dx = (g·scale − mean(g·scale) − x̂·mean(g·scale·x̂))/σ. */
export function inputGradientShader(s: GroupNormShape): string {
  const { across, type } = lanesOf(s.channels);
  return overVoxels(
    s,
    inputs(type, ['x', 'dy', 'statistics', 'scale', 'offset', 'means', 'dx']),
    `${channelValues(across)}
  let meanA = means[batch * ${2 * across}u + lane] * gain;
  let meanB = means[batch * ${2 * across}u + ${across}u + lane] * gain;`,
    `let centred = x[i] - mean;
    let g = ${gradientAt(s)};
    dx[i] = g * slope - meanA - centred * gain * meanB;`,
  );
}
