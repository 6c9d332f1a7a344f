import { cross, normalize, perpendicular, type Vec3 } from '../geometry/vec3.ts';

export interface Eigen3 {
  /** Ascending. */
  readonly values: Vec3;
  /** Unit eigenvectors in the values' order. */
  readonly vectors: readonly [Vec3, Vec3, Vec3];
}

/** Eigenvalues and eigenvectors of a symmetric 3 × 3 matrix [xx, yy, zz, xy, xz, yz], by Jacobi rotations. */
export function symmetricEigen(m: readonly [number, number, number, number, number, number]): Eigen3 {
  const a = [
    [m[0], m[3], m[4]],
    [m[3], m[1], m[5]],
    [m[4], m[5], m[2]],
  ];
  const v = [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ];
  const size = Math.abs(m[0]) + Math.abs(m[1]) + Math.abs(m[2]);
  for (let sweep = 0; sweep < 30; sweep++) {
    const off = Math.abs(a[0]![1]!) + Math.abs(a[0]![2]!) + Math.abs(a[1]![2]!);
    if (off <= 1e-15 * size) break;
    for (const [p, q] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ] as const) {
      const apq = a[p]![q]!;
      if (Math.abs(apq) < 1e-300) continue;
      const theta = (a[q]![q]! - a[p]![p]!) / (2 * apq);
      const t = Math.sign(theta || 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
      const c = 1 / Math.sqrt(t * t + 1);
      const s = t * c;
      for (let k = 0; k < 3; k++) {
        const [akp, akq] = [a[k]![p]!, a[k]![q]!];
        a[k]![p] = c * akp - s * akq;
        a[k]![q] = s * akp + c * akq;
      }
      for (let k = 0; k < 3; k++) {
        const [apk, aqk] = [a[p]![k]!, a[q]![k]!];
        a[p]![k] = c * apk - s * aqk;
        a[q]![k] = s * apk + c * aqk;
        const [vkp, vkq] = [v[k]![p]!, v[k]![q]!];
        v[k]![p] = c * vkp - s * vkq;
        v[k]![q] = s * vkp + c * vkq;
      }
    }
  }
  const order = [0, 1, 2].sort((i, j) => a[i]![i]! - a[j]![j]!);
  const column = (i: number): Vec3 => [v[0]![i]!, v[1]![i]!, v[2]![i]!];
  const low = normalize(column(order[0]!));
  const high = normalize(column(order[2]!));
  const crossed = cross(high, low);
  const middle = Math.hypot(...crossed) > 1e-6 ? normalize(crossed) : perpendicular(low);
  return {
    values: [a[order[0]!]![order[0]!]!, a[order[1]!]![order[1]!]!, a[order[2]!]![order[2]!]!],
    vectors: [low, middle, high],
  };
}
