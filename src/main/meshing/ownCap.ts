import { fitPlane, type PlaneLps } from '#shared/anatomy/plane.ts';
import { dot, perAxis, scale, subtract, type Vec3 } from '#shared/geometry/vec3.ts';
import { meshEdges, oppositeHalfEdges } from '#shared/mesh/edges.ts';
import { faceCross, vertexLpsMm } from '#shared/mesh/measures.ts';
import { faceCount, type TriangleMesh, vertexCount } from '#shared/mesh/triangleMesh.ts';

/** The flat end that a closed appendage has where it was cut off the atrium. */
export interface OwnCap {
  /** 1 for each vertex of the flat faces and of the rounded edge round them. */
  readonly vertices: Uint8Array;
  /** 1 for each vertex of the flat faces alone. */
  readonly flat: Uint8Array;
  /** The plane of the flat faces; the normal points into the appendage. */
  readonly plane: PlaneLps;
}

/** A flat face's normal leans from its region's by less than this, and its corners lie this near to its plane. */
const FLAT_COSINE = Math.cos((16 * Math.PI) / 180);
const FLAT_MM = 0.16;
/** How the end of a surface goes over into its wall: what leans less and lies nearer to its plane belongs to the end. */
export interface EndEdge {
  readonly cosine: number;
  readonly reachMm: number;
}

/** A surface that was cut flat has a sharp edge. */
export const SHARP_EDGE: EndEdge = { cosine: Math.cos((45 * Math.PI) / 180), reachMm: 0.3 };
/** One drawn from labels is rounded there by their smoothing. */
export const ROUNDED_EDGE: EndEdge = { cosine: Math.cos((62 * Math.PI) / 180), reachMm: 0.9 };

/** Ostia measure 100 mm² and more; a sphere of 12 mm radius has 24 mm² within FLAT_MM of a plane. */
const LEAST_AREA_MM2 = 40;
/** A strip along a tube is long; an ostium's axes differ by less than this. */
const LEAST_AXIS_RATIO = 0.35;
/** An own cap looks towards the atrium: its outward normal leans from the given direction by less than this. */
const FACING_COSINE = Math.cos((70 * Math.PI) / 180);

/**
 * Finds the largest flat part of a closed surface that faces the atrium; undefined where there is none, on a surface
 * that is round on that side.
 * @param distal the direction into the appendage, a unit vector.
 * @param heights how far each vertex lies along it; only a cap that reaches above 0 is looked for.
 */
export function ownCap(
  closed: TriangleMesh,
  distal: Vec3,
  heights: Float64Array,
  edge: EndEdge = SHARP_EDGE,
): OwnCap | undefined {
  const count = faceCount(closed);
  const opposite = oppositeHalfEdges(meshEdges(closed));
  const crosses = new Float64Array(3 * count);
  const areas = new Float64Array(count);
  for (let face = 0; face < count; face++) {
    const [x, y, z] = faceCross(closed, face);
    const norm = Math.hypot(x, y, z);
    areas[face] = norm / 2;
    if (norm === 0) continue;
    crosses[3 * face] = x / norm;
    crosses[3 * face + 1] = y / norm;
    crosses[3 * face + 2] = z / norm;
  }
  const facing = (face: number, direction: Vec3): number =>
    crosses[3 * face]! * direction[0] +
    crosses[3 * face + 1]! * direction[1] +
    crosses[3 * face + 2]! * direction[2];
  const { positionsLpsMm: p, triangles } = closed;
  const farthest = (face: number, { pointLpsMm, normal }: PlaneLps): number => {
    let most = 0;
    for (let h = 3 * face; h < 3 * face + 3; h++) {
      const at = 3 * triangles[h]!;
      const height =
        (p[at]! - pointLpsMm[0]) * normal[0] +
        (p[at + 1]! - pointLpsMm[1]) * normal[1] +
        (p[at + 2]! - pointLpsMm[2]) * normal[2];
      most = Math.max(most, Math.abs(height));
    }
    return most;
  };
  /** The round in which a face was last found. */
  const foundIn = new Int32Array(count);
  let growths = 0;
  const grow = (seeds: readonly number[], belongs: (face: number) => boolean): number[] => {
    growths++;
    for (const face of seeds) foundIn[face] = growths;
    const found = [...seeds];
    for (const face of found) {
      for (let h = 3 * face; h < 3 * face + 3; h++) {
        const other = opposite[h]!;
        const next = (other / 3) | 0;
        if (other < 0 || foundIn[next] === growths || !belongs(next)) continue;
        foundIn[next] = growths;
        found.push(next);
      }
    }
    return found;
  };

  const visited = new Uint8Array(count);
  let best: { faces: number[]; areaMm2: number; plane: PlaneLps } | undefined;
  for (let seed = 0; seed < count; seed++) {
    const h = 3 * seed;
    const reachesUp =
      heights[triangles[h]!]! > 0 || heights[triangles[h + 1]!]! > 0 || heights[triangles[h + 2]!]! > 0;
    if (!reachesUp || visited[seed] === 1 || areas[seed] === 0 || -facing(seed, distal) < FACING_COSINE)
      continue;
    let plane = planeOfFace(closed, seed, crosses);
    let faces: number[] = [];
    // A face's own normal is uncertain; the plane of what was found with it is less so.
    for (let round = 0; round < 3; round++) {
      const { normal } = plane;
      faces = grow([seed], (face) => facing(face, normal) > FLAT_COSINE && farthest(face, plane) < FLAT_MM);
      if (faces.length < 6) break;
      plane = planeOfFaces(closed, faces, normal);
    }
    for (const face of faces) visited[face] = 1;
    const areaMm2 = faces.reduce((sum, face) => sum + areas[face]!, 0);
    if (areaMm2 < LEAST_AREA_MM2 || areaMm2 <= (best?.areaMm2 ?? 0)) continue;
    if (-dot(plane.normal, distal) < FACING_COSINE || axisRatio(closed, faces, plane) < LEAST_AXIS_RATIO)
      continue;
    best = { faces, areaMm2, plane };
  }
  if (!best) return undefined;
  const { plane } = best;
  const withEdge = grow(
    best.faces,
    (face) => facing(face, plane.normal) > edge.cosine && farthest(face, plane) < edge.reachMm,
  );
  const marked = (faces: readonly number[]): Uint8Array => {
    const vertices = new Uint8Array(vertexCount(closed));
    for (const face of faces) {
      for (let corner = 0; corner < 3; corner++) vertices[closed.triangles[3 * face + corner]!] = 1;
    }
    return vertices;
  };
  return {
    vertices: marked(withEdge),
    flat: marked(best.faces),
    plane: { pointLpsMm: plane.pointLpsMm, normal: scale(plane.normal, -1) },
  };
}

function planeOfFace(mesh: TriangleMesh, face: number, unit: Float64Array): PlaneLps {
  return {
    pointLpsMm: vertexLpsMm(mesh, mesh.triangles[3 * face]!),
    normal: [unit[3 * face]!, unit[3 * face + 1]!, unit[3 * face + 2]!],
  };
}

const cornersOf = (mesh: TriangleMesh, faces: readonly number[]): Vec3[] => {
  const vertices = new Set<number>();
  for (const face of faces) {
    for (let corner = 0; corner < 3; corner++) vertices.add(mesh.triangles[3 * face + corner]!);
  }
  return Array.from(vertices, (vertex) => vertexLpsMm(mesh, vertex));
};

function planeOfFaces(mesh: TriangleMesh, faces: readonly number[], outward: Vec3): PlaneLps {
  const fitted = fitPlane(cornersOf(mesh, faces).flat(), undefined, 2);
  return dot(fitted.normal, outward) < 0 ? { ...fitted, normal: scale(fitted.normal, -1) } : fitted;
}

/** The ratio of the two axes of a flat region, from its corners' moments: 1 for a disc. */
function axisRatio(mesh: TriangleMesh, faces: readonly number[], { normal }: PlaneLps): number {
  const points = cornersOf(mesh, faces);
  const mean = perAxis((axis) => points.reduce((sum, point) => sum + point[axis], 0) / points.length);
  // In the plane the covariance has two eigenvalues: trace and the sum of squares give both.
  let [xx, xy, yy] = [0, 0, 0];
  const helper: Vec3 = Math.abs(normal[0]) < 0.6 ? [1, 0, 0] : [0, 1, 0];
  const raw = subtract(helper, scale(normal, dot(helper, normal)));
  const u = scale(raw, 1 / Math.hypot(...raw));
  const v: Vec3 = [
    normal[1] * u[2] - normal[2] * u[1],
    normal[2] * u[0] - normal[0] * u[2],
    normal[0] * u[1] - normal[1] * u[0],
  ];
  for (const point of points) {
    const offset = subtract(point, mean);
    const [x, y] = [dot(offset, u), dot(offset, v)];
    xx += x * x;
    xy += x * y;
    yy += y * y;
  }
  const half = (xx + yy) / 2;
  const spread = Math.hypot((xx - yy) / 2, xy);
  return Math.sqrt(Math.max(0, half - spread) / Math.max(half + spread, 1e-12));
}

/**
 * The flat end of a closed surface whichever way it looks: 1 for each vertex of the largest one found; undefined where
 * there is none.
 * @param isRounded the surface was drawn from labels, whose smoothing rounds the end's edge
 */
export function flatEnd(closed: TriangleMesh, isRounded: boolean): Uint8Array | undefined {
  const everywhere = new Float64Array(vertexCount(closed)).fill(1);
  const edge = isRounded ? ROUNDED_EDGE : SHARP_EDGE;
  let best: { vertices: Uint8Array; count: number } | undefined;
  for (const axis of [0, 1, 2]) {
    for (const sign of [-1, 1]) {
      const cap = ownCap(
        closed,
        perAxis((own) => (own === axis ? sign : 0)),
        everywhere,
        edge,
      );
      if (!cap) continue;
      const vertices = isRounded ? cap.vertices : cap.flat;
      const count = vertices.reduce((sum, mark) => sum + mark, 0);
      if (count > (best?.count ?? 0)) best = { vertices, count };
    }
  }
  return best?.vertices;
}
