import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { surfaceAreaMm2 } from '#shared/mesh/measures.ts';
import { faceCount, type TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { capLoop } from '../mesh/capLoop.ts';
import { facesNotIn, type PatchedMesh } from '../mesh/patchedMesh.ts';
import { selfIntersectingFaces } from '../mesh/selfIntersections.ts';
import { orientedOutward } from '../mesh/submesh.ts';
import { findBoundaryLoops, meshTopology } from '../mesh/topology.ts';

/** Ids of patches, as VMTK numbers them: walls 1, openings from 2 on. */
export const PATCH = { wall: 1, ostium: 2, inlet: 3, extension: 4 } as const;
export type PatchName = keyof typeof PATCH;
/** The names of the patches that a mesh has, in the order of their ids. */
export const patchNames = ({ patchOfFace }: PatchedMesh): PatchName[] =>
  (Object.keys(PATCH) as PatchName[]).filter((name) => patchOfFace.includes(PATCH[name]));

/** A lumen as closed surface with its open wall where it has an ostium; or one surface, open or closed. */
export type LumenSurfaces =
  | { readonly closed: TriangleMesh; readonly wall: TriangleMesh | null }
  | { readonly surface: TriangleMesh };

/**
 * The closed surface of a lumen with wall and ostium as patches. A surface with one opening is capped there; a closed one
 * without a wall beside it has no ostium.
 * @throws UserError where it is no single closed surface without handles that passes nowhere through itself
 */
export function lumenPatches(surfaces: LumenSurfaces): PatchedMesh {
  const lumen = 'surface' in surfaces ? capped(surfaces.surface) : divided(surfaces);
  checkLumen(lumen.mesh);
  return lumen;
}

const idOf = (isCap: number): number => (isCap === 1 ? PATCH.ostium : PATCH.wall);

function divided({ closed, wall }: { closed: TriangleMesh; wall: TriangleMesh | null }): PatchedMesh {
  if (wall === null) return { mesh: closed, patchOfFace: new Uint8Array(faceCount(closed)).fill(PATCH.wall) };
  const isCap = facesNotIn(closed, wall);
  // A wall that is not made of the closed surface's faces says for itself where it is open.
  if (faceCount(closed) - isCap.reduce((sum, one) => sum + one, 0) !== faceCount(wall)) return capped(wall);
  return { mesh: closed, patchOfFace: isCap.map(idOf) };
}

function capped(surface: TriangleMesh): PatchedMesh {
  const loops = findBoundaryLoops(surface);
  if (loops.length > 1) throw new UserError(failure('remeshing.openings', { openings: loops.length }));
  const wallFaces = faceCount(surface);
  if (loops.length === 0) {
    return { mesh: orientedOutward(surface), patchOfFace: new Uint8Array(wallFaces).fill(PATCH.wall) };
  }
  const mesh = capLoop(surface, loops[0]!);
  const patchOfFace = Uint8Array.from({ length: faceCount(mesh) }, (_, face) =>
    idOf(face >= wallFaces ? 1 : 0),
  );
  return { mesh: orientedOutward(mesh), patchOfFace };
}

function checkLumen(mesh: TriangleMesh): void {
  const { components, genus, watertight, nonManifoldVertices, misorientedEdges } = meshTopology(mesh);
  if (!watertight || nonManifoldVertices > 0 || misorientedEdges > 0) {
    throw new UserError(failure('remeshing.not-a-surface'));
  }
  if (components > 1) throw new UserError(failure('remeshing.pieces', { pieces: components }));
  if (genus > 0) throw new UserError(failure('remeshing.handles', { handles: genus }));
  const crossings = selfIntersectingFaces(mesh).length;
  if (crossings > 0) throw new UserError(failure('remeshing.crosses-itself', { crossings }));
}

/** More faces than this are refused: memory and minutes. */
const MOST_FACES = 1_500_000;
/** A ball's surface takes about so many edges across, an ostium's outline so many around, to keep its shape. */
const LEAST_EDGES_ACROSS = 4;
const LEAST_EDGES_AROUND = 8;

/** @throws UserError where the surface, or its ostium, is too small for the edges, or needs too many of them */
export function checkEdgeLength({ mesh, patchOfFace }: PatchedMesh, volumeMm3: number, edgeMm: number): void {
  const acrossMm = 2 * Math.cbrt((3 * volumeMm3) / (4 * Math.PI));
  const ostiumFaces = patchOfFace.reduce((count, id) => count + (id === PATCH.ostium ? 1 : 0), 0);
  const aroundMm = ostiumFaces === 0 ? Infinity : outlineMm({ mesh, patchOfFace });
  if (acrossMm < LEAST_EDGES_ACROSS * edgeMm || aroundMm < LEAST_EDGES_AROUND * edgeMm) {
    throw new UserError(failure('remeshing.too-small', { edgeMm }));
  }
  // An equilateral triangle has √3/4 of the square of its side.
  if (surfaceAreaMm2(mesh) / ((Math.sqrt(3) / 4) * edgeMm * edgeMm) > MOST_FACES) {
    throw new UserError(failure('remeshing.too-large', { edgeMm }));
  }
}

/** Length of the line between wall and ostium, mm. */
function outlineMm({ mesh, patchOfFace }: PatchedMesh): number {
  const { triangles, positionsLpsMm: p } = mesh;
  const ofWall = triangles.filter((_, h) => patchOfFace[Math.floor(h / 3)] === PATCH.wall);
  let sum = 0;
  for (const loop of findBoundaryLoops({ positionsLpsMm: p, triangles: ofWall })) {
    loop.forEach((vertex, index) => {
      const next = loop[(index + 1) % loop.length]!;
      sum += Math.hypot(...[0, 1, 2].map((axis) => p[3 * vertex + axis]! - p[3 * next + axis]!));
    });
  }
  return sum;
}
