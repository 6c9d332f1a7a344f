import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import { denseCloud } from '../reconstruction/denseCloud.ts';
import { MIN_COVERED_SHARE, reconstructSurface } from '../reconstruction/reconstructSurface.ts';
import type { CropFrame } from '../surface/cropFrame.ts';
import type { ExtractedAppendage, NoAppendage } from '../surface/extraction/extractAppendage.ts';
import type { FieldFunction } from '../surface/field/fieldFunction.ts';
import { endedSmoothly } from '../surface/openSurface/endedAlongZero.ts';
import { appendageOfSheets } from '../surface/openSurface/extractOpenAppendage.ts';

/** Enough for two within 0.35 mm of any place of an appendage's wall; a tenth of what the paper takes. */
const POINTS = 100_000;
const BATCH_POINTS = 20_000;

/** Points of a cloud, normalised, in LPS mm. */
export const cloudInLpsMm = (pointsNormalized: Float32Array, frame: CropFrame): Float32Array =>
  pointsNormalized.map(
    (value, index) => frame.centreLpsMm[(index % 3) as 0 | 1 | 2] + (value * frame.edgeMm) / 2,
  );

/**
 * The appendage by the NUDF paper's meshing: a dense cloud on the open wall, Poisson-disk resampling, screened Poisson
 * reconstruction, unsupported faces removed, the edge evened out. The surface is open; its rim is the ostium.
 * @throws UserError where the reconstruction does not follow its cloud
 * @throws CancelledError when the signal fires
 */
export async function extractByPoisson(
  field: FieldFunction,
  frame: CropFrame,
  { resolution }: { readonly resolution: number },
  signal?: AbortSignal,
  onProgress?: (fraction: number) => void,
): Promise<ExtractedAppendage | NoAppendage> {
  let evaluated = 0;
  const unitMm = frame.edgeMm / 2;
  const cloud = await denseCloud(
    async (points) => {
      evaluated += points.length / 3;
      const { unsignedMm } = await field(points, signal);
      return unsignedMm.map((mm) => Math.abs(mm) / unitMm);
    },
    {
      points: POINTS,
      batchPoints: BATCH_POINTS,
      onProgress: ({ fraction }) => onProgress?.(0.6 * fraction),
      ...withoutUndefined({ signal }),
    },
  );
  const surface = reconstructSurface(cloudInLpsMm(cloud, frame), withoutUndefined({ signal }));
  if (surface === undefined) {
    return { found: false, reason: 'no-appendage', evaluatedPoints: { perLevel: [], total: evaluated } };
  }
  if (surface.coveredShare < MIN_COVERED_SHARE) {
    const percent = Math.floor(100 * surface.coveredShare);
    throw new UserError(failure('prediction.cloud-not-followed', { percent }));
  }
  onProgress?.(0.9);
  const making = { cellMm: frame.edgeMm / resolution, perLevel: [], vertices: evaluated };
  // Nothing can be measured to an edge that runs from face to face.
  const wall = endedSmoothly(surface.closed, surface.supported);
  const found = await appendageOfSheets(wall, field, frame, making, signal);
  onProgress?.(1);
  return found;
}
