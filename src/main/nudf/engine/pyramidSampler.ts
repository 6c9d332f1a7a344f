import { TAP_COUNT } from '#shared/nudf/network/weightLayout.ts';
import { createSamplingKernels, FOUR, type SamplingKernel } from './samplingKernel.ts';

/** One level of the pyramid: resolution³ voxels of `channels` floats, channels fastest, then x, y, z. */
export interface PyramidLevel {
  readonly resolution: number;
  readonly channels: number;
}

/**
 * The coarsest levels, whose features are multiplied by the decoder's first layer voxel by voxel rather than point by
 * point: the layer is linear and commutes with trilinear sampling.
 */
export interface PyramidProjection {
  /** How many of the levels, counted from the coarsest. */
  readonly levels: number;
  /** Outputs of the decoder's first layer, a multiple of 4. */
  readonly width: number;
}

/**
 * Samples a feature pyramid on the CPU. Levels and features lie in one block of memory, written and read in place by
 * the neural runtime: nothing is copied.
 */
export interface PyramidSampler {
  /** The levels' voxels, to be filled by the owner; `levels[0]` is the image. */
  readonly levels: readonly Float32Array[];
  /** Where {@link sample} writes: chunkPoints · F · 7 floats. F leaves out projected levels. */
  readonly features: Float32Array;
  /** For each projected level its voxels times the first layer's weights, to be filled by the owner: [voxel, tap, width]. */
  readonly projections: readonly Float32Array[];
  /** Where {@link sample} writes what the projected levels add to the first layer, a row of `width` for each point. */
  readonly sums: Float32Array;
  /**
   * Samples `count` points from point `first` on, one row of F · 7 floats for each point: tap·F + c
   * (taps p, −x, +x, −y, +y, −z, +z). Coordinates are normalised; outside the cube the border's value holds.
   *
   * For example, levels of 1 and 16 channels make F = 17. A point's row then holds at 0 the image at p, at 1 to 16 level
   * 1 at p, at 17 the image at p − δx, at 18 to 33 level 1 at p − δx, and so on to 118. (The decoder's weights are
   * ordered c·7 + tap; `decoderOnnx(…, 'tap-major')` reorders them to match.)
   */
  sample(pointsNormalized: Float32Array, first: number, count: number): void;
}

const PAGE_BYTES = 65_536;
const FLOAT_BYTES = 4;
/** x, y and z. */
const COORDINATES = 3;
/** Arrays start at multiples of a cache line. */
const ALIGN_BYTES = 64;
const aligned = (bytes: number): number => Math.ceil(bytes / ALIGN_BYTES) * ALIGN_BYTES;

/** How coordinates in [−1, 1] lie on a level's voxels: voxel = factor · (x + 1) + shift. */
interface VoxelMapping {
  readonly factor: number;
  readonly shift: number;
}

/**
 * Voxel v of n has its centre at (2v + 1)/n − 1, so x lies at ((x + 1)·n − 1)/2 voxels. With the corners aligned, as
 * some imported networks were trained, the outermost centres lie at ±1: x is at (x + 1)/2 · (n − 1).
 *
 * Worked example: 4 voxels have their centres at −0.75, −0.25, 0.25 and 0.75. With δ = 0.5, x = 0.1 lies at
 * (1.1·4 − 1)/2 = 1.7: seven tenths of the way from voxel 1 to voxel 2. Its taps x − δ = −0.4 and x + δ = 0.6 lie at 0.7
 * and 2.7. A place of 0.95 would lie at 3.4; it is moved to 3, the last centre: voxels 2 and 3, all weight on voxel 3.
 */
const voxelMapping = (resolution: number, alignCorners: boolean): VoxelMapping =>
  alignCorners ? { factor: (resolution - 1) / 2, shift: 0 } : { factor: resolution / 2, shift: -0.5 };

/** How a level is sampled: where its values lie, where what is read from them goes; all in bytes. */
interface LevelPlan {
  readonly resolution: number;
  readonly start: number;
  readonly voxelBytes: number;
  /** From one tap's values to the next one's in a voxel; 0 where all taps read the same. */
  readonly tapBytes: number;
  /** What is read at each tap. */
  readonly bytes: number;
  /** From one point's output to the next one's, and from tap to tap; 0 where all taps add up. */
  readonly pointOutputBytes: number;
  readonly tapOutputBytes: number;
  readonly kernel: SamplingKernel;
  /** Of levels that add up: the one that is sampled first. */
  readonly isFirst: boolean;
}

const NO_PROJECTION: PyramidProjection = { levels: 0, width: 0 };

/**
 * Reserves memory for all levels and for what is sampled.
 * @param offsetNormalized δ, the taps' distance in normalised units
 * @param chunkPoints the most points of one call of sample
 * @param alignCorners whether the outermost voxels' centres, rather than their faces, lie at ±1
 */
export function createPyramidSampler(
  levels: readonly PyramidLevel[],
  offsetNormalized: number,
  chunkPoints: number,
  alignCorners = false,
  projection = NO_PROJECTION,
): PyramidSampler {
  const sampled = levels.slice(0, levels.length - projection.levels);
  const projected = levels.slice(sampled.length);
  const featureCount = sampled.reduce((sum, level) => sum + level.channels, 0);
  let end = 0;
  const reserve = (floats: number): number => {
    const start = end;
    end = aligned(end + floats * FLOAT_BYTES);
    return start;
  };
  const [rowFloats, productFloats] = [featureCount * TAP_COUNT, projection.width * TAP_COUNT];
  const starts = levels.map(({ resolution, channels }) => reserve(resolution ** 3 * channels));
  const productStarts = projected.map(({ resolution }) => reserve(resolution ** 3 * productFloats));
  const featureStart = reserve(chunkPoints * rowFloats);
  const sumStart = reserve(chunkPoints * projection.width);
  const pointStart = reserve(chunkPoints * COORDINATES);
  const memory = new WebAssembly.Memory({ initial: Math.ceil(end / PAGE_BYTES) });
  const view = (start: number, count: number): Float32Array => new Float32Array(memory.buffer, start, count);

  const { sampleFours, sampleOnes, sumFours } = createSamplingKernels(memory);
  const featurePlans = sampled.map(({ resolution, channels }, index): LevelPlan => {
    return {
      resolution,
      start: starts[index]!,
      voxelBytes: channels * FLOAT_BYTES,
      tapBytes: 0,
      bytes: channels * FLOAT_BYTES,
      pointOutputBytes: rowFloats * FLOAT_BYTES,
      tapOutputBytes: featureCount * FLOAT_BYTES,
      kernel: channels % FOUR === 0 ? sampleFours : sampleOnes,
      isFirst: true,
    };
  });
  const sumPlans = projected.map(({ resolution }, index): LevelPlan => {
    const bytes = projection.width * FLOAT_BYTES;
    return {
      resolution,
      start: productStarts[index]!,
      voxelBytes: productFloats * FLOAT_BYTES,
      tapBytes: bytes,
      bytes,
      pointOutputBytes: bytes,
      tapOutputBytes: 0,
      kernel: sumFours,
      isFirst: index === 0,
    };
  });
  const chunk = view(pointStart, chunkPoints * COORDINATES);
  /** @param output byte address of the first point's output */
  const sampleLevel = (plan: LevelPlan, count: number, output: number): void => {
    const { resolution, voxelBytes } = plan;
    const { factor, shift } = voxelMapping(resolution, alignCorners);
    plan.kernel(
      pointStart,
      pointStart + count * COORDINATES * FLOAT_BYTES,
      output,
      plan.pointOutputBytes,
      plan.tapOutputBytes,
      plan.start,
      plan.tapBytes,
      voxelBytes,
      voxelBytes * resolution,
      voxelBytes * resolution ** 2,
      plan.bytes,
      resolution - 1,
      factor,
      shift,
      offsetNormalized,
      plan.isFirst ? 1 : 0,
    );
  };

  return {
    levels: levels.map(({ resolution, channels }, index) => view(starts[index]!, resolution ** 3 * channels)),
    features: view(featureStart, chunkPoints * rowFloats),
    projections: projected.map(({ resolution }, index) =>
      view(productStarts[index]!, resolution ** 3 * productFloats),
    ),
    sums: view(sumStart, chunkPoints * projection.width),
    sample(pointsNormalized, first, count) {
      if (count === 0) return;
      chunk.set(pointsNormalized.subarray(COORDINATES * first, COORDINATES * (first + count)));
      let channelBytes = 0;
      for (const plan of featurePlans) {
        sampleLevel(plan, count, featureStart + channelBytes);
        channelBytes += plan.bytes;
      }
      for (const plan of sumPlans) sampleLevel(plan, count, sumStart);
    },
  };
}
