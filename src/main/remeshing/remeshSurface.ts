import { setImmediate } from 'node:timers/promises';
import { throwIfCancelled } from '#shared/errors.ts';
import { faceAreasMm2, signedVolumeMm3 } from '#shared/mesh/measures.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import type { JobOptions } from '#shared/progress.ts';
import type { PatchedMesh } from '../mesh/patchedMesh.ts';
import { compactMesh, type EditableMesh, editableMesh } from './editableMesh.ts';
import {
  collapseShortEdges,
  evenValences,
  moveVertex,
  placeOf,
  relaxVertices,
  splitLongEdges,
} from './isotropicSteps.ts';
import { raiseSmallAngles } from './raiseAngles.ts';
import { type ReferenceSurface, raisedSurface, referenceSurface } from './referenceSurface.ts';

const ROUNDS = 10;
/** Collapses a round: where edges are to become much longer, one pass merges only pairs. */
const COLLAPSE_PASSES = 8;
const ANGLE_ROUNDS = 6;
const VOLUME_ROUNDS = 3;

export interface RemeshOptions {
  /** Mean length of the edges, mm. */
  readonly edgeMm: number;
  /** The patches that are moved outward for the volume; the others stay on their surface. */
  readonly curved: ReadonlySet<number>;
  /** For some patches another surface to follow than the source's own faces. */
  readonly shapes?: ReadonlyMap<number, TriangleMesh>;
}

/** The mean of the edges that the steps end with, as a share of the length that they are given. */
const MEAN_SHARE = 1.045;

/**
 * A closed surface with triangles as equilateral as can be, its vertices on the given one or, where chords cut a curved
 * surface short, a little outside of it, so that the volume stays. Patches and the lines between them are kept.
 * Deterministic.
 */
export async function remeshSurface(
  source: PatchedMesh,
  options: RemeshOptions,
  { signal, onProgress }: JobOptions = {},
): Promise<PatchedMesh> {
  const { curved } = options;
  const edgeMm = options.edgeMm / MEAN_SHARE;
  const reference = referenceSurface(source, options.shapes);
  const mesh = editableMesh(source);
  const steps = ROUNDS + VOLUME_ROUNDS;
  const pause = async (done: number): Promise<void> => {
    onProgress?.({ stage: 'Remeshing', fraction: done / steps });
    // Waits once, so that a cancellation can arrive.
    await setImmediate();
    throwIfCancelled(signal);
  };
  for (let round = 0; round < ROUNDS; round++) {
    await pause(round);
    splitLongEdges(mesh, edgeMm);
    for (let pass = 0; pass < COLLAPSE_PASSES; pass++) {
      if (collapseShortEdges(mesh, edgeMm, reference) === 0) break;
    }
    evenValences(mesh);
    relaxVertices(mesh, reference);
  }
  const volumeMm3 = signedVolumeMm3(source.mesh);
  let raisedMm = 0;
  for (let round = 0; round < VOLUME_ROUNDS; round++) {
    await pause(ROUNDS + round);
    raisedMm += missingHeightMm(mesh, volumeMm3, curved);
    const raised = raisedSurface(reference, curved, raisedMm);
    putOnSurface(mesh, raised);
    raiseSmallAngles(mesh, raised, edgeMm, ANGLE_ROUNDS);
  }
  onProgress?.({ stage: 'Remeshing', fraction: 1 });
  return compactMesh(mesh);
}

/** How far the curved patches must move outward to enclose a volume. */
function missingHeightMm(mesh: EditableMesh, volumeMm3: number, curved: ReadonlySet<number>): number {
  const now = compactMesh(mesh);
  const area = faceAreasMm2(now.mesh).reduce(
    (sum, value, face) => sum + (curved.has(now.patchOfFace[face]!) ? value : 0),
    0,
  );
  return area > 0 ? (volumeMm3 - signedVolumeMm3(now.mesh)) / area : 0;
}

function putOnSurface(mesh: EditableMesh, reference: ReferenceSurface): void {
  const { positions: p, facesAt } = mesh;
  for (let vertex = 0; vertex < facesAt.length; vertex++) {
    if (facesAt[vertex]!.length === 0) continue;
    const own = p.slice(3 * vertex, 3 * vertex + 3);
    moveVertex(mesh, vertex, placeOf(mesh, vertex, own, reference));
  }
}
