/** The two fields at N points. */
export interface FieldSamples {
  /** Signed distance to the closed appendage lumen, in mm: negative inside. Clamped by training to about ±5 mm. */
  readonly signedMm: Float32Array;
  /** Unsigned distance to the open appendage wall, in mm; ≥ 0 up to the network's error. */
  readonly unsignedMm: Float32Array;
  /** The way from each point to each landmark of the network, LPS mm: point by point, landmark by landmark, x, y, z. */
  readonly toLandmarksMm?: Float32Array | undefined;
}

/** The decoder's outputs, point by point in units of unitMm, in mm. */
export function dualFieldSamples(values: Float32Array, unitMm: number, outputs = 2): FieldSamples {
  const count = values.length / outputs;
  const signedMm = new Float32Array(count);
  const unsignedMm = new Float32Array(count);
  const ways = outputs - 2;
  const toLandmarksMm = new Float32Array(count * ways);
  for (let point = 0; point < count; point++) {
    signedMm[point] = values[outputs * point]! * unitMm;
    unsignedMm[point] = values[outputs * point + 1]! * unitMm;
    for (let way = 0; way < ways; way++) {
      toLandmarksMm[ways * point + way] = values[outputs * point + 2 + way]! * unitMm;
    }
  }
  return ways > 0 ? { signedMm, unsignedMm, toLandmarksMm } : { signedMm, unsignedMm };
}

/** Joins the samples of consecutive parts of a list of points. */
export function joinSamples(parts: readonly FieldSamples[]): FieldSamples {
  const join = (pick: (part: FieldSamples) => Float32Array): Float32Array => {
    const arrays = parts.map(pick);
    const whole = new Float32Array(arrays.reduce((sum, array) => sum + array.length, 0));
    let at = 0;
    for (const array of arrays) {
      whole.set(array, at);
      at += array.length;
    }
    return whole;
  };
  const fields = { signedMm: join((part) => part.signedMm), unsignedMm: join((part) => part.unsignedMm) };
  return parts.some((part) => part.toLandmarksMm)
    ? { ...fields, toLandmarksMm: join((part) => part.toLandmarksMm ?? new Float32Array()) }
    : fields;
}
