import type { Uniforms } from './gpuProgram.ts';

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

/** How a workgroup's threads are spread over channels and voxels. */
interface Lanes {
  readonly type: 'vec4f' | 'f32';
  /** Vectors across one voxel's channels. */
  readonly across: number;
  /** Voxels side by side in a workgroup. */
  readonly down: number;
}

export function lanesOf(channels: number): Lanes {
  const wide = channels % 4 === 0;
  const across = wide ? channels / 4 : channels;
  return { type: wide ? 'vec4f' : 'f32', across, down: Math.floor(THREADS / across) };
}

/** Widest tensor that the shaders take. */
export const MOST_CHANNELS = 256;

/** What the shaders read as `U`. */
export const uniformsOf = (s: GroupNormShape): Uniforms => {
  const { across, down } = lanesOf(s.channels);
  const perGroup = s.channels / s.groups;
  return {
    /** What turns the sum over a group of one image into its mean. */
    inverseCount: Float32Array.of(1 / (s.voxels * perGroup), 0, 0, 0),
    batch: s.batch,
    voxels: s.voxels,
    channels: s.channels,
    perGroup,
    chunk: chunkOf(s),
    chunks: chunksOf(s),
    across,
    down,
  };
};

/** What a shader's text depends on; the sizes are uniforms. */
export type GroupNormKind = Pick<Lanes, 'type'> & Pick<GroupNormShape, 'relu'>;

/**
 * The loop over a chunk's voxels that all passes share: a thread keeps its channels and walks over voxels. Threads beyond
 * those that channels and voxels are spread over rest.
 */
const overVoxels = (type: string, declarations: string, before: string, body: string, after = ''): string => `
${declarations}
const zero = ${type}();
@compute @workgroup_size(${THREADS})
fn main(@builtin(workgroup_id) wg: vec3u, @builtin(local_invocation_index) lid: u32) {
  let part = wg.x;
  let batch = wg.y;
  let lane = lid % U.across;
  let first = part * U.chunk;
  let end = min(first + U.chunk, U.voxels);
  let image = batch * U.voxels;
  ${before}
  for (var voxel = select(end, first + lid / U.across, lid < U.across * U.down); voxel < end; voxel += U.down) {
    let i = (image + voxel) * U.across + lane;
    ${body}
  }
  ${after}
}`;

/** Adds up the threads' a and b over the workgroup's voxels, in order; the sums end in the threads lid < across. */
const reduceTwo = (type: string): { declarations: string; code: string } => ({
  declarations: `var<workgroup> sumsA: array<${type}, ${THREADS}>;\nvar<workgroup> sumsB: array<${type}, ${THREADS}>;`,
  code: `sumsA[lid] = a; sumsB[lid] = b;
  workgroupBarrier();
  if (lid < U.across) {
    for (var n = 1u; n < U.down; n++) { a += sumsA[lid + n * U.across]; b += sumsB[lid + n * U.across]; }`,
});

/** Per chunk and channel: mean and sum of squared deviations, accumulated about the chunk's first voxel. */
export function chunkMomentsShader({ type }: GroupNormKind, uniforms: string): string {
  const { declarations, code } = reduceTwo(type);
  return overVoxels(
    type,
    `@group(0) @binding(0) var<storage, read> x: array<${type}>;
@group(0) @binding(1) var<storage, read_write> moments: array<${type}>;
${uniforms}
${declarations}`,
    'let shift = x[(image + first) * U.across + lane]; var a = zero; var b = zero;',
    'let d = x[i] - shift; a += d; b += d * d;',
    `${code}
    let n = f32(end - first);
    let at = (batch * U.chunks + part) * 2u * U.across + lane;
    moments[at] = shift + a / n;
    moments[at + U.across] = max(b - a * a / n, zero);
  }`,
  );
}

/** Merges chunks and channels of one group (Chan, Golub and LeVeque 1979) into mean and 1/√(variance + ε). */
export const mergeMomentsShader = (epsilon: number, uniforms: string): string => `${uniforms}
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
  for (var i = lid; i < U.chunks * U.perGroup; i += ${THREADS}u) {
    let part = i / U.perGroup;
    let at = (batch * U.chunks + part) * 2u * U.channels + group * U.perGroup + i % U.perGroup;
    let n = min(U.chunk, U.voxels - part * U.chunk);
    own = merge(own, Moments(f32(n), moments[at], moments[at + U.channels]));
  }
  lanes[lid] = own;
  for (var half = ${THREADS / 2}u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (lid < half) { lanes[lid] = merge(lanes[lid], lanes[lid + half]); }
  }
  workgroupBarrier();
  if (lid < U.perGroup) {
    let all = lanes[0];
    let at = batch * 2u * U.channels + group * U.perGroup + lid;
    statistics[at] = all.mean;
    statistics[at + U.channels] = 1.0 / sqrt(all.squares / all.n + ${epsilon.toExponential()}f);
  }
}`;

const CHANNEL_VALUES = `let mean = statistics[batch * 2u * U.across + lane];
  let gain = statistics[batch * 2u * U.across + U.across + lane];
  let slope = gain * scale[lane];
  let shift = offset[lane];`;

const inputs = (type: string, names: readonly string[], uniforms: string): string => {
  const buffers = names.map((name, n) => {
    const access = n === names.length - 1 ? 'read_write' : 'read';
    return `@group(0) @binding(${n}) var<storage, ${access}> ${name}: array<${type}>;`;
  });
  return [...buffers, uniforms].join('\n');
};

/** y = (x − mean)·scale/σ + offset, then ReLU where it follows. */
export const normalizeShader = ({ type, relu }: GroupNormKind, uniforms: string): string =>
  overVoxels(
    type,
    inputs(type, ['x', 'statistics', 'scale', 'offset', 'y'], uniforms),
    CHANNEL_VALUES,
    relu ? 'y[i] = max((x[i] - mean) * slope + shift, zero);' : 'y[i] = (x[i] - mean) * slope + shift;',
  );

/** The gradient before the ReLU, where one follows. */
const gradientAt = ({ relu }: GroupNormKind): string =>
  relu ? 'select(zero, dy[i], centred * slope + shift > zero)' : 'dy[i]';

/** Per chunk and channel: Σ g and Σ g·x̂, with g = dy (where y > 0, if a ReLU follows). Laid out [chunk, batch, 2, channel]. */
export function gradientSumsShader(kind: GroupNormKind, uniforms: string): string {
  const { type } = kind;
  const { declarations, code } = reduceTwo(type);
  return overVoxels(
    type,
    `${inputs(type, ['x', 'dy', 'statistics', 'scale', 'offset', 'sums'], uniforms)}\n${declarations}`,
    `${CHANNEL_VALUES} var a = zero; var b = zero;`,
    `let centred = x[i] - mean;
    let g = ${gradientAt(kind)};
    a += g; b += g * (centred * gain);`,
    `${code}
    let at = (part * U.batch + batch) * 2u * U.across + lane;
    sums[at] = a;
    sums[at + U.across] = b;
  }`,
  );
}

/**
 * From Σ g and Σ g·x̂ per image and channel: the group's means of g·scale and g·scale·x̂ (for dx) and, summed over the
 * images, the gradients of scale and offset.
 */
export const gradientCoefficientsShader = (uniforms: string): string => `${uniforms}
@group(0) @binding(0) var<storage, read> sums: array<f32>;
@group(0) @binding(1) var<storage, read> scale: array<f32>;
@group(0) @binding(2) var<storage, read_write> means: array<f32>;
@group(0) @binding(3) var<storage, read_write> dScale: array<f32>;
@group(0) @binding(4) var<storage, read_write> dOffset: array<f32>;
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let n = id.x;
  if (n >= U.batch * U.channels) { return; }
  let batch = n / U.channels;
  let channel = n % U.channels;
  let first = channel / U.perGroup * U.perGroup;
  var a = 0.0;
  var b = 0.0;
  for (var c = first; c < first + U.perGroup; c++) {
    a += scale[c] * sums[batch * 2u * U.channels + c];
    b += scale[c] * sums[batch * 2u * U.channels + U.channels + c];
  }
  means[batch * 2u * U.channels + channel] = a * U.inverseCount.x;
  means[batch * 2u * U.channels + U.channels + channel] = b * U.inverseCount.x;
  if (batch == 0u) {
    var ds = 0.0;
    var doff = 0.0;
    for (var i = 0u; i < U.batch; i++) {
      doff += sums[i * 2u * U.channels + channel];
      ds += sums[i * 2u * U.channels + U.channels + channel];
    }
    dScale[channel] = ds;
    dOffset[channel] = doff;
  }
}`;

/** dx = (g·scale − mean(g·scale) − x̂·mean(g·scale·x̂))/σ. */
export const inputGradientShader = (kind: GroupNormKind, uniforms: string): string =>
  overVoxels(
    kind.type,
    inputs(kind.type, ['x', 'dy', 'statistics', 'scale', 'offset', 'means', 'dx'], uniforms),
    `${CHANNEL_VALUES}
  let meanA = means[batch * 2u * U.across + lane] * gain;
  let meanB = means[batch * 2u * U.across + U.across + lane] * gain;`,
    `let centred = x[i] - mean;
    let g = ${gradientAt(kind)};
    dx[i] = g * slope - meanA - centred * gain * meanB;`,
  );
