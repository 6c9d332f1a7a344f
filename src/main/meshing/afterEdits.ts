import { submesh } from '#main/mesh/submesh.ts';
import { faceComponents } from '#main/mesh/topology.ts';
import type { LumenSection } from '#shared/contract/report.ts';
import type { MeasuredAppendage } from '#shared/contract/services/measured.ts';
import type { LabelMap, OstiumPlane } from '#shared/contract/values.ts';
import { throwIfCancelled, UserError } from '#shared/errors.ts';
import { distinctFailures, type Failure, failure } from '#shared/failures/failure.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import { boundingBoxLpsMm, signedVolumeMm3 } from '#shared/mesh/measures.ts';
import { type TriangleMesh, vertexCount } from '#shared/mesh/triangleMesh.ts';
import { untangle } from '../mesh/untangle.ts';
import { continuedLumen } from './continuedLumen.ts';
import { type EditedSurface, editedSurface, whollyEditedSurface } from './editedSurface.ts';
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
