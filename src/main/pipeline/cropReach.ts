import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { type GridLps, lpsToIjk } from '#shared/geometry/gridLps.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import { APPENDAGE_CUBE_EDGE_MM, type CropFrame } from '../surface/cropFrame.ts';

/** The cube follows what is found in it; a crop leaves it this much room to each side, mm. */
const ROOM_MM = 20;

/** How far, at the least, a crop reaches from the centre of its region to each side, where the scan does: mm. */
const cropReachMm = (edgeMm: number): number => Math.max(APPENDAGE_CUBE_EDGE_MM, edgeMm) / 2 + ROOM_MM;

const AXES = [0, 1, 2] as const;

/** The eight corners of a cube, LPS mm. */
const cornersLpsMm = ({ centreLpsMm: [x, y, z], edgeMm }: CropFrame): Vec3[] => {
  const half = edgeMm / 2;
  return [-half, half].flatMap((dx) =>
    [-half, half].flatMap((dy) => [-half, half].map((dz): Vec3 => [x + dx, y + dy, z + dz])),
  );
};

/**
 * Distinguishes the edge of a crop from the edge of the scan that it was cut out of. A face of the crop that is nearer to the
 * region's centre than {@link cropReachMm} is the scan's own edge: beyond it there is nothing to see, as for the whole
 * scan. Beyond any other face the scan may go on, and a cube that needs what lies there must not be read.
 * @returns the check of one cube; it throws a UserError where the crop does not hold what the cube needs
 */
export function cropReach(crop: GridLps, region: CropFrame): (cube: CropFrame) => void {
  const centre = lpsToIjk(crop, region.centreLpsMm);
  const reachMm = cropReachMm(region.edgeMm);
  const sides = AXES.map((axis) => {
    const last = crop.sizeIjk[axis] - 1;
    // Two voxels of tolerance: the crop may have been measured to voxel centres or to faces, and rounded.
    const isScanEdge = (distanceVoxels: number): boolean =>
      (distanceVoxels + 2) * crop.spacingMm[axis] < reachMm;
    return {
      lowest: isScanEdge(centre[axis]) ? Number.NEGATIVE_INFINITY : 0,
      highest: isScanEdge(last - centre[axis]) ? Number.POSITIVE_INFINITY : last,
    };
  });
  return (cube) => {
    const isHeld = cornersLpsMm(cube).every((corner) => {
      const ijk = lpsToIjk(crop, corner);
      return AXES.every((axis) => ijk[axis] >= sides[axis]!.lowest && ijk[axis] <= sides[axis]!.highest);
    });
    if (isHeld) return;
    throw new UserError(failure('pipeline.outside-box'));
  };
}
