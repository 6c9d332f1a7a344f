import type { GridLps } from '#shared/geometry/gridLps.ts';
import { perAxis, type Vec3 } from '#shared/geometry/vec3.ts';
import { WORDS_PER_INSTRUCTION } from './instructions.ts';
import type { Program } from './program.ts';
import { createPruner } from './pruneProgram.ts';

/** Regions are about this wide: small enough that little matters in each, so few that pruning takes a few milliseconds. */
const REGION_MM = 14;
/** Widths are multiples of this many samples, so that a workgroup lies within one region. */
const SAMPLES = 8;
/** Regions that are pruned together first, along each axis. */
const GROUP = 3;

/** A box of fine samples, cut into regions with the part of a program that matters in each. */
export interface RegionPrograms {
  /** Samples per region along i, j, k, and regions along i, j, k. */
  readonly step: Vec3;
  readonly count: Vec3;
  /** First and one past the last instruction of each region, i fastest. */
  readonly ranges: Uint32Array;
  /** All regions' instructions one after the other. */
  readonly code: Uint32Array;
}

/**
 * @param fineFrom first fine sample of the box along i, j, k (see AxisKernel) @param fineSize samples along i, j, k
 * @param slackMm how far the scene may appear shifted within the box @param regionMm about how wide regions are to be
 */
export function regionPrograms(
  program: Program,
  grid: GridLps,
  substeps: Vec3,
  fineFrom: Vec3,
  fineSize: Vec3,
  edgeMm: number,
  slackMm: number,
  regionMm = REGION_MM,
): RegionPrograms {
  const fineMm = perAxis((axis) => grid.spacingMm[axis] / substeps[axis]);
  const step = perAxis((axis) => SAMPLES * Math.max(1, Math.round(regionMm / (SAMPLES * fineMm[axis]))));
  const count = perAxis((axis) => Math.ceil(fineSize[axis] / step[axis]));
  const ranges = new Uint32Array(2 * count[0] * count[1] * count[2]);
  const pruner = createPruner(program);
  const boxCode = new Uint32Array(program.code.length);
  const groupCode = new Uint32Array(program.code.length);
  const regionCode = new Uint32Array(program.code.length);
  let code = new Uint32Array(131072);
  let length = 0;
  const centre = { x: 0, y: 0, z: 0 };
  /** The ball round samples [from, to) of the box. */
  const ball = (from: readonly number[], to: readonly number[]): number => {
    const half = [0, 0, 0];
    const middle = [0, 0, 0];
    for (let axis = 0; axis < 3; axis++) {
      half[axis] = ((to[axis]! - from[axis]! - 1) / 2) * fineMm[axis]!;
      const sample = fineFrom[axis]! + (from[axis]! + to[axis]! - 1) / 2;
      middle[axis] = (sample + 0.5) * fineMm[axis]! - 0.5 * grid.spacingMm[axis]!;
    }
    const [a, b, c] = grid.directions;
    centre.x = grid.originLpsMm[0] + a[0] * middle[0]! + b[0] * middle[1]! + c[0] * middle[2]!;
    centre.y = grid.originLpsMm[1] + a[1] * middle[0]! + b[1] * middle[1]! + c[1] * middle[2]!;
    centre.z = grid.originLpsMm[2] + a[2] * middle[0]! + b[2] * middle[1]! + c[2] * middle[2]!;
    return Math.hypot(...half) + slackMm;
  };
  const clipped = (corner: readonly number[], width: number): number[] =>
    corner.map((value, axis) => Math.min((value + width) * step[axis]!, fineSize[axis]!));
  const samples = (corner: readonly number[]): number[] => corner.map((value, axis) => value * step[axis]!);

  const radius = ball([0, 0, 0], fineSize);
  const boxLength = pruner.prune(program.code, program.code.length, centre, radius, edgeMm, boxCode);
  for (let gk = 0; gk < count[2]; gk += GROUP) {
    for (let gj = 0; gj < count[1]; gj += GROUP) {
      for (let gi = 0; gi < count[0]; gi += GROUP) {
        const groupRadius = ball(samples([gi, gj, gk]), clipped([gi, gj, gk], GROUP));
        const groupLength = pruner.prune(boxCode, boxLength, centre, groupRadius, edgeMm, groupCode);
        for (let k = gk; k < Math.min(gk + GROUP, count[2]); k++) {
          for (let j = gj; j < Math.min(gj + GROUP, count[1]); j++) {
            for (let i = gi; i < Math.min(gi + GROUP, count[0]); i++) {
              const regionRadius = ball(samples([i, j, k]), clipped([i, j, k], 1));
              const words = pruner.prune(groupCode, groupLength, centre, regionRadius, edgeMm, regionCode);
              if (length + words > code.length) {
                const larger = new Uint32Array(2 * (length + words));
                larger.set(code.subarray(0, length));
                code = larger;
              }
              code.set(regionCode.subarray(0, words), length);
              const region = 2 * (i + count[0] * (j + count[1] * k));
              ranges[region] = length / WORDS_PER_INSTRUCTION;
              length += words;
              ranges[region + 1] = length / WORDS_PER_INSTRUCTION;
            }
          }
        }
      }
    }
  }
  return { step, count, ranges, code: code.subarray(0, Math.max(length, WORDS_PER_INSTRUCTION)) };
}
