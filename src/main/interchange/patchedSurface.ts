import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import type { PatchedMesh } from '../mesh/patchedMesh.ts';
import { submesh } from '../mesh/submesh.ts';
import type { MeshFrame } from './meshFrame.ts';
import { encodeObj } from './obj.ts';
import { encodePly } from './ply.ts';
import { encodeStl, encodeStlSolids } from './stl.ts';
import { encodeVtp } from './vtp.ts';

/** A patch as files know it. */
export interface NamedPatch {
  readonly id: number;
  readonly name: string;
}

/** Files that hold several patches: what their names end in. */
export const PATCHED_EXTENSIONS = ['vtp', 'stl', 'obj', 'ply'] as const;
export type PatchedExtension = (typeof PATCHED_EXTENSIONS)[number];

/** @throws UserError where a file's name ends in no format that holds patches */
export function patchedExtension(fileName: string): PatchedExtension {
  const end = /\.([^.]+)$/.exec(fileName)?.[1]?.toLowerCase();
  const found = PATCHED_EXTENSIONS.find((extension) => extension === end);
  if (found !== undefined) return found;
  throw new UserError(
    failure('files.surface-not-written', { fileName, extensions: PATCHED_EXTENSIONS.join(', ') }),
  );
}

/**
 * A surface with its patches as one file. VTP: whole numbers a cell, as `CellEntityIds` (VMTK's name) and `ModelFaceID`
 * (SimVascular's), the names in field data; STL: text, a solid a patch; OBJ: a group a patch; PLY: the face property
 * `label`.
 */
export function encodePatched(
  { mesh, patchOfFace }: PatchedMesh,
  patches: readonly NamedPatch[],
  extension: PatchedExtension,
  { text, frame = 'LPS' }: { readonly text: string; readonly frame?: MeshFrame },
): Uint8Array {
  const facesOf = (id: number): TriangleMesh => ({
    positionsLpsMm: mesh.positionsLpsMm,
    triangles: mesh.triangles.filter((_, corner) => patchOfFace[Math.floor(corner / 3)] === id),
  });
  switch (extension) {
    case 'vtp': {
      const ids = Int32Array.from(patchOfFace);
      return encodeVtp(mesh, text, frame, {
        ofFaces: { CellEntityIds: ids, ModelFaceID: ids },
        fields: { patches: patches.map(({ id, name }) => `${id} ${name}`) },
      });
    }
    case 'stl':
      return encodeStlSolids(
        patches.map(({ id, name }) => ({ name, mesh: facesOf(id) })),
        frame,
      );
    case 'obj':
      return encodeObj(
        patches.map(({ id, name }) => ({ name, mesh: facesOf(id) })),
        text,
        frame,
      );
    case 'ply':
      return encodePly(mesh, text, patchOfFace, frame);
  }
}

/** Each patch as a file of its own, by the patch's name. Vertices on a rim are in the files of both, bit for bit. */
export function encodeSeparatePatches(
  { mesh, patchOfFace }: PatchedMesh,
  patches: readonly NamedPatch[],
  extension: PatchedExtension,
  { text, frame = 'LPS' }: { readonly text: string; readonly frame?: MeshFrame },
): Map<string, Uint8Array> {
  return new Map(
    patches.map(({ id, name }) => {
      const own = submesh(mesh, (face) => patchOfFace[face] === id).mesh;
      const label = `${name}, ${text}`;
      const encoders: Readonly<Record<PatchedExtension, () => Uint8Array>> = {
        vtp: () => encodeVtp(own, label, frame),
        stl: () => encodeStl(own, label, frame),
        obj: () => encodeObj([{ name, mesh: own }], label, frame),
        ply: () => encodePly(own, label, undefined, frame),
      };
      return [name, encoders[extension]()];
    }),
  );
}
