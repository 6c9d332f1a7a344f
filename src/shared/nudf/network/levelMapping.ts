/**
 * Where a level's voxels lie in normalised coordinates: the place x is voxel scale·x + shift, along x, y and z; voxel 0 is
 * the first one's centre.
 */
export interface LevelMapping {
  readonly scale: readonly [number, number, number];
  readonly shift: readonly [number, number, number];
}

/**
 * A level that fills the cube [−1, 1]³: its voxels' outer faces at ±1, or, with the corners aligned, its outermost
 * voxels' centres (PyTorch's align_corners).
 *
 * Worked example: 4 voxels have their centres at −0.75, −0.25, 0.25 and 0.75, so 0.25 is voxel 2·0.25 + 1.5 = 2. With the
 * corners aligned they are at −1, −1/3, 1/3 and 1, so 1 is voxel 1.5·1 + 1.5 = 3.
 * @param shape [batch, depth, height, width, …]
 * @param firstVoxel for a level that is a part of the whole: its first voxel, x, y, z
 * @param wholeSize the whole's voxels along each edge, where `shape` is only a part of it
 */
export function voxelMapping(
  shape: readonly number[],
  alignCorners = false,
  firstVoxel: readonly [number, number, number] = [0, 0, 0],
  wholeSize?: number,
): LevelMapping {
  const [, depth, height, width] = shape as [number, number, number, number];
  const sizes = [wholeSize ?? width, wholeSize ?? height, wholeSize ?? depth] as const;
  const scaleOf = (size: number): number => (alignCorners ? size - 1 : size) / 2;
  return {
    scale: [scaleOf(sizes[0]), scaleOf(sizes[1]), scaleOf(sizes[2])],
    shift: [
      (sizes[0] - 1) / 2 - firstVoxel[0],
      (sizes[1] - 1) / 2 - firstVoxel[1],
      (sizes[2] - 1) / 2 - firstVoxel[2],
    ],
  };
}
