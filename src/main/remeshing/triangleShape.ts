/** Twice the area vector of the triangle a b c, written to `out`. */
export function crossOf(p: readonly number[], a: number, b: number, c: number, out: Float64Array): void {
  const [ax, ay, az] = [p[3 * a]!, p[3 * a + 1]!, p[3 * a + 2]!];
  const ux = p[3 * b]! - ax;
  const uy = p[3 * b + 1]! - ay;
  const uz = p[3 * b + 2]! - az;
  const vx = p[3 * c]! - ax;
  const vy = p[3 * c + 1]! - ay;
  const vz = p[3 * c + 2]! - az;
  out[0] = uy * vz - uz * vy;
  out[1] = uz * vx - ux * vz;
  out[2] = ux * vy - uy * vx;
}

/** Cosine between two vectors; −1 where one of them has no length. */
export function cosineOf(u: Float64Array, v: Float64Array): number {
  const lengths = Math.sqrt(
    (u[0]! * u[0]! + u[1]! * u[1]! + u[2]! * u[2]!) * (v[0]! * v[0]! + v[1]! * v[1]! + v[2]! * v[2]!),
  );
  return lengths > 1e-18 ? (u[0]! * v[0]! + u[1]! * v[1]! + u[2]! * v[2]!) / lengths : -1;
}

/** Smallest angle of the triangle a b c, degrees. */
export function smallestAngleDegrees(p: readonly number[], a: number, b: number, c: number): number {
  const ab = squared(p, a, b);
  const bc = squared(p, b, c);
  const ca = squared(p, c, a);
  // The sides opposite and beside the smallest angle: tan = 2·area / (the sides' dot product).
  const dotProduct = (ab + bc + ca) / 2 - Math.min(ab, bc, ca);
  // Heron: 16·area² = 2(ab·bc + bc·ca + ca·ab) − (ab² + bc² + ca²), squares of sides throughout.
  const sixteen = 2 * (ab * bc + bc * ca + ca * ab) - (ab * ab + bc * bc + ca * ca);
  return (Math.atan2(Math.sqrt(Math.max(0, sixteen)) / 2, dotProduct) * 180) / Math.PI;
}

function squared(p: readonly number[], a: number, b: number): number {
  const x = p[3 * a]! - p[3 * b]!;
  const y = p[3 * a + 1]! - p[3 * b + 1]!;
  const z = p[3 * a + 2]! - p[3 * b + 2]!;
  return x * x + y * y + z * z;
}
