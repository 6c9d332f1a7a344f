import type { FieldNetworkSpec, NetworkSpec } from '#shared/nudf/network/networkSpec.ts';
import {
  initialArray,
  type WeightArray,
  type WeightMap,
  weightLayout,
} from '#shared/nudf/network/weightLayout.ts';

/** The arrays of the last layer, whose last dimension are the outputs: fields, then landmarks; or the structures. */
const lastLayer = (spec: NetworkSpec) => weightLayout(spec).slice(-2);

/** Copies the first columns of `from` into `to`, as many as both have. */
function copyColumns(from: WeightArray, to: WeightArray): void {
  const [wide, narrow] = [from.shape.at(-1)!, to.shape.at(-1)!];
  const kept = Math.min(wide, narrow);
  for (let row = 0; row < from.data.length / wide; row++) {
    to.data.set(from.data.subarray(row * wide, row * wide + kept), row * narrow);
  }
}

/**
 * Weights of a network with fewer outputs for `spec`, which has landmarks or structures more: the first columns are kept,
 * those of the others are as training begins with them. Weights that have as many outputs, or do not fit at all, stay as
 * they are.
 */
export function withMoreOutputs(spec: NetworkSpec, weights: WeightMap, seed: number): WeightMap {
  const changed = new Map(weights);
  for (const entry of lastLayer(spec)) {
    const old = weights.get(entry.name);
    if (!old || old.shape.length !== entry.shape.length || old.shape.at(-1)! >= entry.shape.at(-1)!) continue;
    const fresh = initialArray(entry, seed);
    copyColumns(old, fresh);
    changed.set(entry.name, fresh);
  }
  return changed;
}

/** The same network without its landmarks, for training on cases that do not name them. */
export function withoutLandmarks(
  spec: FieldNetworkSpec,
  weights: WeightMap,
): { readonly spec: FieldNetworkSpec; readonly weights: WeightMap } {
  if (!spec.landmarks) return { spec, weights };
  const { landmarks: _, ...fields } = spec;
  const changed = new Map(weights);
  for (const { name, shape } of lastLayer(fields)) {
    const kept = { shape, data: new Float32Array(shape.reduce((a, b) => a * b, 1)) };
    copyColumns(weights.get(name)!, kept);
    changed.set(name, kept);
  }
  return { spec: fields, weights: changed };
}
