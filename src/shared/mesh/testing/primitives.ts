import type { Vec3 } from '../../geometry/vec3.ts';
import type { TriangleMesh } from '../triangleMesh.ts';

/** A sphere as a subdivided icosahedron with its vertices on the sphere: 20·4ⁿ faces. */
export function icosphere(centreLpsMm: Vec3, radiusMm: number, subdivisions: number): TriangleMesh {
  const g = (1 + Math.sqrt(5)) / 2;
  const points: number[][] = [];
  for (const s of [-1, 1]) {
    for (const t of [-g, g]) points.push([0, s, t], [s, t, 0], [t, 0, s]);
  }
  // The faces of an icosahedron join vertices at the smallest distance, 2.
  let faces: [number, number, number][] = [];
  const near = (a: number, b: number): boolean => {
    const [p, q] = [points[a]!, points[b]!];
    return Math.abs(Math.hypot(p[0]! - q[0]!, p[1]! - q[1]!, p[2]! - q[2]!) - 2) < 1e-9;
  };
  for (let a = 0; a < 12; a++) {
    for (let b = a + 1; b < 12; b++) {
      for (let c = b + 1; c < 12; c++) {
        if (!near(a, b) || !near(b, c) || !near(a, c)) continue;
        faces.push(outwardOrder(points, a, b, c));
      }
    }
  }
  for (let round = 0; round < subdivisions; round++) {
    const middles = new Map<string, number>();
    const middle = (a: number, b: number): number => {
      const key = a < b ? `${a},${b}` : `${b},${a}`;
      const known = middles.get(key);
      if (known !== undefined) return known;
      points.push([0, 1, 2].map((axis) => points[a]![axis]! + points[b]![axis]!));
      middles.set(key, points.length - 1);
      // Pushed on the sphere below; only the direction matters, but later rounds need equal lengths.
      const length = Math.hypot(...points[points.length - 1]!);
      points[points.length - 1] = points[points.length - 1]!.map((value) => value / length);
      return points.length - 1;
    };
    if (round === 0) points.splice(0, 12, ...points.map((p) => p.map((value) => value / Math.hypot(...p))));
    faces = faces.flatMap(([a, b, c]): [number, number, number][] => {
      const [ab, bc, ca] = [middle(a, b), middle(b, c), middle(c, a)];
      return [
        [a, ab, ca],
        [ab, b, bc],
        [ca, bc, c],
        [ab, bc, ca],
      ];
    });
  }
  const positions = points.flatMap((p) => {
    const length = Math.hypot(...p);
    return [0, 1, 2].map((axis) => centreLpsMm[axis as 0 | 1 | 2] + (radiusMm * p[axis]!) / length);
  });
  return { positionsLpsMm: Float32Array.from(positions), triangles: Uint32Array.from(faces.flat()) };
}

function outwardOrder(points: number[][], a: number, b: number, c: number): [number, number, number] {
  const [p, q, r] = [points[a]!, points[b]!, points[c]!];
  const determinant =
    p[0]! * (q[1]! * r[2]! - q[2]! * r[1]!) -
    p[1]! * (q[0]! * r[2]! - q[2]! * r[0]!) +
    p[2]! * (q[0]! * r[1]! - q[1]! * r[0]!);
  return determinant > 0 ? [a, b, c] : [a, c, b];
}

/** A torus round the z axis: 2·around·across faces. */
export function torus(
  centreLpsMm: Vec3,
  majorMm: number,
  minorMm: number,
  around: number,
  across: number,
): TriangleMesh {
  const positions: number[] = [];
  const triangles: number[] = [];
  for (let i = 0; i < around; i++) {
    for (let j = 0; j < across; j++) {
      const [theta, phi] = [(2 * Math.PI * i) / around, (2 * Math.PI * j) / across];
      const radius = majorMm + minorMm * Math.cos(phi);
      positions.push(
        centreLpsMm[0] + radius * Math.cos(theta),
        centreLpsMm[1] + radius * Math.sin(theta),
        centreLpsMm[2] + minorMm * Math.sin(phi),
      );
      const at = (di: number, dj: number): number => ((i + di) % around) * across + ((j + dj) % across);
      triangles.push(at(0, 0), at(1, 0), at(1, 1), at(0, 0), at(1, 1), at(0, 1));
    }
  }
  return { positionsLpsMm: Float32Array.from(positions), triangles: Uint32Array.from(triangles) };
}

/** An axis-aligned box of 12 faces. */
export function box(low: Vec3, high: Vec3): TriangleMesh {
  const positions: number[] = [];
  for (let corner = 0; corner < 8; corner++) {
    positions.push((corner & 1 ? high : low)[0], (corner & 2 ? high : low)[1], (corner & 4 ? high : low)[2]);
  }
  const quads = [
    [0, 4, 6, 2],
    [1, 3, 7, 5],
    [0, 1, 5, 4],
    [2, 6, 7, 3],
    [0, 2, 3, 1],
    [4, 5, 7, 6],
  ] as const;
  const triangles = quads.flatMap(([a, b, c, d]) => [a, b, c, a, c, d]);
  return { positionsLpsMm: Float32Array.from(positions), triangles: Uint32Array.from(triangles) };
}
