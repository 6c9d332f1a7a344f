import { cross, dot, subtract, type Vec3 } from './vec3.ts';

/**
 * A regular lattice of voxels in patient space (DICOM's LPS, millimetres: +x left, +y posterior, +z superior).
 *
 * The one mapping of the project: integer voxel index (i, j, k) is the *centre* of its voxel, and
 * `pointLps = originLpsMm + directions[0]·spacing[0]·i + directions[1]·spacing[1]·j + directions[2]·spacing[2]·k`.
 * A voxel covers index ± 0.5. Data on a grid is stored with i fastest: `index = i + nI·(j + nJ·k)`.
 */
export interface GridLps {
  /** Number of voxels along i, j, k. */
  readonly sizeIjk: Vec3;
  /** LPS position, in mm, of the centre of voxel (0, 0, 0). */
  readonly originLpsMm: Vec3;
  /** Distance between neighbouring voxel centres along i, j, k, in mm; positive. */
  readonly spacingMm: Vec3;
  /** Unit vectors in LPS along which i, j and k grow; mutually orthogonal, right- or left-handed. */
  readonly directions: readonly [Vec3, Vec3, Vec3];
}

export const LPS_AXES: GridLps['directions'] = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];

/** LPS point in mm of a (possibly fractional) voxel index. */
export function ijkToLps(grid: GridLps, voxelIjk: Vec3): Vec3 {
  const { originLpsMm: origin, spacingMm, directions } = grid;
  const a = directions[0];
  const b = directions[1];
  const c = directions[2];
  const i = voxelIjk[0] * spacingMm[0];
  const j = voxelIjk[1] * spacingMm[1];
  const k = voxelIjk[2] * spacingMm[2];
  return [
    origin[0] + (a[0] * i + b[0] * j + c[0] * k),
    origin[1] + (a[1] * i + b[1] * j + c[1] * k),
    origin[2] + (a[2] * i + b[2] * j + c[2] * k),
  ];
}

/** Fractional voxel index of an LPS point in mm; the inverse of {@link ijkToLps}. */
export function lpsToIjk(grid: GridLps, pointLpsMm: Vec3): Vec3 {
  const { originLpsMm: origin, spacingMm, directions } = grid;
  const a = directions[0];
  const b = directions[1];
  const c = directions[2];
  const x = pointLpsMm[0] - origin[0];
  const y = pointLpsMm[1] - origin[1];
  const z = pointLpsMm[2] - origin[2];
  return [
    (x * a[0] + y * a[1] + z * a[2]) / spacingMm[0],
    (x * b[0] + y * b[1] + z * b[2]) / spacingMm[1],
    (x * c[0] + y * c[1] + z * c[2]) / spacingMm[2],
  ];
}

export const voxelCount = (grid: GridLps): number => grid.sizeIjk[0] * grid.sizeIjk[1] * grid.sizeIjk[2];

/** Volume of one voxel in mm³. */
export const voxelVolumeMm3 = (grid: GridLps): number =>
  grid.spacingMm[0] * grid.spacingMm[1] * grid.spacingMm[2];

/** LPS centre, in mm, of the box that the grid's voxels fill. */
export function gridCentreLps(grid: GridLps): Vec3 {
  const [nI, nJ, nK] = grid.sizeIjk;
  return ijkToLps(grid, [(nI - 1) / 2, (nJ - 1) / 2, (nK - 1) / 2]);
}

/** Whether (i, j, k) form a right-handed frame. */
export const isRightHanded = (grid: GridLps): boolean =>
  dot(cross(grid.directions[0], grid.directions[1]), grid.directions[2]) > 0;

/**
 * The isotropic cube of `resolution`³ voxels with edge `edgeMm` round `centreLpsMm`, its axes along L, P and S.
 * Worked example: centre 0, edge 70, resolution 128 → spacing 0.546875, first voxel centre at −34.7265625.
 */
export function cubeGridLps(centreLpsMm: Vec3, edgeMm: number, resolution: number): GridLps {
  const spacing = edgeMm / resolution;
  const half = (edgeMm - spacing) / 2;
  return {
    sizeIjk: [resolution, resolution, resolution],
    originLpsMm: subtract(centreLpsMm, [half, half, half]),
    spacingMm: [spacing, spacing, spacing],
    directions: LPS_AXES,
  };
}
