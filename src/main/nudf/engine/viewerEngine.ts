import { CancelledError, UserError } from '#shared/errors.ts';
import { type DistanceSpec, isUnsignedNetwork } from '#shared/nudf/engine/distanceSpec.ts';
import { DeviceFailure } from '#shared/nudf/engine/fallbackEngine.ts';
import type { FieldEngine, RegionEngine } from '#shared/nudf/engine/fieldEngine.ts';
import { assertBlock, countPoints } from '#shared/nudf/engine/normalizeHu.ts';
import { sentWeights, type ViewerNetworks } from '#shared/nudf/engine/viewerTasks.ts';
import { type FieldSamples, joinSamples } from '#shared/nudf/fieldSamples.ts';
import type { RegionNetworkSpec } from '#shared/nudf/network/networkSpec.ts';
import type { WeightMap } from '#shared/nudf/network/weightLayout.ts';

/**
 * The networks on the graphics processor of the machine that shows the page: each call goes to the page's worker. What
 * goes wrong there, whatever it is, is a {@link DeviceFailure}: the same work may succeed on another engine. Blocks and
 * points are copied before they are sent, because that engine then needs them again.
 */

/** Points that travel together: 400 kB there and 260 kB back, which take longer to compute than to send. */
const SENT_POINTS = 32_768;

/** @param device the graphics processor in words, for the report */
export async function createViewerFieldEngine(
  viewer: ViewerNetworks,
  device: string,
  spec: DistanceSpec,
  weights: WeightMap,
): Promise<FieldEngine> {
  const landmarks = spec.kind === 'nudf-dual' ? (spec.landmarks?.length ?? 0) : 0;
  const network = await onViewer(viewer.openField({ spec, weights: sentWeights(weights) }));
  return {
    id: 'viewer',
    device,
    isUnsigned: isUnsignedNetwork(spec),
    async encode(cropHu, signal) {
      assertBlock(cropHu, spec.resolution);
      const crop = await onViewer(viewer.encode({ network, cropHu: cropHu.slice() }, job(signal)), signal);
      return {
        async evaluate(pointsNormalized, evaluateSignal) {
          const total = countPoints(pointsNormalized);
          const parts: FieldSamples[] = [];
          for (let first = 0; first < total; first += SENT_POINTS) {
            const points = pointsNormalized.slice(3 * first, 3 * (first + SENT_POINTS));
            const part = await onViewer(
              viewer.evaluate({ crop, pointsNormalized: points }, job(evaluateSignal)),
              evaluateSignal,
            );
            assertCount(part.signedMm, points.length / 3);
            assertCount(part.unsignedMm, points.length / 3);
            assertCount(part.toLandmarksMm ?? new Float32Array(), points.length * landmarks);
            parts.push(part);
          }
          return joinSamples(parts);
        },
        // A page that is gone has freed it.
        free: () => void viewer.freeCrop({ crop }).catch(() => undefined),
      };
    },
    // The page frees all networks together (`reset`).
    free: async () => undefined,
  };
}

/** See {@link createViewerFieldEngine}. */
export async function createViewerRegionEngine(
  viewer: ViewerNetworks,
  device: string,
  spec: RegionNetworkSpec,
  weights: WeightMap,
): Promise<RegionEngine> {
  const network = await onViewer(viewer.openRegion({ spec, weights: sentWeights(weights) }));
  return {
    id: 'viewer',
    device,
    async detect(blockHu, signal) {
      assertBlock(blockHu, spec.resolution);
      const sent = { network, blockHu: blockHu.slice() };
      const probabilities = await onViewer(viewer.detect(sent, job(signal)), signal);
      assertCount(probabilities, blockHu.length);
      return probabilities;
    },
    free: async () => undefined,
  };
}

const job = (signal: AbortSignal | undefined) => (signal ? { signal } : {});

/** Waits for the page. Only who asked can cancel: anything else that ends the call is a failure of the device. */
async function onViewer<T>(answer: Promise<T>, signal?: AbortSignal): Promise<T> {
  try {
    return await answer;
  } catch (thrown) {
    if (signal?.aborted) throw new CancelledError();
    throw new DeviceFailure(problemOf(thrown), { cause: thrown });
  }
}

function problemOf(thrown: unknown): DeviceFailure['problem'] {
  if (thrown instanceof UserError && thrown.failure.code === 'engine.gpu-memory') return 'memory';
  if (thrown instanceof UserError || thrown instanceof CancelledError) return 'lost';
  return 'failed';
}

function assertCount(values: Float32Array, count: number): void {
  if (values.length !== count) throw new DeviceFailure('failed');
}
