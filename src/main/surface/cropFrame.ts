import { cubeGridLps, type GridLps } from '#shared/geometry/gridLps.ts';
import { addScaled, scale, subtract, type Vec3 } from '#shared/geometry/vec3.ts';

/**
 * The cube that the field network sees, and its normalised coordinates: [−1, 1]³ spans the cube's faces, so that
 * one unit is half an edge (35 mm for the appendage's 70 mm cube) and voxel v of n has its centre at (2v + 1)/n − 1.
 * Axes are LPS: normalised x grows to the left, y posterior, z superior.
 */
export interface CropFrame {
  readonly centreLpsMm: Vec3;
  /** Edge of the cube in mm. */
  readonly edgeMm: number;
}

/** The edge of the appendage's cube, in mm (Sørensen et al. 2022). */
export const APPENDAGE_CUBE_EDGE_MM = 70;

/** A point in the cube's normalised coordinates; outside [−1, 1]³ where it lies outside the cube. */
export const lpsToNormalized = (frame: CropFrame, pointLpsMm: Vec3): Vec3 =>
  scale(subtract(pointLpsMm, frame.centreLpsMm), 2 / frame.edgeMm);

/** The inverse of {@link lpsToNormalized}, LPS mm. */
export const normalizedToLps = (frame: CropFrame, pointNormalized: Vec3): Vec3 =>
  addScaled(frame.centreLpsMm, pointNormalized, frame.edgeMm / 2);

/** The voxel grid of `resolution`³ that fills the cube. */
export const cropGrid = (frame: CropFrame, resolution: number): GridLps =>
  cubeGridLps(frame.centreLpsMm, frame.edgeMm, resolution);
