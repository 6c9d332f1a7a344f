import { faceCross } from './measures.ts';
import type { TriangleMesh } from './triangleMesh.ts';
import { buildTriangleTree, type TriangleTree } from './triangleTree.ts';

/**
 * Pairs of faces that pierce each other, each pair once: faces without a common vertex that cross, faces with one
 * common vertex that cross elsewhere, and faces with a common edge that are folded onto each other. Faces that merely
 * touch, or lie in one plane, are not counted.
 */
export function selfIntersectingFaces(
  mesh: TriangleMesh,
  tree: TriangleTree = buildTriangleTree(mesh),
): [number, number][] {
  const { boxes, first, count, second, faces } = tree;
  const pairs: [number, number][] = [];
  if (faces.length === 0) return pairs;
  const overlap = (m: number, n: number): boolean => {
    const [a, b] = [6 * m, 6 * n];
    return (
      boxes[a]! <= boxes[b + 3]! &&
      boxes[b]! <= boxes[a + 3]! &&
      boxes[a + 1]! <= boxes[b + 4]! &&
      boxes[b + 1]! <= boxes[a + 4]! &&
      boxes[a + 2]! <= boxes[b + 5]! &&
      boxes[b + 2]! <= boxes[a + 5]!
    );
  };
  const stack: number[] = [0, 0];
  while (stack.length > 0) {
    const n = stack.pop()!;
    const m = stack.pop()!;
    if (m !== n && !overlap(m, n)) continue;
    const [leafM, leafN] = [second[m] === 0, second[n] === 0];
    if (leafM && leafN) {
      for (let i = first[m]!; i < first[m]! + count[m]!; i++) {
        for (let j = m === n ? i + 1 : first[n]!; j < first[n]! + count[n]!; j++) {
          if (facesPierce(mesh, faces[i]!, faces[j]!)) pairs.push([faces[i]!, faces[j]!]);
        }
      }
    } else if (m === n) {
      const other = second[m]!;
      stack.push(m + 1, m + 1, other, other, m + 1, other);
    } else if (leafN || (!leafM && count[m]! >= count[n]!)) {
      stack.push(m + 1, n, second[m]!, n);
    } else {
      stack.push(m, n + 1, m, second[n]!);
    }
  }
  return pairs;
}

function facesPierce(mesh: TriangleMesh, f: number, g: number): boolean {
  const { triangles, positionsLpsMm: p } = mesh;
  for (let axis = 0; axis < 3; axis++) {
    const a = p[3 * triangles[3 * f]! + axis]!;
    const b = p[3 * triangles[3 * f + 1]! + axis]!;
    const c = p[3 * triangles[3 * f + 2]! + axis]!;
    const d = p[3 * triangles[3 * g]! + axis]!;
    const e = p[3 * triangles[3 * g + 1]! + axis]!;
    const h = p[3 * triangles[3 * g + 2]! + axis]!;
    if (Math.max(a, b, c) < Math.min(d, e, h) || Math.max(d, e, h) < Math.min(a, b, c)) return false;
  }
  let shared = 0;
  let [sharedInF, sharedInG] = [-1, -1];
  for (let i = 0; i < 3; i++) {
    for (let j = 0; j < 3; j++) {
      if (triangles[3 * f + i] !== triangles[3 * g + j]) continue;
      shared++;
      [sharedInF, sharedInG] = [i, j];
    }
  }
  if (shared >= 2) return foldedOver(mesh, f, g);
  for (let i = 0; i < 3; i++) {
    const next = (i + 1) % 3;
    const ofF = shared === 0 || (i !== sharedInF && next !== sharedInF);
    if (ofF && segmentPierces(p, triangles[3 * f + i]!, triangles[3 * f + next]!, mesh, g)) return true;
    const ofG = shared === 0 || (i !== sharedInG && next !== sharedInG);
    if (ofG && segmentPierces(p, triangles[3 * g + i]!, triangles[3 * g + next]!, mesh, f)) return true;
  }
  return false;
}

/** Two faces at one edge lie on each other when their normals are opposite. */
function foldedOver(mesh: TriangleMesh, f: number, g: number): boolean {
  const [a, b] = [faceCross(mesh, f), faceCross(mesh, g)];
  const lengths = Math.hypot(...a) * Math.hypot(...b);
  return lengths > 0 && a[0] * b[0] + a[1] * b[1] + a[2] * b[2] < -0.999999 * lengths;
}

/** Whether the open segment from vertex s to vertex t passes through the inside of a face (Möller–Trumbore). */
function segmentPierces(p: Float32Array, s: number, t: number, mesh: TriangleMesh, face: number): boolean {
  const { triangles } = mesh;
  const a = 3 * triangles[3 * face]!;
  const b = 3 * triangles[3 * face + 1]!;
  const c = 3 * triangles[3 * face + 2]!;
  const dx = p[3 * t]! - p[3 * s]!;
  const dy = p[3 * t + 1]! - p[3 * s + 1]!;
  const dz = p[3 * t + 2]! - p[3 * s + 2]!;
  const [ux, uy, uz] = [p[b]! - p[a]!, p[b + 1]! - p[a + 1]!, p[b + 2]! - p[a + 2]!];
  const [vx, vy, vz] = [p[c]! - p[a]!, p[c + 1]! - p[a + 1]!, p[c + 2]! - p[a + 2]!];
  const hx = dy * vz - dz * vy;
  const hy = dz * vx - dx * vz;
  const hz = dx * vy - dy * vx;
  const determinant = ux * hx + uy * hy + uz * hz;
  const scale = Math.hypot(dx, dy, dz) * Math.hypot(ux, uy, uz) * Math.hypot(vx, vy, vz);
  if (Math.abs(determinant) <= 1e-12 * scale) return false;
  const [wx, wy, wz] = [p[3 * s]! - p[a]!, p[3 * s + 1]! - p[a + 1]!, p[3 * s + 2]! - p[a + 2]!];
  const first = (wx * hx + wy * hy + wz * hz) / determinant;
  if (first <= 0 || first >= 1) return false;
  const qx = wy * uz - wz * uy;
  const qy = wz * ux - wx * uz;
  const qz = wx * uy - wy * ux;
  const other = (dx * qx + dy * qy + dz * qz) / determinant;
  if (other <= 0 || first + other >= 1) return false;
  const along = (vx * qx + vy * qy + vz * qz) / determinant;
  return along > 0 && along < 1;
}
