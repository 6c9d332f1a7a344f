/** An indexed triangle mesh in LPS millimetres. Triangles are counter-clockwise seen from outside. */
export interface TriangleMesh {
  /** 3·V coordinates: x, y, z of each vertex, LPS mm. */
  readonly positionsLpsMm: Float32Array;
  /** 3·F vertex indices. */
  readonly triangles: Uint32Array;
}

export const vertexCount = (mesh: TriangleMesh): number => mesh.positionsLpsMm.length / 3;
export const faceCount = (mesh: TriangleMesh): number => mesh.triangles.length / 3;
