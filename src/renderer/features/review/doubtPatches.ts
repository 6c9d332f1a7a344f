import { vertexNormals } from '#shared/mesh/measures.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';

/** Parts of a surface that are less sure, as open surfaces of their own. */
export interface DoubtPatch {
  readonly mesh: TriangleMesh;
  readonly colour: string;
}

/** From these chances on that a point is off by more than 1 mm; yellow and red as warnings; a bluish red, which who cannot tell red
 * from green would else take for the surface's own orange. */
export const DOUBT_LEVELS = [
  { from: 0.1, colour: '#ffe14d' },
  { from: 0.25, colour: '#d0103f' },
] as const;

/** So far outside of the wall they are drawn, that it does not hide them, mm. */
const BEFORE_WALL_MM = 0.25;

/**
 * The faces of a surface by how likely their points are off, one patch for each level that has any.
 * @param offChances for each vertex, NaN where there is no wall
 */
export function doubtPatches(mesh: TriangleMesh, offChances: Float32Array): readonly DoubtPatch[] {
  // Asked for with every change of the scene: the same surface keeps its patches.
  const known = made.get(offChances);
  if (known) return known;
  const patches = makePatches(mesh, offChances);
  made.set(offChances, patches);
  return patches;
}

const made = new WeakMap<Float32Array, readonly DoubtPatch[]>();

function makePatches(mesh: TriangleMesh, offChances: Float32Array): DoubtPatch[] {
  const normals = vertexNormals(mesh);
  const positionsLpsMm = mesh.positionsLpsMm.map((mm, at) => mm + BEFORE_WALL_MM * normals[at]!);
  const levelOf = (face: number): number => {
    const chances = [0, 1, 2].map((corner) => offChances[mesh.triangles[3 * face + corner]!]!);
    const mean = (chances[0]! + chances[1]! + chances[2]!) / 3;
    return DOUBT_LEVELS.findLastIndex(({ from }) => mean >= from);
  };
  const faces: number[][] = DOUBT_LEVELS.map(() => []);
  for (let face = 0; face < mesh.triangles.length / 3; face++) faces[levelOf(face)]?.push(face);
  return DOUBT_LEVELS.flatMap(({ colour }, level) => {
    const own = faces[level]!;
    if (own.length === 0) return [];
    const triangles = Uint32Array.from(
      own.flatMap((face) => [...mesh.triangles.subarray(3 * face, 3 * face + 3)]),
    );
    return [{ mesh: { positionsLpsMm, triangles }, colour }];
  });
}
