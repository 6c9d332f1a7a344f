import { type Conv3dShape, voxelsOf } from './conv3dShaders.ts';
import { WORKGROUP_ROW } from './gpuProgram.ts';

/**
 * The first convolution of a network, from one channel: 27 values a voxel are too few for a matrix product in tiles.
 * Forward, a thread keeps four voxels of a line and four output channels; for the filter's gradient it walks along a
 * line with all 27 sums of four output channels in registers.
 */
const THREADS = 256;
const TAPS = 27;
const VOXELS_A_THREAD = 4;

/** Whether the direct kernels of this file apply. */
export const isSingleChannel = (s: Conv3dShape): boolean =>
  s.input === 1 && s.output % 4 === 0 && THREADS % (s.output / 4) === 0;

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

/** Line `l` (0 … 8) of the 3 × 3 lines round a line: whether it lies in the image, and its first voxel. */
const lines = (s: Conv3dShape): string => `
fn lineOf(line: u32, l: u32) -> vec2u {
  let y = i32(line % ${s.height}u) + i32(l % 3u) - 1;
  let z = i32((line / ${s.height}u) % ${s.depth}u) + i32(l / 3u) - 1;
  let inside = y >= 0 && y < ${s.height} && z >= 0 && z < ${s.depth} && line < ${s.batch * s.depth * s.height}u;
  let first = ((line / ${s.height * s.depth}u) * ${s.depth}u + u32(max(z, 0))) * ${s.height}u + u32(max(y, 0));
  return vec2u(select(0u, 1u, inside), select(0u, first * ${s.width}u, inside));
}
fn valueAt(found: vec2u, column: i32) -> f32 {
  let inside = found.x == 1u && column >= 0 && column < ${s.width};
  return select(0.0, x[select(0u, found.y + u32(column), inside)], inside);
}`;

/** Workgroups of the forward kernel. */
export const singleChannelUnits = (s: Conv3dShape): number => {
  const perGroup = THREADS / (s.output / 4);
  return Math.ceil((s.batch * s.depth * s.height * Math.ceil(s.width / VOXELS_A_THREAD)) / perGroup);
};

/** WGSL of the forward kernel. */
export function singleChannelShader(s: Conv3dShape, options: { bias: boolean; relu: boolean }): string {
  const quads = s.output / 4;
  const groups = Math.ceil(s.width / VOXELS_A_THREAD);
  const voxels = range(VOXELS_A_THREAD);
  return `
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> filterWeights: array<vec4f>;
${options.bias ? '@group(0) @binding(2) var<storage, read> bias: array<vec4f>;' : ''}
@group(0) @binding(${options.bias ? 3 : 2}) var<storage, read_write> y: array<vec4f>;
var<workgroup> weights: array<vec4f, ${TAPS * quads}>;
${lines(s)}
@compute @workgroup_size(${THREADS})
fn main(@builtin(workgroup_id) wg: vec3u, @builtin(local_invocation_index) lid: u32) {
  for (var i = lid; i < ${TAPS * quads}u; i += ${THREADS}u) { weights[i] = filterWeights[i]; }
  workgroupBarrier();
  let quad = lid % ${quads}u;
  let unit = (wg.x + wg.y * ${WORKGROUP_ROW}u) * ${THREADS / quads}u + lid / ${quads}u;
  let line = unit / ${groups}u;
  let first = i32((unit % ${groups}u) * ${VOXELS_A_THREAD}u);
  ${voxels.map((j) => `var sum${j} = ${options.bias ? 'bias[quad]' : 'vec4f()'};`).join(' ')}
  ${range(9)
    .map(
      (l) => `{
    let found = lineOf(line, ${l}u);
    ${range(VOXELS_A_THREAD + 2)
      .map((j) => `let v${j} = valueAt(found, first + ${j - 1});`)
      .join(' ')}
    ${range(3)
      .map(
        (dx) =>
          `{ let w = weights[${(l * 3 + dx) * quads}u + quad]; ${voxels.map((j) => `sum${j} = fma(vec4f(v${j + dx}), w, sum${j});`).join(' ')} }`,
      )
      .join('\n    ')}
  }`,
    )
    .join('\n  ')}
  if (line >= ${s.batch * s.depth * s.height}u) { return; }
  let at = (line * ${s.width}u + u32(first)) * ${quads}u + quad;
  ${voxels
    .map(
      (j) =>
        `if (first + ${j} < ${s.width}) { y[at + ${j * quads}u] = ${options.relu ? `max(sum${j}, vec4f())` : `sum${j}`}; }`,
    )
    .join(' ')}
}`;
}

/** Workgroups of the filter's gradient; each leaves one partial gradient. */
export const singleChannelSplits = (s: Conv3dShape): number =>
  Math.ceil(voxelsOf(s) / s.width / (THREADS / (s.output / 4)));

/** WGSL of the filter's gradient; each workgroup leaves one partial gradient. */
export function singleChannelFilterShader(s: Conv3dShape): string {
  const quads = s.output / 4;
  const down = THREADS / quads;
  return `
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> dy: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> partials: array<vec4f>;
var<workgroup> sums: array<vec4f, ${THREADS}>;
${lines(s)}
@compute @workgroup_size(${THREADS})
fn main(@builtin(workgroup_id) wg: vec3u, @builtin(local_invocation_index) lid: u32) {
  let part = wg.x + wg.y * ${WORKGROUP_ROW}u;
  let quad = lid % ${quads}u;
  let line = part * ${down}u + lid / ${quads}u;
  ${range(TAPS)
    .map((t) => `var sum${t} = vec4f();`)
    .join(' ')}
  ${range(9)
    .map(
      (l) =>
        `let line${l} = lineOf(line, ${l}u); var a${l} = 0.0; var b${l} = 0.0; var c${l} = valueAt(line${l}, 0);`,
    )
    .join('\n  ')}
  if (line < ${s.batch * s.depth * s.height}u) {
    for (var column = 0; column < ${s.width}; column++) {
      let g = dy[(line * ${s.width}u + u32(column)) * ${quads}u + quad];
      ${range(9)
        .map(
          (l) =>
            `a${l} = b${l}; b${l} = c${l}; c${l} = valueAt(line${l}, column + 1); ${['a', 'b', 'c'].map((v, dx) => `sum${l * 3 + dx} = fma(vec4f(${v}${l}), g, sum${l * 3 + dx});`).join(' ')}`,
        )
        .join('\n      ')}
    }
  }
  // One loop, in which each tap's sum is picked by its number: written out tap by tap it takes a second to compile.
  for (var tap = 0u; tap < ${TAPS}u; tap++) {
    switch tap {
      ${range(TAPS - 1)
        .map((t) => `case ${t}u: { sums[lid] = sum${t}; }`)
        .join(' ')}
      default: { sums[lid] = sum${TAPS - 1}; }
    }
    for (var half = ${down / 2}u; half > 0u; half /= 2u) {
      workgroupBarrier();
      if (lid / ${quads}u < half) { sums[lid] += sums[lid + half * ${quads}u]; }
    }
    if (lid < ${quads}u && part < ${singleChannelSplits(s)}u) { partials[(part * ${TAPS}u + tap) * ${quads}u + lid] = sums[lid]; }
    workgroupBarrier();
  }
}`;
}
