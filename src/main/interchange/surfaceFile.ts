import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { weldTriangles } from '../mesh/weld.ts';
import { frameNamedIn, type MeshFrame, positionsFromFrame } from './meshFrame.ts';
import { decodeObj } from './obj.ts';
import { decodePly } from './ply.ts';
import { decodeStl } from './stl.ts';
import { decodeVtk } from './vtk.ts';
import { readVtp } from './vtp.ts';

/** What a file's name must end in to be read as a surface. */
export const SURFACE_EXTENSIONS = ['stl', 'vtk', 'vtp', 'ply', 'obj'] as const;

export const isSurfaceFile = (fileName: string): boolean =>
  (SURFACE_EXTENSIONS as readonly string[]).includes(extensionOf(fileName));

const extensionOf = (fileName: string): string => /\.([^.]+)$/.exec(fileName)?.[1]?.toLowerCase() ?? '';

/** So much of a file is looked at for the name of its frame. */
const HEADER_BYTES = 1024;

/**
 * Reads a surface of any of the formats: STL, legacy VTK, VTP, PLY, OBJ. Vertices at exactly the same place become one.
 * @param frame the frame of the file's coordinates. Where it is left out, the frame that the file itself names
 * ("Auricle RAS mm", 3D Slicer's "SPACE=RAS"), else LPS.
 * @throws UserError where the file is of another format, damaged, or holds no faces
 */
export function decodeSurface(bytes: Uint8Array, fileName: string, frame?: MeshFrame): TriangleMesh {
  const { mesh, named } = readRaw(bytes, fileName);
  const positions = positionsFromFrame(mesh.positionsLpsMm, frame ?? named ?? 'LPS');
  const corners = new Float32Array(3 * mesh.triangles.length);
  mesh.triangles.forEach((vertex, corner) => {
    corners.set(positions.subarray(3 * vertex, 3 * vertex + 3), 3 * corner);
  });
  return weldTriangles(corners);
}

function readRaw(bytes: Uint8Array, fileName: string): { mesh: TriangleMesh; named: MeshFrame | undefined } {
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, HEADER_BYTES));
  /** The frame that the places for remarks name; numbers and base64 may look like its letters. */
  const named = (...remarks: (string | undefined)[]): MeshFrame | undefined =>
    frameNamedIn(remarks.join('\n'));
  switch (extensionOf(fileName)) {
    case 'stl':
      return { mesh: decodeStl(bytes), named: named(start.slice(0, 80)) };
    case 'vtk':
      return { mesh: decodeVtk(bytes), named: named(start.split('\n')[1]) };
    case 'vtp': {
      const { mesh, frame } = readVtp(bytes);
      return { mesh, named: frame ?? named(/<!--[\s\S]*?-->/.exec(start)?.[0]) };
    }
    case 'ply':
      return { mesh: decodePly(bytes), named: named(...(start.match(/^comment .*$/gm) ?? [])) };
    case 'obj':
      return { mesh: decodeObj(bytes), named: named(...(start.match(/^#.*$/gm) ?? [])) };
    default:
      throw new UserError(failure('files.surface-unknown', { fileName }));
  }
}
