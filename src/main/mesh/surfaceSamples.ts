import { faceCross } from '#shared/mesh/measures.ts';
import { faceCount, type TriangleMesh } from '#shared/mesh/triangleMesh.ts';

/** Points spread over a surface, each standing for a share of its area. */
export interface SurfaceSamples {
  /** 3·N coordinates, LPS mm. */
  readonly pointsLpsMm: Float32Array;
  /** N areas, mm²; their sum is the surface's. */
  readonly areasMm2: Float32Array;
  /** Face of each sample. */
  readonly faces: Uint32Array;
}

/** Steps of the two-dimensional golden ratio sequence: evenly spread without a random source. */
const STEPS: readonly [number, number] = [0.7548776662466927, 0.5698402909980532];

/**
 * Samples a surface evenly: every face at least once, large ones once per `areaPerSampleMm2`. Deterministic.
 */
export function sampleSurface(mesh: TriangleMesh, areaPerSampleMm2 = 0.25): SurfaceSamples {
  const points: number[] = [];
  const areas: number[] = [];
  const faces: number[] = [];
  const { positionsLpsMm: p, triangles } = mesh;
  for (let face = 0; face < faceCount(mesh); face++) {
    const area = Math.hypot(...faceCross(mesh, face)) / 2;
    if (area === 0) continue;
    const count = Math.ceil(area / areaPerSampleMm2);
    const a = 3 * triangles[3 * face]!;
    const b = 3 * triangles[3 * face + 1]!;
    const c = 3 * triangles[3 * face + 2]!;
    for (let index = 0; index < count; index++) {
      let s = 1 / 3;
      let t = 1 / 3;
      if (count > 1) {
        s = (0.5 + STEPS[0] * (index + 1)) % 1;
        t = (0.5 + STEPS[1] * (index + 1)) % 1;
        if (s + t > 1) [s, t] = [1 - s, 1 - t];
      }
      for (let axis = 0; axis < 3; axis++) {
        const origin = p[a + axis]!;
        points.push(origin + s * (p[b + axis]! - origin) + t * (p[c + axis]! - origin));
      }
      areas.push(area / count);
      faces.push(face);
    }
  }
  return {
    pointsLpsMm: Float32Array.from(points),
    areasMm2: Float32Array.from(areas),
    faces: Uint32Array.from(faces),
  };
}
