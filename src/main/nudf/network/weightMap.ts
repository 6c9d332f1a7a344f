/** One named array of weights, row-major (the last dimension fastest). */
export interface WeightArray {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** The weights of a network, by the names of {@link weightLayout}. */
export type WeightMap = ReadonlyMap<string, WeightArray>;

export const elementCount = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
