import type { EncodedCrop, FieldEngine } from '#shared/nudf/engine/fieldEngine.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import type { FieldSamples } from '../../surface/field/fieldFunction.ts';

/**
 * Several field networks as one: each sees the same crop, and the fields are the means of theirs. An error that one
 * network makes alone then counts for less. The ways to landmarks are those of the first network that has them. Owns the engines: `free` frees them.
 */
export function meanFieldEngine(engines: readonly [FieldEngine, ...FieldEngine[]]): FieldEngine {
  const [first] = engines;
  return {
    get id() {
      return first.id;
    },
    get device() {
      return first.device;
    },
    isUnsigned: first.isUnsigned,
    async encode(cropHu, signal) {
      const crops: EncodedCrop[] = [];
      try {
        for (const engine of engines) crops.push(await engine.encode(cropHu, signal));
      } catch (thrown) {
        for (const crop of crops) crop.free();
        throw thrown;
      }
      return {
        async evaluate(pointsNormalized, signal): Promise<FieldSamples> {
          const count = pointsNormalized.length / 3;
          let toLandmarksMm: Float32Array | undefined;
          const sum = {
            signedMm: new Float32Array(count),
            unsignedMm: new Float32Array(count),
          };
          for (const crop of crops) {
            const samples = await crop.evaluate(pointsNormalized, signal);
            addShare(sum.signedMm, samples.signedMm, 1 / crops.length);
            addShare(sum.unsignedMm, samples.unsignedMm, 1 / crops.length);
            toLandmarksMm ??= samples.toLandmarksMm;
          }
          return { ...sum, ...withoutUndefined({ toLandmarksMm }) };
        },
        free() {
          for (const crop of crops) crop.free();
        },
      };
    },
    async free() {
      for (const engine of engines) await engine.free();
    },
  };
}

function addShare(sum: Float32Array, values: Float32Array, share: number): void {
  for (let index = 0; index < sum.length; index++) sum[index]! += share * values[index]!;
}
