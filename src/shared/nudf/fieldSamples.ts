/** The two fields at N points. */
export interface FieldSamples {
  /** Signed distance to the closed appendage lumen, in mm: negative inside. Clamped by training to about ±5 mm. */
  readonly signedMm: Float32Array;
  /** Unsigned distance to the open appendage wall, in mm; ≥ 0 up to the network's error. */
  readonly unsignedMm: Float32Array;
}

/** The dual-field decoder's outputs, (signed, unsigned) by point in units of unitMm, as distances in mm. */
export function dualFieldSamples(values: Float32Array, unitMm: number): FieldSamples {
  const count = values.length / 2;
  const samples = { signedMm: new Float32Array(count), unsignedMm: new Float32Array(count) };
  for (let point = 0; point < count; point++) {
    samples.signedMm[point] = values[2 * point]! * unitMm;
    samples.unsignedMm[point] = values[2 * point + 1]! * unitMm;
  }
  return samples;
}
