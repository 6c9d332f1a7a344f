/** Points that are evaluated together: long enough to amortise the interpretation, short enough for the cache. */
export const BATCH = 512;

/** A batch of points, LPS mm, and room for the program's registers: what one thread of evaluation needs. */
export interface Workspace {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly z: Float64Array;
  /** Register r of point n is at r·BATCH + n. */
  readonly registers: Float32Array;
  readonly value: Float32Array;
  /** What painting fills: HU and label of each point. */
  readonly hu: Float32Array;
  readonly label: Uint8Array;
}

export function createWorkspace(registerCount: number): Workspace {
  return {
    x: new Float64Array(BATCH),
    y: new Float64Array(BATCH),
    z: new Float64Array(BATCH),
    registers: new Float32Array(Math.max(registerCount, 1) * BATCH),
    value: new Float32Array(BATCH),
    hu: new Float32Array(BATCH),
    label: new Uint8Array(BATCH),
  };
}
