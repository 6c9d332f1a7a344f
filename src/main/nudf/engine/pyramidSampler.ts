import { TAP_COUNT } from '#shared/nudf/network/weightLayout.ts';
import { BLEND_WIDTH, type BlendKernel, createBlendKernels } from './blendKernel.ts';

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
/** Arrays start at multiples of a cache line. */
const ALIGN_BYTES = 64;
const aligned = (bytes: number): number => Math.ceil(bytes / ALIGN_BYTES) * ALIGN_BYTES;

/** Positions −δ, 0, +δ along one axis: byte offsets of the lower and upper voxel and the upper one's weight. */
interface AxisTaps {
  readonly lower: Int32Array;
  readonly upper: Int32Array;
  readonly fraction: Float64Array;
}
const axisTaps = (): AxisTaps => ({
  lower: new Int32Array(3),
  upper: new Int32Array(3),
  fraction: new Float64Array(3),
});

/** For each tap, which of −δ, 0, +δ it takes along x, y and z. */
const TAP_STEPS: readonly (readonly [number, number, number])[] = [
  [1, 1, 1],
  [0, 1, 1],
  [2, 1, 1],
  [1, 0, 1],
  [1, 2, 1],
  [1, 1, 0],
  [1, 1, 2],
];

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

function placeTaps(
  taps: AxisTaps,
  x: number,
  offset: number,
  resolution: number,
  { factor, shift }: VoxelMapping,
  strideBytes: number,
): void {
  for (let step = 0; step < 3; step++) {
    const voxel = (x + (step - 1) * offset + 1) * factor + shift;
    const inside = Math.min(Math.max(voxel, 0), resolution - 1);
    const lower = Math.min(Math.floor(inside), Math.max(resolution - 2, 0));
    taps.lower[step] = lower * strideBytes;
    taps.upper[step] = Math.min(lower + 1, resolution - 1) * strideBytes;
    taps.fraction[step] = inside - lower;
  }
}

/** The same as the WebAssembly kernel, for channel counts that are no multiple of its width. */
function plainBlend(floats: Float32Array): BlendKernel {
  return (out, p0, p1, p2, p3, p4, p5, p6, p7, w0, w1, w2, w3, w4, w5, w6, w7, bytes) => {
    for (let offset = 0; offset < bytes; offset += FLOAT_BYTES) {
      const at = (address: number): number => floats[(address + offset) >> 2]!;
      const low = w0 * at(p0) + w1 * at(p1) + w2 * at(p2) + w3 * at(p3);
      floats[(out + offset) >> 2] = low + w4 * at(p4) + w5 * at(p5) + w6 * at(p6) + w7 * at(p7);
    }
  };
}

/** Scratch space for the taps along x, y and z. */
type Axes = readonly [AxisTaps, AxisTaps, AxisTaps];

/** The points that a call samples. */
interface PointRange {
  readonly pointsNormalized: Float32Array;
  readonly first: number;
  readonly count: number;
}

/** How a level is sampled: where its values lie, where what is read from them goes; all in bytes. */
interface LevelPlan {
  readonly resolution: number;
  readonly mapping: VoxelMapping;
  readonly start: number;
  readonly voxelBytes: number;
  /** From one tap's values to the next one's in a voxel; 0 where all taps read the same. */
  readonly tapBytes: number;
  /** What is read at each tap. */
  readonly bytes: number;
  /** From one point's output to the next one's, and from tap to tap; 0 where all taps add up. */
  readonly pointOutputBytes: number;
  readonly tapOutputBytes: number;
  readonly blendFirst: BlendKernel;
  readonly blendNext: BlendKernel;
}

/** Samples one level at all seven taps of each point. @param output byte address of the first point's output */
function sampleLevel(
  plan: LevelPlan,
  [xTaps, yTaps, zTaps]: Axes,
  offsetNormalized: number,
  { pointsNormalized, first, count }: PointRange,
  output: number,
): void {
  const { resolution, mapping, voxelBytes, bytes } = plan;
  for (let point = 0; point < count; point++) {
    const at = 3 * (first + point);
    const [rowBytes, sliceBytes] = [voxelBytes * resolution, voxelBytes * resolution ** 2];
    placeTaps(xTaps, pointsNormalized[at]!, offsetNormalized, resolution, mapping, voxelBytes);
    placeTaps(yTaps, pointsNormalized[at + 1]!, offsetNormalized, resolution, mapping, rowBytes);
    placeTaps(zTaps, pointsNormalized[at + 2]!, offsetNormalized, resolution, mapping, sliceBytes);
    for (let tap = 0; tap < TAP_COUNT; tap++) {
      const steps = TAP_STEPS[tap]!;
      const x0 = xTaps.lower[steps[0]]!;
      const x1 = xTaps.upper[steps[0]]!;
      const fx = xTaps.fraction[steps[0]]!;
      const y0 = yTaps.lower[steps[1]]!;
      const y1 = yTaps.upper[steps[1]]!;
      const fy = yTaps.fraction[steps[1]]!;
      const start = plan.start + tap * plan.tapBytes;
      const z0 = start + zTaps.lower[steps[2]]!;
      const z1 = start + zTaps.upper[steps[2]]!;
      const fz = zTaps.fraction[steps[2]]!;
      const near = (1 - fy) * (1 - fz);
      const farY = fy * (1 - fz);
      const farZ = (1 - fy) * fz;
      const farYZ = fy * fz;
      const blend = tap === 0 ? plan.blendFirst : plan.blendNext;
      blend(
        output + point * plan.pointOutputBytes + tap * plan.tapOutputBytes,
        z0 + y0 + x0,
        z0 + y0 + x1,
        z0 + y1 + x0,
        z0 + y1 + x1,
        z1 + y0 + x0,
        z1 + y0 + x1,
        z1 + y1 + x0,
        z1 + y1 + x1,
        (1 - fx) * near,
        fx * near,
        (1 - fx) * farY,
        fx * farY,
        (1 - fx) * farZ,
        fx * farZ,
        (1 - fx) * farYZ,
        fx * farYZ,
        bytes,
      );
    }
  }
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
  const memory = new WebAssembly.Memory({ initial: Math.ceil(end / PAGE_BYTES) });
  const view = (start: number, count: number): Float32Array => new Float32Array(memory.buffer, start, count);

  const { blend, blendOnto } = createBlendKernels(memory);
  const plain = plainBlend(view(0, memory.buffer.byteLength / FLOAT_BYTES));
  const featurePlans = sampled.map(({ resolution, channels }, index): LevelPlan => {
    const kernel = channels % BLEND_WIDTH === 0 ? blend : plain;
    return {
      resolution,
      mapping: voxelMapping(resolution, alignCorners),
      start: starts[index]!,
      voxelBytes: channels * FLOAT_BYTES,
      tapBytes: 0,
      bytes: channels * FLOAT_BYTES,
      pointOutputBytes: rowFloats * FLOAT_BYTES,
      tapOutputBytes: featureCount * FLOAT_BYTES,
      blendFirst: kernel,
      blendNext: kernel,
    };
  });
  const sumPlans = projected.map(({ resolution }, index): LevelPlan => {
    const bytes = projection.width * FLOAT_BYTES;
    return {
      resolution,
      mapping: voxelMapping(resolution, alignCorners),
      start: productStarts[index]!,
      voxelBytes: productFloats * FLOAT_BYTES,
      tapBytes: bytes,
      bytes,
      pointOutputBytes: bytes,
      tapOutputBytes: 0,
      blendFirst: index === 0 ? blend : blendOnto,
      blendNext: blendOnto,
    };
  });
  const axes: Axes = [axisTaps(), axisTaps(), axisTaps()];

  return {
    levels: levels.map(({ resolution, channels }, index) => view(starts[index]!, resolution ** 3 * channels)),
    features: view(featureStart, chunkPoints * rowFloats),
    projections: projected.map(({ resolution }, index) =>
      view(productStarts[index]!, resolution ** 3 * productFloats),
    ),
    sums: view(sumStart, chunkPoints * projection.width),
    sample(pointsNormalized, first, count) {
      const points: PointRange = { pointsNormalized, first, count };
      let channelBytes = 0;
      for (const plan of featurePlans) {
        sampleLevel(plan, axes, offsetNormalized, points, featureStart + channelBytes);
        channelBytes += plan.bytes;
      }
      for (const plan of sumPlans) sampleLevel(plan, axes, offsetNormalized, points, sumStart);
    },
  };
}
