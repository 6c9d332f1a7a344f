import type { FieldEngine } from '#shared/nudf/engine/fieldEngine.ts';
import type { WeightMap } from '#shared/nudf/network/weightLayout.ts';
import type { FieldSamples } from '../../surface/field/fieldFunction.ts';
import type { OnnxOptions } from '../engine/onnxRuntime.ts';
import type { FamilyHead } from './familyHeads.ts';
import type { FamilySpec } from './familySpec.ts';
import { createOnnxFamilyEngine } from './onnxFamilyEngine.ts';

/** Beyond this a class says nothing about how far the border is, mm. */
const CLASS_REACH_MM = 5;

/**
 * The two fields from the outputs of a network of the family, N · heads.length values by point.
 * - `unsigned`: both fields are the distance itself; the engine says that it has no sign ({@link FieldEngine.isUnsigned}).
 * - `signed`: the closed surface is the lumen's, and the wall is all of it.
 * - `signed,class`: the lumen is what lies inside and is the appendage's by its class. Where the class ends it, inside
 *   the closed surface, there is no wall: that is the ostium.
 */
export function familyFields(
  values: Float32Array,
  heads: readonly FamilyHead[],
  unitMm: number,
): FieldSamples {
  const count = values.length / heads.length;
  const distanceHead = heads.findIndex((head) => head !== 'class');
  const classHead = heads.indexOf('class');
  const isSigned = heads[distanceHead] === 'signed';
  const samples = { signedMm: new Float32Array(count), unsignedMm: new Float32Array(count) };
  for (let point = 0; point < count; point++) {
    const distanceMm = values[heads.length * point + distanceHead]! * unitMm;
    samples.unsignedMm[point] = Math.abs(distanceMm);
    samples.signedMm[point] = distanceMm;
    if (!isSigned || classHead < 0) continue;
    const other = -values[heads.length * point + classHead]!;
    const clamped = Math.min(CLASS_REACH_MM, Math.max(-CLASS_REACH_MM, other));
    samples.signedMm[point] = Math.max(distanceMm, clamped);
  }
  return samples;
}

/**
 * A network of the family as an engine of the pipeline, by ONNX Runtime on the CPU.
 * @throws UserError where the platform has no ONNX Runtime
 */
export async function createFamilyFieldEngine(
  spec: FamilySpec,
  weights: WeightMap,
  heads: readonly FamilyHead[],
  options: OnnxOptions = {},
): Promise<FieldEngine> {
  const engine = await createOnnxFamilyEngine(spec, weights, options);
  return {
    id: 'onnx',
    device: engine.device,
    isUnsigned: heads.includes('unsigned'),
    async encode(cropHu, signal) {
      const crop = await engine.encode(cropHu, signal);
      return {
        evaluate: async (pointsNormalized, evaluateSignal) =>
          familyFields(await crop.evaluate(pointsNormalized, evaluateSignal), heads, spec.unitMm),
        free: () => crop.free(),
      };
    },
    free: () => engine.free(),
  };
}
