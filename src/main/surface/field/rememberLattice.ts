import type { FieldFunction } from './fieldFunction.ts';

/**
 * A field that is evaluated only once at each corner of a lattice of `cells` per axis over the cube, and everywhere else
 * each time it is asked. A segmentation asks at the same corners up to three times: in the look that places the cube, in
 * the one that finds the ostium's plane, and for the surface.
 *
 * Worked example, 64 cells: corner 13 lies at 2·13/64 − 1 = −0.59375, whatever the resolution of the lattice that asks, for
 * such fractions are exact in float32. A lattice of 128 cells shares every second corner with this one.
 * @param cells a power of two; 64 need 2.5 MB
 */
export function rememberLattice(field: FieldFunction, cells: number): FieldFunction {
  const side = cells + 1;
  const known = new Uint8Array(side ** 3);
  const signedMm = new Float32Array(side ** 3);
  const unsignedMm = new Float32Array(side ** 3);

  return async (pointsNormalized, signal) => {
    const count = pointsNormalized.length / 3;
    const answer = { signedMm: new Float32Array(count), unsignedMm: new Float32Array(count) };
    const corners = new Int32Array(count);
    const unknown = new Uint32Array(count);
    let asking = 0;
    for (let point = 0; point < count; point++) {
      const corner = cornerAt(pointsNormalized, point, cells);
      corners[point] = corner;
      if (corner < 0 || known[corner] === 0) {
        unknown[asking++] = point;
        continue;
      }
      answer.signedMm[point] = signedMm[corner]!;
      answer.unsignedMm[point] = unsignedMm[corner]!;
    }
    if (asking === 0) return answer;

    const asked = new Float32Array(3 * asking);
    for (let at = 0; at < asking; at++) {
      const point = 3 * unknown[at]!;
      asked[3 * at] = pointsNormalized[point]!;
      asked[3 * at + 1] = pointsNormalized[point + 1]!;
      asked[3 * at + 2] = pointsNormalized[point + 2]!;
    }
    const samples = await field(asked, signal);
    for (let at = 0; at < asking; at++) {
      const point = unknown[at]!;
      answer.signedMm[point] = samples.signedMm[at]!;
      answer.unsignedMm[point] = samples.unsignedMm[at]!;
      const corner = corners[point]!;
      if (corner < 0) continue;
      known[corner] = 1;
      signedMm[corner] = samples.signedMm[at]!;
      unsignedMm[corner] = samples.unsignedMm[at]!;
    }
    return answer;
  };
}

/** The corner of the lattice that lies exactly at a point; −1 where none does. */
function cornerAt(pointsNormalized: Float32Array, point: number, cells: number): number {
  let corner = 0;
  for (let axis = 2; axis >= 0; axis--) {
    const index = ((pointsNormalized[3 * point + axis]! + 1) * cells) / 2;
    if (!Number.isInteger(index) || index < 0 || index > cells) return -1;
    corner = corner * (cells + 1) + index;
  }
  return corner;
}
