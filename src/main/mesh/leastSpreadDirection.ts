/** The direction in which some of the points spread least: their covariance's last eigenvector, by inverse iteration. */
export function leastSpreadDirection(
  points: Float32Array,
  near: ArrayLike<number> & Iterable<number>,
): readonly [number, number, number] {
  const mean = [0, 0, 0];
  for (const point of near) {
    for (let axis = 0; axis < 3; axis++) mean[axis]! += points[3 * point + axis]! / near.length;
  }
  let [xx, xy, xz, yy, yz, zz] = [0, 0, 0, 0, 0, 0];
  for (const point of near) {
    const x = points[3 * point]! - mean[0]!;
    const y = points[3 * point + 1]! - mean[1]!;
    const z = points[3 * point + 2]! - mean[2]!;
    xx += x * x;
    xy += x * y;
    xz += x * z;
    yy += y * y;
    yz += y * z;
    zz += z * z;
  }
  // A small multiple of the identity keeps a perfect plane invertible and does not change the eigenvectors.
  const ridge = 1e-6 * (xx + yy + zz) + 1e-30;
  xx += ridge;
  yy += ridge;
  zz += ridge;
  // The adjugate is the inverse up to a factor.
  const inverse = [
    yy * zz - yz * yz,
    xz * yz - xy * zz,
    xy * yz - xz * yy,
    xx * zz - xz * xz,
    xy * xz - xx * yz,
    xx * yy - xy * xy,
  ] as const;
  let vector: readonly [number, number, number] = [0.6, 0.48, 0.64];
  for (let round = 0; round < 24; round++) {
    const [x, y, z] = vector;
    const next = [
      inverse[0] * x + inverse[1] * y + inverse[2] * z,
      inverse[1] * x + inverse[3] * y + inverse[4] * z,
      inverse[2] * x + inverse[4] * y + inverse[5] * z,
    ] as const;
    const length = Math.hypot(...next);
    if (length === 0) break;
    vector = [next[0] / length, next[1] / length, next[2] / length];
  }
  return vector;
}
