import type { Vec3 } from '#shared/geometry/vec3.ts';
import type { CtAcquisition } from './scene.ts';

/** Samples are at most this far apart: in the plane of the voxels, and across it. */
const FINEST_IN_PLANE_MM = 1.2;
const FINEST_ACROSS_MM = 0.8;
/** Standard deviation of a Gaussian of full width at half maximum 1. */
export const SD_PER_FWHM = 1 / Math.sqrt(8 * Math.log(2));
const REACH_SD = 3;

/**
 * A one-dimensional kernel from the fine lattice of samples to voxels: voxel i is the sum of weights[n] times the
 * sample i·substeps + first + n. Sample F lies at (F + ½)/substeps − ½ in voxel indices.
 */
export interface AxisKernel {
  readonly substeps: number;
  readonly first: number;
  readonly weights: Float32Array;
}

/** How the scene is sampled for a lattice of voxels, and how samples and noise are smoothed, along i, j, k. */
export interface CtKernels {
  readonly image: readonly [AxisKernel, AxisKernel, AxisKernel];
  readonly noise: readonly [AxisKernel, AxisKernel, AxisKernel];
  /** What smoothed white noise must be multiplied with to have the wanted SD. */
  readonly noiseGain: number;
  /** The widest distance between samples, the edge with which tissues are painted, mm. */
  readonly edgeMm: number;
}

export function ctKernels(acquisition: CtAcquisition, spacingMm: Vec3): CtKernels {
  const { psfInPlaneSdMm, sliceThicknessMm, noiseCorrelationInPlaneMm, noiseCorrelationThroughPlaneMm } =
    acquisition;
  const inPlane = (spacing: number): AxisKernel => {
    const substeps = Math.max(1, Math.ceil(spacing / FINEST_IN_PLANE_MM - 1e-6));
    // Voxels that are coarser than any scanner's average over their own width.
    const own = substeps > 1 ? spacing / Math.sqrt(12) : 0;
    return gaussianKernel(Math.hypot(psfInPlaneSdMm, own), spacing, substeps);
  };
  const across = gaussianKernel(
    sliceThicknessMm * SD_PER_FWHM,
    spacingMm[2],
    Math.max(1, Math.ceil(spacingMm[2] / FINEST_ACROSS_MM - 1e-6)),
  );
  const image = [inPlane(spacingMm[0]), inPlane(spacingMm[1]), across] as const;
  const noise = [
    gaussianKernel(noiseCorrelationInPlaneMm, spacingMm[0], 1),
    gaussianKernel(noiseCorrelationInPlaneMm, spacingMm[1], 1),
    gaussianKernel(noiseCorrelationThroughPlaneMm, spacingMm[2], 1),
  ] as const;
  const energy = noise.reduce(
    (product, { weights }) => product * weights.reduce((sum, w) => sum + w * w, 0),
    1,
  );
  return {
    image,
    noise,
    noiseGain: acquisition.noiseSdHu / Math.sqrt(energy),
    edgeMm: Math.max(...image.map(({ substeps }, axis) => spacingMm[axis]! / substeps)),
  };
}

/** A Gaussian of the given SD sampled on the fine lattice, of sum 1; never narrower than the voxel's own samples. */
function gaussianKernel(sdMm: number, spacingMm: number, substeps: number): AxisKernel {
  const fine = spacingMm / substeps;
  const reach = Math.max(REACH_SD * sdMm, 0) / fine;
  // Samples lie at (n + ½ − substeps/2)·fine from the voxel's centre, n = 0 … substeps − 1 being its own.
  const extra = Math.max(0, Math.floor(reach - (substeps - 1) / 2 + 1e-6));
  const first = -extra;
  const weights = new Float32Array(substeps + 2 * extra);
  let sum = 0;
  for (let n = 0; n < weights.length; n++) {
    const offsetMm = (n + first + 0.5 - substeps / 2) * fine;
    weights[n] =
      sdMm > 0.05 * fine
        ? Math.exp(-0.5 * (offsetMm / sdMm) ** 2)
        : n >= extra && n < extra + substeps
          ? 1
          : 0;
    sum += weights[n]!;
  }
  // A scanner much finer than the samples: all of them alike.
  if (sum < 1e-12) return { substeps, first: 0, weights: new Float32Array(substeps).fill(1 / substeps) };
  return { substeps, first, weights: weights.map((w) => w / sum) };
}

/** The fine samples [from, to) that voxels [from, to) need. */
export function fineRange(kernel: AxisKernel, from: number, to: number): [number, number] {
  return [
    from * kernel.substeps + kernel.first,
    (to - 1) * kernel.substeps + kernel.first + kernel.weights.length,
  ];
}
