import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';

/** A surface whose faces belong to patches, as simulations want it: vertices on a line between two belong to both. */
export interface PatchedMesh {
  readonly mesh: TriangleMesh;
  /** For each face the id of its patch. */
  readonly patchOfFace: Uint8Array;
}

/**
 * The faces of a closed surface that another, which was made of some of its faces, does not have: 1 for those of the
 * ostium's cap where the other is the open wall. Compared by the places of the corners, bit for bit.
 */
export function facesNotIn(closed: TriangleMesh, part: TriangleMesh): Uint8Array {
  const known = new Set<string>();
  for (let h = 0; h < part.triangles.length; h += 3) known.add(faceKey(part, h));
  return Uint8Array.from({ length: closed.triangles.length / 3 }, (_, face) =>
    known.has(faceKey(closed, 3 * face)) ? 0 : 1,
  );
}

function faceKey({ positionsLpsMm: p, triangles }: TriangleMesh, firstCorner: number): string {
  const corners = [0, 1, 2].map((corner) => {
    const at = 3 * triangles[firstCorner + corner]!;
    return `${p[at]},${p[at + 1]},${p[at + 2]}`;
  });
  return corners.sort().join(' ');
}
