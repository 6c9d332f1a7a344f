import { type MeshEdges, meshEdges, nextHalfEdge, oppositeHalfEdges } from '#shared/mesh/edges.ts';
import { faceCount, type TriangleMesh, vertexCount } from '#shared/mesh/triangleMesh.ts';

export interface MeshTopology {
  readonly vertices: number;
  readonly faces: number;
  /** Pieces connected through edges. */
  readonly components: number;
  /** Closed chains of border edges; 0 for a closed mesh. */
  readonly boundaryLoops: number;
  readonly boundaryEdges: number;
  /** Edges with more than two faces. */
  readonly nonManifoldEdges: number;
  /** Vertices whose faces do not form one disc or one half-disc. */
  readonly nonManifoldVertices: number;
  /** Edges whose two faces run along it in the same direction, so that their normals disagree. */
  readonly misorientedEdges: number;
  /** Vertices that no face uses. */
  readonly unusedVertices: number;
  /** Closed: every edge has exactly two faces. */
  readonly watertight: boolean;
  /** V − E + F over the used vertices. */
  readonly eulerCharacteristic: number;
  /** Handles over all components, (2·components − Euler − loops)/2; meaningful for an oriented manifold only. */
  readonly genus: number;
}

/** Counts how the mesh is connected; positions are not used. */
export function meshTopology(mesh: TriangleMesh, edges: MeshEdges = meshEdges(mesh)): MeshTopology {
  const { triangles } = mesh;
  const opposite = oppositeHalfEdges(edges);
  let boundaryEdges = 0;
  let nonManifoldEdges = 0;
  for (let edge = 0; edge < edges.facesAtEdge.length; edge++) {
    const faces = edges.facesAtEdge[edge]!;
    if (faces === 1) boundaryEdges++;
    else if (faces > 2) nonManifoldEdges++;
  }
  let misorientedEdges = 0;
  for (let h = 0; h < opposite.length; h++) {
    const other = opposite[h]!;
    if (other > h && triangles[h] === triangles[other]) misorientedEdges++;
  }
  const used = new Uint8Array(vertexCount(mesh));
  let usedVertices = 0;
  for (let corner = 0; corner < triangles.length; corner++) {
    const vertex = triangles[corner]!;
    usedVertices += 1 - used[vertex]!;
    used[vertex] = 1;
  }
  const components = faceComponents(mesh, opposite).count;
  const boundaryLoops = findBoundaryLoops(mesh, edges).length;
  const eulerCharacteristic = usedVertices - edges.facesAtEdge.length + faceCount(mesh);
  return {
    vertices: vertexCount(mesh),
    faces: faceCount(mesh),
    components,
    boundaryLoops,
    boundaryEdges,
    nonManifoldEdges,
    nonManifoldVertices: countNonManifoldVertices(mesh, edges, opposite),
    misorientedEdges,
    unusedVertices: used.length - usedVertices,
    watertight: boundaryEdges === 0 && nonManifoldEdges === 0 && triangles.length > 0,
    eulerCharacteristic,
    genus: (2 * components - eulerCharacteristic - boundaryLoops) / 2,
  };
}

/** The component of each face, numbered in the order of their first faces. */
export function faceComponents(
  mesh: TriangleMesh,
  opposite: Int32Array = oppositeHalfEdges(meshEdges(mesh)),
): { readonly componentOfFace: Int32Array; readonly count: number } {
  const componentOfFace = new Int32Array(faceCount(mesh)).fill(-1);
  const stack: number[] = [];
  let count = 0;
  for (let seed = 0; seed < componentOfFace.length; seed++) {
    if (componentOfFace[seed] !== -1) continue;
    componentOfFace[seed] = count;
    stack.push(seed);
    while (stack.length > 0) {
      const face = stack.pop()!;
      for (let h = 3 * face; h < 3 * face + 3; h++) {
        const other = opposite[h]!;
        if (other < 0) continue;
        const neighbour = (other / 3) | 0;
        if (componentOfFace[neighbour] !== -1) continue;
        componentOfFace[neighbour] = count;
        stack.push(neighbour);
      }
    }
    count++;
  }
  return { componentOfFace, count };
}

/**
 * The border of an open mesh as closed chains of vertex indices, in the direction of the border's half-edges (the
 * surface on the left, seen from outside). A vertex at which several loops touch ends a loop, so that each comes out
 * simple.
 */
export function findBoundaryLoops(mesh: TriangleMesh, edges: MeshEdges = meshEdges(mesh)): Uint32Array[] {
  const { triangles } = mesh;
  const outgoing = new Map<number, number[]>();
  for (let h = 0; h < triangles.length; h++) {
    if (edges.facesAtEdge[edges.edgeOfHalfEdge[h]!] !== 1) continue;
    const from = triangles[h]!;
    const list = outgoing.get(from);
    if (list) list.push(triangles[nextHalfEdge(h)]!);
    else outgoing.set(from, [triangles[nextHalfEdge(h)]!]);
  }
  const loops: Uint32Array[] = [];
  for (const start of outgoing.keys()) {
    while ((outgoing.get(start)?.length ?? 0) > 0) {
      const path: number[] = [];
      const placeInPath = new Map<number, number>();
      let vertex: number | undefined = start;
      while (vertex !== undefined) {
        const seen = placeInPath.get(vertex);
        if (seen !== undefined) {
          const loop = path.splice(seen);
          for (const member of loop) placeInPath.delete(member);
          loops.push(Uint32Array.from(loop));
        }
        placeInPath.set(vertex, path.length);
        path.push(vertex);
        vertex = outgoing.get(vertex)?.pop();
      }
    }
  }
  return loops;
}

/** A vertex is manifold when its faces form one fan: a cycle, or a chain between two border edges. */
function countNonManifoldVertices(mesh: TriangleMesh, edges: MeshEdges, opposite: Int32Array): number {
  const { triangles } = mesh;
  const facesAtVertex = new Uint32Array(vertexCount(mesh));
  const someHalfEdge = new Int32Array(vertexCount(mesh)).fill(-1);
  const broken = new Uint8Array(vertexCount(mesh));
  for (let h = 0; h < triangles.length; h++) {
    const vertex = triangles[h]!;
    facesAtVertex[vertex]!++;
    const faces = edges.facesAtEdge[edges.edgeOfHalfEdge[h]!]!;
    if (faces > 2) {
      broken[vertex] = 1;
      broken[triangles[nextHalfEdge(h)]!] = 1;
    }
    // A fan with a border is walked from the border half-edge that leaves the vertex.
    if (someHalfEdge[vertex]! < 0 || faces === 1) someHalfEdge[vertex] = h;
  }
  let count = 0;
  for (let vertex = 0; vertex < facesAtVertex.length; vertex++) {
    if (facesAtVertex[vertex] === 0) continue;
    let walked = 0;
    const start = someHalfEdge[vertex]!;
    let h = start;
    while (broken[vertex] === 0) {
      walked++;
      // Within the face, the half-edge that enters the vertex; its opposite leaves the vertex in the next face.
      const entering = nextHalfEdge(nextHalfEdge(h));
      const next = opposite[entering]!;
      if (next < 0 || next === start || walked > facesAtVertex[vertex]!) break;
      if (triangles[next] !== vertex) break;
      h = next;
    }
    if (broken[vertex] === 1 || walked !== facesAtVertex[vertex]) count++;
  }
  return count;
}
