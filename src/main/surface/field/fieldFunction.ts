import { throwIfCancelled } from '#shared/errors.ts';
import type { FieldSamples } from '#shared/nudf/fieldSamples.ts';

export type { FieldSamples } from '#shared/nudf/fieldSamples.ts';

/**
 * The two fields as a function of place: what an encoded crop offers, and what an analytic shape offers to a test.
 * `pointsNormalized` holds 3·N coordinates in the crop's normalised frame ([−1, 1]³, see CropFrame); the answer is in mm.
 */
export type FieldFunction = (pointsNormalized: Float32Array, signal?: AbortSignal) => Promise<FieldSamples>;

/** Points per call. Engines divide them as suits their buffers and prompt cancelling; each call costs them a wait. */
export const DEFAULT_CHUNK_POINTS = 131_072;

/**
 * Evaluates the fields in chunks and joins the answers.
 * @throws CancelledError when the signal fires; RangeError when the field answers with the wrong length.
 */
export async function evaluateInChunks(
  field: FieldFunction,
  pointsNormalized: Float32Array,
  signal?: AbortSignal,
  chunkPoints = DEFAULT_CHUNK_POINTS,
): Promise<FieldSamples> {
  const count = pointsNormalized.length / 3;
  const signedMm = new Float32Array(count);
  const unsignedMm = new Float32Array(count);
  for (let start = 0; start < count; start += chunkPoints) {
    throwIfCancelled(signal);
    const end = Math.min(count, start + chunkPoints);
    const samples = await field(pointsNormalized.subarray(3 * start, 3 * end), signal);
    if (samples.signedMm.length !== end - start || samples.unsignedMm.length !== end - start) {
      throw new RangeError(`The field answered ${samples.signedMm.length} values for ${end - start} points.`);
    }
    signedMm.set(samples.signedMm, start);
    unsignedMm.set(samples.unsignedMm, start);
  }
  throwIfCancelled(signal);
  return { signedMm, unsignedMm };
}
