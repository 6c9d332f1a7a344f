import { middleOf } from '#shared/annotations/shapes.ts';
import type { Annotation, HuStatistics } from '#shared/contract/annotations.ts';
import { LPS_AXES } from '#shared/geometry/gridLps.ts';
import { lettersAndPosition } from '#shared/geometry/orientationLetters.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';

const PARALLEL = 1 - 5e-7;

/** The patient's own planes by the axis of their normals. */
const STRAIGHT_PLANES = ['Sagittal', 'Coronal', 'Axial'] as const;

const letters = (axis: 0 | 1 | 2, valueMm: number): string => lettersAndPosition(LPS_AXES[axis], valueMm);

const pointInWords = (point: Vec3): string =>
  ([0, 1, 2] as const).map((axis) => letters(axis, point[axis])).join(', ');

/** "Axial plane, S 23.5 mm"; an oblique plane by the middle of what is drawn and its normal. */
export function placeInWords({ plane, shape }: Pick<Annotation, 'plane' | 'shape'>): string {
  const { pointLpsMm, normal } = plane;
  const axis = ([0, 1, 2] as const).find((at) => Math.abs(normal[at]) > PARALLEL);
  if (axis !== undefined) return `${STRAIGHT_PLANES[axis]} plane, ${letters(axis, pointLpsMm[axis])} mm`;
  return `Oblique plane through ${pointInWords(middleOf(shape))} mm, normal (LPS) ${normal.map((value) => value.toFixed(2)).join(', ')}`;
}

/** What a region's attenuation was computed from. */
export const samplingInWords = ({ sampling, samples }: Pick<HuStatistics, 'sampling' | 'samples'>): string =>
  sampling === 'voxels'
    ? `${samples} ${samples === 1 ? 'voxel whose centre lies' : 'voxels whose centres lie'} within`
    : `${samples} trilinear samples within, half of the smallest voxel distance apart`;
