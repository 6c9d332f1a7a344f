/** The two fields at N points. */
export interface FieldSamples {
  /** Signed distance to the closed appendage lumen, in mm: negative inside. Clamped by training to about ±5 mm. */
  readonly signedMm: Float32Array;
  /** Unsigned distance to the open appendage wall, in mm; ≥ 0 up to the network's error. */
  readonly unsignedMm: Float32Array;
}
