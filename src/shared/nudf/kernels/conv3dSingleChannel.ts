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

/** What the shaders read as `U`. */
export const singleChannelUniforms = (s: Conv3dShape) => ({
  lines: s.batch * s.depth * s.height,
  depth: s.depth,
  height: s.height,
  width: s.width,
  parts: singleChannelSplits(s),
});

/** Line `l` (0 … 8) of the 3 × 3 lines round a line: its first voxel, and its length: 0 where it lies beyond the image. */
const LINES = `
fn lineOf(line: u32, l: u32) -> vec2u {
  let plane = line / U.height;
  // Beyond the first, one below 0 is the largest number, and not inside either.
  let y = line - plane * U.height + l % 3u - 1u;
  let z = plane % U.depth + l / 3u - 1u;
  let isInside = y < U.height && z < U.depth && line < U.lines;
  let first = (line + (l / 3u - 1u) * U.height + l % 3u - 1u) * U.width;
  return vec2u(first, select(0u, U.width, isInside));
}
fn valueAt(found: vec2u, column: u32) -> f32 {
  let isInside = column < found.y;
  return select(0.0, x[select(0u, found.x + column, isInside)], isInside);
}`;

/** Workgroups of the forward kernel. */
export const singleChannelUnits = (s: Conv3dShape): number => {
  const perGroup = THREADS / (s.output / 4);
  return Math.ceil((s.batch * s.depth * s.height * Math.ceil(s.width / VOXELS_A_THREAD)) / perGroup);
};

/** WGSL of the forward kernel. A loop over the nine lines: written out, software compiles it for three times as long. */
export function singleChannelShader(
  output: number,
  options: { bias: boolean; relu: boolean },
  uniforms: string,
): string {
  const quads = output / 4;
  const voxels = range(VOXELS_A_THREAD);
  return `${uniforms}
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> filterWeights: array<vec4f>;
${options.bias ? '@group(0) @binding(2) var<storage, read> bias: array<vec4f>;' : ''}
@group(0) @binding(${options.bias ? 3 : 2}) var<storage, read_write> y: array<vec4f>;
var<workgroup> weights: array<vec4f, ${TAPS * quads}>;
${LINES}
@compute @workgroup_size(${THREADS})
fn main(@builtin(workgroup_id) wg: vec3u, @builtin(local_invocation_index) lid: u32) {
  for (var i = lid; i < ${TAPS * quads}u; i += ${THREADS}u) { weights[i] = filterWeights[i]; }
  workgroupBarrier();
  let quad = lid % ${quads}u;
  let unit = (wg.x + wg.y * ${WORKGROUP_ROW}u) * ${THREADS / quads}u + lid / ${quads}u;
  let groups = (U.width + ${VOXELS_A_THREAD - 1}u) / ${VOXELS_A_THREAD}u;
  let line = unit / groups;
  let first = (unit - line * groups) * ${VOXELS_A_THREAD}u;
  ${voxels.map((j) => `var sum${j} = ${options.bias ? 'bias[quad]' : 'vec4f()'};`).join(' ')}
  for (var l = 0u; l < 9u; l++) {
    let found = lineOf(line, l);
    ${range(VOXELS_A_THREAD + 2)
      .map((j) => `let v${j} = valueAt(found, first + ${j}u - 1u);`)
      .join(' ')}
    ${range(3)
      .map(
        (dx) =>
          `{ let w = weights[(l * 3u + ${dx}u) * ${quads}u + quad]; ${voxels.map((j) => `sum${j} = fma(vec4f(v${j + dx}), w, sum${j});`).join(' ')} }`,
      )
      .join('\n    ')}
  }
  if (line >= U.lines) { return; }
  let at = (line * U.width + first) * ${quads}u + quad;
  ${voxels
    .map(
      (j) =>
        `if (first + ${j}u < U.width) { y[at + ${j * quads}u] = ${options.relu ? `max(sum${j}, vec4f())` : `sum${j}`}; }`,
    )
    .join(' ')}
}`;
}

/** Workgroups of the filter's gradient; each leaves one partial gradient. */
export const singleChannelSplits = (s: Conv3dShape): number =>
  Math.ceil(voxelsOf(s) / s.width / (THREADS / (s.output / 4)));

/** WGSL of the filter's gradient; each workgroup leaves one partial gradient. */
export function singleChannelFilterShader(output: number, uniforms: string): string {
  const quads = output / 4;
  const down = THREADS / quads;
  return `${uniforms}
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> dy: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> partials: array<vec4f>;
var<workgroup> sums: array<vec4f, ${THREADS}>;
${LINES}
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
        `let line${l} = lineOf(line, ${l}u); var a${l} = 0.0; var b${l} = 0.0; var c${l} = valueAt(line${l}, 0u);`,
    )
    .join('\n  ')}
  if (line < U.lines) {
    for (var column = 0u; column < U.width; column++) {
      let g = dy[(line * U.width + column) * ${quads}u + quad];
      ${range(9)
        .map(
          (l) =>
            `a${l} = b${l}; b${l} = c${l}; c${l} = valueAt(line${l}, column + 1u); ${['a', 'b', 'c'].map((v, dx) => `sum${l * 3 + dx} = fma(vec4f(${v}${l}), g, sum${l * 3 + dx});`).join(' ')}`,
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
    if (lid < ${quads}u && part < U.parts) { partials[(part * ${TAPS}u + tap) * ${quads}u + lid] = sums[lid]; }
    workgroupBarrier();
  }
}`;
}
