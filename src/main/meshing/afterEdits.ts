import { submesh } from '#main/mesh/submesh.ts';
import { faceComponents } from '#main/mesh/topology.ts';
import { OSTIAL_ZONE_MM, ostialZone, wholeVoxelsMm } from '#shared/anatomy/ostialZone.ts';
import type { LumenSection } from '#shared/contract/report.ts';
import type { MeasuredAppendage } from '#shared/contract/services/measured.ts';
import type { LabelMap, OstiumPlane } from '#shared/contract/values.ts';
import { throwIfCancelled, UserError } from '#shared/errors.ts';
import { distinctFailures, type Failure, failure } from '#shared/failures/failure.ts';
import { ijkToLps } from '#shared/geometry/gridLps.ts';
import { dot, subtract, type Vec3 } from '#shared/geometry/vec3.ts';
import { boundingBoxLpsMm, signedVolumeMm3 } from '#shared/mesh/measures.ts';
import { type TriangleMesh, vertexCount } from '#shared/mesh/triangleMesh.ts';
import { labelBox } from '#shared/volume/labelBox.ts';
import { untangle } from '../mesh/untangle.ts';
import { continuedLumen } from './continuedLumen.ts';
import { planeAxes } from './cutSurface.ts';
import {
  type EditedSurface,
  editedBeyondOstium,
  editedSurface,
  whollyEditedSurface,
} from './editedSurface.ts';
import { SMOOTHING_MM } from './editField.ts';
import { appendageFromLabels } from './fromLabels.ts';
import { type KeptOstium, keptOstium } from './keptOstium.ts';
import { type LabelChange, labelChange } from './labelChange.ts';
import { lpsBox } from './labelLattice.ts';
import { measureDivided } from './measured.ts';
import { ROUNDED_EDGE } from './ownCap.ts';
import { cutAndMeasure, recutAppendage } from './recut.ts';

/** Where edits change more of the voxels than this share, the labels are another segmentation. */
const MOST_CHANGED = 0.5;
/** Edits over more than this share of the surface's box along each axis, and of its voxels, are all over it. */
const WIDE = 0.6;
const WIDESPREAD_SHARE = 0.02;
/** An edit at the rim may have moved it so far, mm, in so many of the sectors round the ostium. */
const GROWN_RIM_MM = 4;
const SECTORS = 12;
const MOST_SECTORS = 7;

/**
 * The surface after edits of its labels. It is new only near the edited voxels; everywhere else it keeps its vertices,
 * and where the edits do not reach the rim, the ostium and its numbers are the original's own. A pure function of its
 * arguments: the same labels always give the same surface, by whichever steps they came about.
 * @param original the surface that the edits started from; its inside are the labels before the edits.
 * @param isCut the scan cuts the appendage: volume, depth and area are withheld.
 * @throws UserError for an empty map and where the plane cannot cut it (see recutAppendage); CancelledError.
 */
export function appendageAfterEdits(
  original: MeasuredAppendage,
  labels: LabelMap,
  plane: OstiumPlane | null,
  isCut: boolean,
  signal?: AbortSignal,
): MeasuredAppendage {
  if (!labels.data.includes(1)) throw new UserError(failure('meshing.nothing-labelled'));
  const change = labelChange(original.closed, labels);
  throwIfCancelled(signal);
  if (!change) return unedited(original, plane, isCut, signal);
  if (change.share > MOST_CHANGED) {
    const drawn = appendageFromLabels(labels, plane, isCut, signal);
    return { ...drawn, warnings: [failure('meshing.drawn-from-voxels'), ...drawn.warnings] };
  }
  const { closed, wall, ostiumPlane } = original;
  const ownPlane = plane && ostiumPlane && samePlane(plane, ostiumPlane) ? plane : null;
  const isEverywhere = isWidespread(closed, change);
  const part = isEverywhere ? undefined : editedSurface(closed, change, signal);
  throwIfCancelled(signal);
  const allOver = (): MeasuredAppendage | null | undefined =>
    plane && editedAllOver(original, change, plane, isCut, signal);
  const beyond = part ? undefined : allOver();
  if (beyond) return beyond;
  let applied = part && largestPiece(part);
  if (applied && ownPlane && wall) {
    const kept = keptOstium({ closed, wall }, applied.piece);
    if (kept) return withKeptOstium(original, ownPlane, kept, applied, isCut);
  }
  const warnings: Failure[] = ownPlane ? [failure('meshing.rim-edited')] : [];
  const tube = ownPlane && wall ? continuedLumen(wall, ownPlane) : undefined;
  const tubePart = tube && part && editedSurface(tube, change, signal);
  throwIfCancelled(signal);
  if (tubePart) applied = largestPiece(tubePart);
  else if (tube || !applied) {
    const apart = part ? allOver() : undefined;
    if (apart) return apart;
    warnings.push(failure('meshing.drawn-anew'));
    const mesh = whollyEditedSurface(
      tube ?? closed,
      change,
      isEverywhere ? SMOOTHING_MM.everywhere : SMOOTHING_MM.local,
    );
    applied = largestPiece({ mesh, sourceVertex: new Int32Array(vertexCount(mesh)).fill(-1) });
    throwIfCancelled(signal);
  }
  const { piece, droppedPieces } = applied;
  warnings.push(...applied.warnings);
  if (!plane) return measureDivided({ closed: piece.mesh, ostium: null, droppedPieces, warnings }, isCut);
  const cut = cutAndMeasure(piece.mesh, plane, isCut, ROUNDED_EDGE, signal);
  return {
    ...cut,
    mesh: { ...cut.mesh, droppedPieces: cut.mesh.droppedPieces + droppedPieces },
    warnings: [...warnings, ...cut.warnings],
  };
}

/** Edits all over a surface, as smoothing it is, leave no part of it as it was. */
function isWidespread(surface: TriangleMesh, { grid, box, share }: LabelChange): boolean {
  const { low, high } = boundingBoxLpsMm(surface);
  const edits = lpsBox(box, grid);
  const covers = [0, 1, 2].every(
    (axis) => edits.high[axis]! - edits.low[axis]! > WIDE * (high[axis]! - low[axis]!),
  );
  return covers && share > WIDESPREAD_SHARE;
}

/**
 * Edits all over a surface that leave its ostium alone, as smoothing it does: the ostium, its rim and its numbers are those
 * that the edits near it give without the others.
 * @returns undefined where edits lie all round the ostium, or the two parts cannot be joined
 */
function editedAllOver(
  original: MeasuredAppendage,
  change: LabelChange,
  plane: OstiumPlane,
  isCut: boolean,
  signal: AbortSignal | undefined,
): MeasuredAppendage | undefined {
  const { grid } = change;
  const roomMm = wholeVoxelsMm(grid);
  const unchanged = unedited(original, plane, isCut, signal);
  const isNear = ostialZone(unchanged, roomMm, roomMm + GROWN_RIM_MM);
  if (!isNear) return undefined;
  const before = change.before.slice();
  const changed = change.changed.slice();
  const sectors = new Set<number>();
  const { u, v } = planeAxes(plane);
  const [nI, nJ] = grid.sizeIjk;
  for (let voxel = changed.indexOf(1); voxel >= 0; voxel = changed.indexOf(1, voxel + 1)) {
    const ijk: Vec3 = [voxel % nI, Math.floor(voxel / nI) % nJ, Math.floor(voxel / (nI * nJ))];
    const centre = ijkToLps(grid, ijk);
    if (!isNear(centre)) continue;
    before[voxel] = change.after[voxel]!;
    changed[voxel] = 0;
    const offset = subtract(centre, plane.pointLpsMm);
    sectors.add(
      Math.floor((SECTORS * (Math.atan2(dot(offset, v), dot(offset, u)) + Math.PI)) / (2 * Math.PI)),
    );
  }
  const box = labelBox(changed, grid.sizeIjk);
  if (!box || sectors.size > MOST_SECTORS) return undefined;
  const near =
    sectors.size > 0
      ? appendageAfterEdits(original, { grid, data: before }, plane, isCut, signal)
      : unchanged;
  const { closed, wall, ostiumPlane } = near;
  const staysNear = ostialZone(near, OSTIAL_ZONE_MM);
  if (!wall || !ostiumPlane || !staysNear) return undefined;
  const part = editedBeyondOstium(closed, { ...change, before, changed, box }, staysNear, signal);
  throwIfCancelled(signal);
  const applied = part && largestPiece(part);
  const kept = applied && keptOstium({ closed, wall }, applied.piece);
  return kept && withKeptOstium(near, ostiumPlane, kept, applied, isCut);
}

interface AppliedEdits {
  /** The piece that encloses the most. */
  readonly piece: EditedSurface;
  readonly droppedPieces: number;
  readonly warnings: readonly Failure[];
}

/** Takes the largest piece; cavities are filled. */
export function largestPiece({ mesh, sourceVertex }: EditedSurface): AppliedEdits {
  const { componentOfFace, count } = faceComponents(mesh);
  if (count <= 1) return { piece: { mesh, sourceVertex }, droppedPieces: 0, warnings: [] };
  const parts = Array.from({ length: count }, (_, component) =>
    submesh(mesh, (face) => componentOfFace[face] === component),
  );
  const volumes = parts.map((part) => signedVolumeMm3(part.mesh));
  const largest = volumes.indexOf(Math.max(...volumes));
  const others = volumes.filter((volume, component) => component !== largest && volume > 0);
  const volumeMl = others.reduce((sum, volume) => sum + volume, 0) / 1000;
  const part = parts[largest]!;
  return {
    piece: { mesh: part.mesh, sourceVertex: Int32Array.from(part.sourceVertex, (at) => sourceVertex[at]!) },
    droppedPieces: others.length,
    warnings:
      others.length > 0 ? [failure('meshing.pieces-left-out', { pieces: others.length, volumeMl })] : [],
  };
}

function unedited(
  original: MeasuredAppendage,
  plane: OstiumPlane | null,
  isCut: boolean,
  signal: AbortSignal | undefined,
): MeasuredAppendage {
  if (!plane || (original.ostiumPlane && samePlane(plane, original.ostiumPlane))) return original;
  return recutAppendage(original.closed, plane, isCut, signal);
}

const samePlane = (a: OstiumPlane, b: OstiumPlane): boolean =>
  a.pointLpsMm.every((value, axis) => value === b.pointLpsMm[axis]) &&
  a.normal.every((value, axis) => value === b.normal[axis]);

function withKeptOstium(
  original: MeasuredAppendage,
  plane: OstiumPlane,
  { closed, wall, kept, isCapRestored }: KeptOstium,
  { droppedPieces, warnings }: AppliedEdits,
  isCut: boolean,
): MeasuredAppendage {
  const rim = original.rimLpsMm ?? new Float32Array();
  const rimLpsMm = Array.from(
    { length: rim.length / 3 },
    (_, at): Vec3 => [rim[3 * at]!, rim[3 * at + 1]!, rim[3 * at + 2]!],
  );
  const measured = (positionsLpsMm: Float32Array): MeasuredAppendage =>
    measureDivided(
      {
        closed: { ...closed, positionsLpsMm },
        ostium: {
          wall: { ...wall, positionsLpsMm: positionsLpsMm.subarray(0, wall.positionsLpsMm.length) },
          rimLpsMm,
          plane,
        },
        droppedPieces,
        warnings,
      },
      isCut,
    );
  let result = measured(closed.positionsLpsMm);
  if (result.mesh.selfIntersections > original.mesh.selfIntersections) {
    const smoother = untangle(closed, { fixed: kept }).mesh.positionsLpsMm.slice();
    kept.forEach((isKept, vertex) => {
      if (isKept === 1) smoother.set(closed.positionsLpsMm.subarray(3 * vertex, 3 * vertex + 3), 3 * vertex);
    });
    result = measured(smoother);
  }
  const { measurements } = original;
  const ofOriginal = (name: string): boolean => OSTIUM_SIZES.has(name);
  const withheld = {
    ...Object.fromEntries(Object.entries(result.measurements.withheld).filter(([name]) => !ofOriginal(name))),
    ...Object.fromEntries(Object.entries(measurements.withheld).filter(([name]) => ofOriginal(name))),
  };
  return {
    ...result,
    measurements: { ...result.measurements, ostium: measurements.ostium, withheld },
    warnings: distinctFailures([
      ...original.warnings.filter((warning) => !isMeasuredAgain(warning)),
      ...(isCapRestored ? [failure('meshing.edit-at-ostium')] : []),
      ...result.warnings,
    ]),
  };
}

/** The ostium's numbers that can be withheld. */
const OSTIUM_SIZES: ReadonlySet<string> = new Set<keyof LumenSection>([
  'perimeterMm',
  'areaDerivedDiameterMm',
  'perimeterDerivedDiameterMm',
]);

/** What else was said of the original, as how its ostium was found, still holds. */
const isMeasuredAgain = ({ code }: Failure): boolean =>
  code.startsWith('measure.') || code === 'meshing.volume-unusual';
