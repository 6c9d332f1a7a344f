import { UserError } from '#shared/errors.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import type { JobOptions } from '#shared/progress.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import type { OpenNetworks } from '../pipeline/networks.ts';
import { cloudInLpsMm } from '../pipeline/poissonMesher.ts';
import { denseCloud } from '../reconstruction/denseCloud.ts';
import type { SeriesOptions } from '../studies/loadSeries.ts';
import type { CropFrame } from '../surface/cropFrame.ts';
import { encodeCase, type PredictionSource } from './predictionSource.ts';

export interface PredictOptions extends JobOptions, SeriesOptions {
  /** Points moved at a time. */
  readonly batchPoints: number;
  /** Points of the cloud. */
  readonly points: number;
  readonly seed: number;
}

export interface PredictedCloud {
  readonly name: string;
  readonly frame: CropFrame;
  /** False where the case does not say where its cube lies: LPS coordinates are then from the cube's middle. */
  readonly isPlaceKnown: boolean;
  /** Of the scan's series. */
  readonly warnings: readonly Failure[];
  /** 3·N */
  readonly pointsNormalized: Float32Array;
  readonly pointsLpsMm: Float32Array;
  readonly evaluatedPoints: number;
  readonly seconds: { readonly encode: number; readonly cloud: number };
}

/** The encoder's part of the progress. */
const ENCODE_SHARE = 0.1;

/**
 * The dense cloud of one case.
 * @throws UserError where the field vanishes nowhere, or the case cannot be read; CancelledError
 */
export async function predictCloud(
  source: PredictionSource,
  networks: OpenNetworks,
  { batchPoints, points, seed, resampleUneven, signal, onProgress }: PredictOptions,
): Promise<PredictedCloud> {
  const began = performance.now();
  const encoded = await encodeCase(source, networks, {
    ...withoutUndefined({ signal, resampleUneven }),
    onProgress: ({ fraction }) =>
      onProgress?.({ stage: 'Reading the case', fraction: ENCODE_SHARE * fraction }),
  });
  const between = performance.now();
  const { crop, frame } = encoded;
  let evaluatedPoints = 0;
  try {
    const unitMm = frame.edgeMm / 2;
    const pointsNormalized = await denseCloud(
      async (asked) => {
        evaluatedPoints += asked.length / 3;
        const { unsignedMm } = await crop.evaluate(asked, signal);
        return unsignedMm.map((mm) => Math.abs(mm) / unitMm);
      },
      {
        batchPoints,
        points,
        seed,
        onProgress: ({ stage, fraction }) =>
          onProgress?.({ stage, fraction: ENCODE_SHARE + (1 - ENCODE_SHARE) * fraction }),
        ...withoutUndefined({ signal }),
      },
    );
    if (pointsNormalized.length === 0) {
      throw new UserError(failure('prediction.empty-cloud', { name: source.name }));
    }
    return {
      name: source.name,
      frame,
      isPlaceKnown: encoded.isPlaceKnown,
      warnings: encoded.warnings,
      pointsNormalized,
      pointsLpsMm: cloudInLpsMm(pointsNormalized, frame),
      evaluatedPoints,
      seconds: { encode: (between - began) / 1000, cloud: (performance.now() - between) / 1000 },
    };
  } finally {
    crop.free();
  }
}
