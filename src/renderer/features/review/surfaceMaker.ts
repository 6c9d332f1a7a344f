import type { AuricleClient } from '#shared/contract/auricle.ts';
import type { MeasuredAppendage } from '#shared/contract/services/measured.ts';
import type { FoundSurroundings } from '#shared/contract/services/segmentation.ts';
import type { LabelMap, OstiumPlane } from '#shared/contract/values.ts';
import { failureOf } from '#shared/errors.ts';
import type { Failure } from '#shared/failures/failure.ts';
import type { GridLps } from '#shared/geometry/gridLps.ts';
import { createLatestWins } from '../../jobs/latestWins.ts';
import { meshWithOwnBuffers } from '../../jobs/ownBuffer.ts';
import { withholdCutOstium } from './ostiumInScan.ts';

/** What a surface is made from. */
export interface SurfaceRequest {
  /** The labels after edits of `original`, or null: `surface` is cut again as it is. */
  readonly labels: LabelMap | null;
  readonly original: MeasuredAppendage;
  readonly surface: Pick<MeasuredAppendage, 'closed' | 'wall' | 'ostiumPlane'>;
  /** What goes on beyond its own end; null where nobody knows. */
  readonly atrium: FoundSurroundings['atrium'];
  readonly plane: OstiumPlane | null;
  readonly isCut: boolean;
  /** The scan's grid: an ostium that it cuts is not measured. */
  readonly scanGrid: GridLps;
  readonly onSurface: (appendage: MeasuredAppendage) => void;
  readonly onProblem: (why: Failure) => void;
}

export interface SurfaceMaker {
  request(request: SurfaceRequest): void;
  clear(): void;
  idle(): Promise<void>;
}

/**
 * Makes the surface after a change: one call at a time, and of those that wait only the newest. A request without
 * labels and without a plane is a bug.
 */
export function createSurfaceMaker(client: Pick<AuricleClient, 'meshing'>): SurfaceMaker {
  const queue = createLatestWins<SurfaceRequest>(async (request) => {
    const { labels, original, surface, atrium, plane, isCut, scanGrid } = request;
    const show = (made: MeasuredAppendage): void => request.onSurface(withholdCutOstium(made, scanGrid));
    try {
      if (labels) show(await client.meshing.afterEdits({ original, labels, plane, atrium, isCut }));
      else if (plane) {
        const closed = meshWithOwnBuffers(surface.closed);
        const wall = surface.wall && meshWithOwnBuffers(surface.wall);
        const { ostiumPlane } = surface;
        show(await client.meshing.recut({ closed, wall, ostiumPlane, plane, atrium, isCut }));
      } else throw new Error('There is no plane to cut the surface at.');
    } catch (thrown) {
      request.onProblem(failureOf(thrown));
    }
  });
  return { request: (request) => queue.submit(request), clear: queue.clear, idle: queue.idle };
}
