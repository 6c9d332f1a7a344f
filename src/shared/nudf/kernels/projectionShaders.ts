import { WORKGROUP_ROW } from './gpuProgram.ts';
import { CELL_CODE, type SampledGrid, STEPS_PER_UNIT, TAPS } from './samplePyramidShaders.ts';

/** A level that was multiplied by the weights of its taps: `outputs` values for each tap of each voxel. */
export interface ProjectedSampling extends SampledGrid {
  readonly outputs: number;
}

export const PROJECTION_THREADS = 128;
/** Points that one workgroup takes. */
export const PROJECTED_POINTS = 4;
/** Values that a point is blended from. */
const CORNERS = 8 * TAPS;
const UNITS = PROJECTED_POINTS * TAPS;

/** Finds, for the points of a workgroup, where the values of each tap's voxels begin (`perTap` values each), and their weights. */
const blends = (perTap: number): string => `
var<workgroup> bases: array<u32, ${PROJECTED_POINTS * CORNERS}>;
var<workgroup> weights: array<f32, ${PROJECTED_POINTS * CORNERS}>;
${CELL_CODE}
fn findBlends(first: u32, lid: u32) {
  for (var i = lid; i < ${UNITS}u; i += ${PROJECTION_THREADS}u) {
    let point = first + i / ${TAPS}u;
    let tap = i % ${TAPS}u;
    if (point < U.total) {
      let c = cellOf(point, tap);
      for (var corner = 0u; corner < 8u; corner++) {
        bases[i * 8u + corner] = (voxelOf(c, corner) * ${TAPS}u + tap) * ${perTap}u;
        weights[i * 8u + corner] = weightOf(c, corner);
      }
    }
  }
}`;

/** The samples of a projected level at all taps, added to the bias where it is the first level, else to the sums of before. */
export function sampleProjectedShader(outputs: number, isFirst: boolean, uniforms: string): string {
  const across = outputs / 4;
  return `${uniforms}
@group(0) @binding(0) var<storage, read> points: array<f32>;
@group(0) @binding(1) var<storage, read> projected: array<vec4f>;
${isFirst ? '@group(0) @binding(2) var<storage, read> bias: array<vec4f>;' : ''}
@group(0) @binding(${isFirst ? 3 : 2}) var<storage, read_write> sums: array<vec4f>;
${blends(across)}
@compute @workgroup_size(${PROJECTION_THREADS})
fn main(@builtin(workgroup_id) wg: vec3u, @builtin(local_invocation_index) lid: u32) {
  let first = (wg.x + wg.y * ${WORKGROUP_ROW}u) * ${PROJECTED_POINTS}u;
  findBlends(first, lid);
  workgroupBarrier();
  for (var i = lid; i < ${PROJECTED_POINTS * across}u; i += ${PROJECTION_THREADS}u) {
    let lane = i % ${across}u;
    let point = first + i / ${across}u;
    if (point < U.total) {
      let at = point * ${across}u + lane;
      let entry = (i / ${across}u) * ${CORNERS}u;
      var sum = ${isFirst ? 'bias[lane]' : 'sums[at]'};
      for (var n = 0u; n < ${CORNERS}u; n++) {
        sum = fma(vec4f(weights[entry + n]), projected[bases[entry + n] + lane], sum);
      }
      sums[at] = sum;
    }
  }
}`;
}

/** The transpose of {@link sampleProjectedShader}, in fixed point as the scatter of the plain samples is. */
export const scatterProjectedShader = (outputs: number, uniforms: string): string => `${uniforms}
@group(0) @binding(0) var<storage, read> points: array<f32>;
@group(0) @binding(1) var<storage, read> dy: array<f32>;
@group(0) @binding(2) var<storage, read> largest: array<u32>;
@group(0) @binding(3) var<storage, read_write> gradient: array<atomic<i32>>;
${blends(outputs)}${STEPS_PER_UNIT}
@compute @workgroup_size(${PROJECTION_THREADS})
fn main(@builtin(workgroup_id) wg: vec3u, @builtin(local_invocation_index) lid: u32) {
  let first = (wg.x + wg.y * ${WORKGROUP_ROW}u) * ${PROJECTED_POINTS}u;
  let steps = stepsPerUnit();
  findBlends(first, lid);
  workgroupBarrier();
  for (var i = lid; i < ${PROJECTED_POINTS * outputs}u; i += ${PROJECTION_THREADS}u) {
    let output = i % ${outputs}u;
    let point = first + i / ${outputs}u;
    if (point < U.total) {
      let g = dy[point * ${outputs}u + output] * steps;
      let entry = (i / ${outputs}u) * ${CORNERS}u;
      if (g != 0.0) {
        for (var n = 0u; n < ${CORNERS}u; n++) {
          let add = i32(round(weights[entry + n] * g));
          if (add != 0) { atomicAdd(&gradient[bases[entry + n] + output], add); }
        }
      }
    }
  }
}`;
