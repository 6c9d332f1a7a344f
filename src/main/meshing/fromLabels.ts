import { largestShell } from '#main/mesh/submesh.ts';
import type { MeasuredAppendage } from '#shared/contract/services/measured.ts';
import type { LabelMap, OstiumPlane } from '#shared/contract/values.ts';
import { throwIfCancelled, UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { voxelVolumeMm3 } from '#shared/geometry/gridLps.ts';
import { signedVolumeMm3, surfaceAreaMm2 } from '#shared/mesh/measures.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { labelComponents, largestPiece } from '#shared/volume/components.ts';
import { boxSize, copyBox, labelBox } from '#shared/volume/labelBox.ts';
import { triangulateNet } from '../surface/extraction/quadMesh.ts';
import { surfaceNets } from '../surface/extraction/surfaceNets.ts';
import { relaxOnLattice } from '../surface/extraction/zeroSet.ts';
import { keepAppendage } from '../surface/field/lumenComponent.ts';
import { makeWellComposed } from '../surface/field/wellComposed.ts';
import { labelLattice, roomyBox } from './labelLattice.ts';
import { measureDivided } from './measured.ts';
import { ROUNDED_EDGE } from './ownCap.ts';
import { cutAndMeasure } from './recut.ts';

const RELAXATION_ROUNDS = 6;
/** Where the surface's volume is not the labels' it is drawn again a little further in or out, so many times at most. */
const PASSES = 3;
const VOLUME_TOLERANCE = 0.003;
/** The distance between voxel centres rises by about so many mm for each mm at the labels' border. */
const STEEPNESS = 1.4;

/** A smooth closed surface round the largest piece of a label map. */
export interface LabelSurface {
  readonly closed: TriangleMesh;
  readonly droppedPieces: number;
  /** Volume of the pieces that were left out, mL. */
  readonly droppedMl: number;
}

/**
 * Draws the surface of a label map and measures it, cut at the plane where one is given.
 * @param isCut the scan cuts the appendage: volume, depth and area are withheld.
 * @throws UserError for an empty map and where the plane cannot cut it (see recutAppendage); CancelledError.
 */
export function appendageFromLabels(
  labels: LabelMap,
  plane: OstiumPlane | null,
  isCut: boolean,
  signal?: AbortSignal,
): MeasuredAppendage {
  const { closed, droppedPieces, droppedMl } = labelSurface(labels, signal);
  const warnings =
    droppedPieces > 0
      ? [failure('meshing.pieces-left-out', { pieces: droppedPieces, volumeMl: droppedMl })]
      : [];
  if (!plane) return measureDivided({ closed, ostium: null, droppedPieces, warnings }, isCut);
  const cut = cutAndMeasure(closed, plane, isCut, ROUNDED_EDGE, signal);
  return {
    ...cut,
    mesh: { ...cut.mesh, droppedPieces: cut.mesh.droppedPieces + droppedPieces },
    warnings: [...warnings, ...cut.warnings],
  };
}

/** The closed surface of a label map's largest piece, with the piece's volume. */
export function labelSurface({ grid, data }: LabelMap, signal?: AbortSignal): LabelSurface {
  const labelled = labelBox(data, grid.sizeIjk);
  if (!labelled) throw new UserError(failure('meshing.nothing-labelled'));
  const box = roomyBox(labelled, grid);
  const mask = copyBox(data, grid.sizeIjk, box);
  const { pieceOfVoxel, sizes } = labelComponents(mask, boxSize(box));
  const kept = largestPiece(sizes);
  let droppedVoxels = 0;
  if (sizes.length > 1) {
    for (let voxel = 0; voxel < mask.length; voxel++) {
      if (mask[voxel] === 0 || pieceOfVoxel[voxel] === kept + 1) continue;
      mask[voxel] = 0;
      droppedVoxels++;
    }
  }
  throwIfCancelled(signal);
  const lattice = labelLattice(mask, box, labelled, grid);
  throwIfCancelled(signal);
  let droppedPieces = sizes.length - 1;
  let thinMl = 0;
  const voxelsMm3 = mask.reduce((sum, value) => sum + value, 0) * voxelVolumeMm3(grid);
  for (let pass = 1; ; pass++) {
    const selection = keepAppendage(lattice);
    if (!selection.kept) {
      throw new UserError(failure('meshing.labels-too-thin'));
    }
    droppedPieces += selection.dropped.length;
    thinMl += selection.dropped.reduce((sum, piece) => sum + piece.volumeMl, 0);
    makeWellComposed(lattice, selection.kept.boxIjk);
    const net = surfaceNets(lattice, selection.kept.boxIjk);
    relaxOnLattice(lattice, net, RELAXATION_ROUNDS);
    throwIfCancelled(signal);
    const closed = largestShell(triangulateNet(lattice, net)).mesh;
    const excessMm3 = signedVolumeMm3(closed) - (voxelsMm3 - 1000 * thinMl);
    if (pass === PASSES || Math.abs(excessMm3) < VOLUME_TOLERANCE * voxelsMm3) {
      return {
        closed,
        droppedPieces,
        droppedMl: (droppedVoxels * voxelVolumeMm3(grid)) / 1000 + thinMl,
      };
    }
    const shiftMm = (STEEPNESS * excessMm3) / surfaceAreaMm2(closed);
    for (let corner = 0; corner < lattice.signedMm.length; corner++) lattice.signedMm[corner]! += shiftMm;
  }
}
