import type { LabelMap } from '#shared/contract/values.ts';
import { isFailedWith, UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { labelComponents } from '#shared/volume/components.ts';
import { labelSurface } from './fromLabels.ts';

export interface LabelSurfaces {
  /** The closed surfaces of all pieces that were drawn, as one mesh. */
  readonly mesh: TriangleMesh;
  /** Pieces that are too thin for a surface, or beyond the largest ones. */
  readonly piecesLeftOut: number;
}

/** Further pieces are specks. */
const MOST_PIECES = 8;

/**
 * The surfaces of all pieces of a label map, for looking at what another program drew.
 * @throws UserError where the map is empty or all of it is too thin; CancelledError
 */
export function labelSurfaces({ grid, data }: LabelMap, signal?: AbortSignal): LabelSurfaces {
  const { pieceOfVoxel, sizes } = labelComponents(data, grid.sizeIjk);
  if (sizes.length === 0) throw new UserError(failure('meshing.nothing-labelled'));
  const largest = [...sizes.keys()].sort((a, b) => (sizes[b] ?? 0) - (sizes[a] ?? 0)).slice(0, MOST_PIECES);
  const meshes = largest.flatMap((piece) => {
    const alone = data.map((_, voxel) => (pieceOfVoxel[voxel] === piece + 1 ? 1 : 0));
    try {
      return [labelSurface({ grid, data: alone }, signal).closed];
    } catch (thrown) {
      if (isFailedWith(thrown, 'meshing.labels-too-thin')) return [];
      throw thrown;
    }
  });
  if (meshes.length === 0) throw new UserError(failure('meshing.labels-too-thin'));
  return { mesh: joined(meshes), piecesLeftOut: sizes.length - meshes.length };
}

function joined(meshes: readonly TriangleMesh[]): TriangleMesh {
  const positionsLpsMm = new Float32Array(meshes.reduce((sum, mesh) => sum + mesh.positionsLpsMm.length, 0));
  const triangles = new Uint32Array(meshes.reduce((sum, mesh) => sum + mesh.triangles.length, 0));
  let [position, corner] = [0, 0];
  for (const mesh of meshes) {
    positionsLpsMm.set(mesh.positionsLpsMm, position);
    triangles.set(
      mesh.triangles.map((vertex) => vertex + position / 3),
      corner,
    );
    position += mesh.positionsLpsMm.length;
    corner += mesh.triangles.length;
  }
  return { positionsLpsMm, triangles };
}
