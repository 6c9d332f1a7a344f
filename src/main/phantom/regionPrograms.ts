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
  const [boxCode, groupCode, regionCode] = [program.code.slice(), program.code.slice(), program.code.slice()];
  const code = growingCode();
  /** Writes to `into` what of the code can matter in the regions [corner, corner + width); returns its length. */
  const pruned = (
    from: Uint32Array,
    length: number,
    corner: Vec3,
    width: Vec3,
    into: Uint32Array,
  ): number => {
    const low = perAxis((axis) => corner[axis] * step[axis]);
    const high = perAxis((axis) => Math.min((corner[axis] + width[axis]) * step[axis], fineSize[axis]));
    const { centreLpsMm, radiusMm } = ballRound(low, high, grid, fineMm, fineFrom);
    const [x, y, z] = centreLpsMm;
    return pruner.prune(from, length, { x, y, z }, radiusMm + slackMm, edgeMm, into);
  };

  const boxLength = pruned(program.code, program.code.length, [0, 0, 0], count, boxCode);
  forCorners([0, 0, 0], count, GROUP, (group) => {
    const groupLength = pruned(boxCode, boxLength, group, [GROUP, GROUP, GROUP], groupCode);
    const end = perAxis((axis) => Math.min(group[axis] + GROUP, count[axis]));
    forCorners(group, end, 1, (region) => {
      const words = pruned(groupCode, groupLength, region, [1, 1, 1], regionCode);
      const at = 2 * (region[0] + count[0] * (region[1] + count[1] * region[2]));
      ranges[at] = code.length() / WORDS_PER_INSTRUCTION;
      code.append(regionCode.subarray(0, words));
      ranges[at + 1] = code.length() / WORDS_PER_INSTRUCTION;
    });
  });
  return { step, count, ranges, code: code.words() };
}

/** The ball round the fine samples [from, to) of the box, counted from its first. */
function ballRound(
  from: Vec3,
  to: Vec3,
  grid: GridLps,
  fineMm: Vec3,
  fineFrom: Vec3,
): { readonly centreLpsMm: Vec3; readonly radiusMm: number } {
  const half = perAxis((axis) => ((to[axis] - from[axis] - 1) / 2) * fineMm[axis]);
  const middle = perAxis((axis) => {
    const sample = fineFrom[axis] + (from[axis] + to[axis] - 1) / 2;
    return (sample + 0.5) * fineMm[axis] - 0.5 * grid.spacingMm[axis];
  });
  const [a, b, c] = grid.directions;
  const centreLpsMm = perAxis(
    (axis) => grid.originLpsMm[axis] + a[axis] * middle[0] + b[axis] * middle[1] + c[axis] * middle[2],
  );
  return { centreLpsMm, radiusMm: Math.hypot(...half) };
}

/** Calls `visit` with every `step`th corner in [from, to), i fastest. */
function forCorners(from: Vec3, to: Vec3, step: number, visit: (corner: Vec3) => void): void {
  for (let k = from[2]; k < to[2]; k += step) {
    for (let j = from[1]; j < to[1]; j += step) {
      for (let i = from[0]; i < to[0]; i += step) visit([i, j, k]);
    }
  }
}

/** Instructions of unknown number, one after the other. */
function growingCode() {
  let code = new Uint32Array(131072);
  let length = 0;
  return {
    length: () => length,
    append(words: Uint32Array): void {
      if (length + words.length > code.length) {
        const larger = new Uint32Array(2 * (length + words.length));
        larger.set(code.subarray(0, length));
        code = larger;
      }
      code.set(words, length);
      length += words.length;
    },
    /** All of them; never nothing, which no buffer could hold. */
    words: () => code.subarray(0, Math.max(length, WORDS_PER_INSTRUCTION)),
  };
}
