/** Writes clamp(HU, ±clipHu)/clipHu into `normalized`, of the same length. What is not a number counts as −clipHu. */
export function normalizeHu(valuesHu: Float32Array, clipHu: number, normalized: Float32Array): void {
  for (let index = 0; index < valuesHu.length; index++) {
    const value = valuesHu[index]!;
    const clamped = value > -clipHu ? Math.min(value, clipHu) : -clipHu;
    normalized[index] = clamped / clipHu;
  }
}

/** Throws a RangeError where a block does not hold resolution³ values. */
export function assertBlock(values: Float32Array, resolution: number): void {
  if (values.length !== resolution ** 3) {
    throw new RangeError(`${values.length} values do not fill a cube of ${resolution}³.`);
  }
}

/** Number of points in a list of x, y, z; a RangeError where it is not a multiple of three. */
export function countPoints(pointsNormalized: Float32Array): number {
  if (pointsNormalized.length % 3 !== 0) {
    throw new RangeError(`${pointsNormalized.length} coordinates are no whole number of points.`);
  }
  return pointsNormalized.length / 3;
}
