import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';

/** The patient frames that meshes are written in: DICOM's LPS, or RAS as NIfTI's family of tools wants it. */
export type MeshFrame = 'LPS' | 'RAS';

/** What every header begins with: who wrote it, the frame and the unit. */
export const frameText = (frame: MeshFrame): string => `Auricle ${frame} mm`;

/**
 * The mesh's coordinates in a frame, mm, 3·V. RAS turns x and y round: two signs, that is half a turn about z, so that
 * triangles stay counter-clockwise seen from outside. The mesh's own array is returned for LPS.
 */
export function positionsInFrame(mesh: TriangleMesh, frame: MeshFrame): Float32Array {
  if (frame === 'LPS') return mesh.positionsLpsMm;
  // 0 − x, so that zero stays zero rather than −0.
  return mesh.positionsLpsMm.map((value, index) => (index % 3 === 2 ? value : 0 - value));
}

/** Back from a frame: what {@link positionsInFrame} turned. */
export const positionsFromFrame = (positions: Float32Array, frame: MeshFrame): Float32Array =>
  positionsInFrame({ positionsLpsMm: positions, triangles: new Uint32Array(0) }, frame);

/** The frame that a header's text names; undefined where it names none. */
export function frameNamedIn(text: string): MeshFrame | undefined {
  const match = /\b(LPS|RAS)\b/.exec(text);
  return match ? (match[1] as MeshFrame) : undefined;
}
