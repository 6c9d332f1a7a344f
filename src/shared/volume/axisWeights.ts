/**
 * For each output voxel of one axis, the input voxels that it averages and their weights (summing to 1), laid out
 * flat: output o uses inputs `first[o]` … `first[o] + count[o] − 1` with weights from `offset[o]` on. A count of 0
 * means that less than half of the output voxel lies within the input.
 */
export interface AxisWeights {
  readonly first: Int32Array;
  readonly count: Int32Array;
  readonly offset: Int32Array;
  readonly weights: Float32Array;
}

/** Where the outputs of one axis lie on the input's index axis: output o covers start + o·step ± width/2. */
export interface AxisPlacement {
  readonly outputs: number;
  readonly startIndex: number;
  readonly stepIndex: number;
  readonly widthIndex: number;
}

/**
 * The mean, over each output voxel's interval, of the input seen as constant within each of its voxels: exact areas.
 * Worked example: 4 inputs, 2 outputs of width 2 → weights ½ ½ | ½ ½.
 */
export const areaWeights = (inputs: number, placement: AxisPlacement): AxisWeights =>
  build(inputs, placement, (index, from, to) => overlap(from, to, index - 0.5, index + 0.5));

/**
 * The mean, over each output voxel's interval, of the input interpolated linearly between its voxel centres: smooth
 * where outputs are finer than inputs, free of aliasing where they are coarser, exact for linear ramps in both cases.
 */
export const linearMeanWeights = (inputs: number, placement: AxisPlacement): AxisWeights =>
  build(inputs, placement, (index, from, to) => {
    // The tent of an input voxel is held at 1 from the outermost centre to its voxel's outer face.
    const low = index === 0 ? overlap(from, to, -0.5, 0) : tentIntegral(from - index, to - index, -1, 0);
    const high =
      index === inputs - 1
        ? overlap(from, to, index, index + 0.5)
        : tentIntegral(from - index, to - index, 0, 1);
    return low + high;
  });

const overlap = (from: number, to: number, low: number, high: number): number =>
  Math.max(0, Math.min(to, high) - Math.max(from, low));

/** ∫ (1 − |x|) dx over [from, to] ∩ [low, high], the latter within one side of the tent. */
function tentIntegral(from: number, to: number, low: number, high: number): number {
  const a = Math.max(from, low);
  const b = Math.min(to, high);
  if (b <= a) return 0;
  return (b - a) * (1 - Math.abs(a + b) / 2);
}

function build(
  inputs: number,
  { outputs, startIndex, stepIndex, widthIndex }: AxisPlacement,
  integral: (index: number, from: number, to: number) => number,
): AxisWeights {
  const first = new Int32Array(outputs);
  const count = new Int32Array(outputs);
  const offset = new Int32Array(outputs);
  const weights: number[] = [];
  for (let o = 0; o < outputs; o++) {
    offset[o] = weights.length;
    const centre = startIndex + o * stepIndex;
    const from = Math.max(centre - widthIndex / 2, -0.5);
    const to = Math.min(centre + widthIndex / 2, inputs - 0.5);
    // A small tolerance: grids that end exactly on half a voxel stay inside.
    if (to - from < widthIndex * (0.5 - 1e-6)) continue;
    const lowest = Math.max(0, Math.floor(from) - 1);
    const highest = Math.min(inputs - 1, Math.ceil(to) + 1);
    for (let index = lowest; index <= highest; index++) {
      const weight = integral(index, from, to) / (to - from);
      // Both integrals are positive on one run of inputs and zero elsewhere.
      if (weight <= 0) continue;
      if (count[o] === 0) first[o] = index;
      weights.push(weight);
      count[o]!++;
    }
  }
  return { first, count, offset, weights: Float32Array.from(weights) };
}
