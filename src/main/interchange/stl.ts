import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { faceCross } from '#shared/mesh/measures.ts';
import { faceCount, type TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { weldTriangles } from '../mesh/weld.ts';
import { frameText, type MeshFrame, positionsInFrame } from './meshFrame.ts';

const HEADER_BYTES = 80;
const TRIANGLE_BYTES = 50;

/** Printable ASCII only, for a header is bytes. */
const asciiOnly = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?');

/** The mesh as it is to be written: its coordinates are those of the frame from here on. */
const turned = (mesh: TriangleMesh, frame: MeshFrame): TriangleMesh => ({
  positionsLpsMm: positionsInFrame(mesh, frame),
  triangles: mesh.triangles,
});

/** Unit normal of a face; zero where it has no area, as the format's readers expect. */
function unitNormal(mesh: TriangleMesh, face: number): readonly [number, number, number] {
  const [x, y, z] = faceCross(mesh, face);
  const length = Math.hypot(x, y, z);
  return length > 0 ? [x / length, y / length, z / length] : [0, 0, 0];
}

/**
 * A mesh as binary STL, little-endian. The 80-byte header is "Auricle LPS mm" (or RAS), for STL itself can say neither
 * frame nor unit, and the given text, cut to fit.
 */
export function encodeStl(lpsMesh: TriangleMesh, text = '', frame: MeshFrame = 'LPS'): Uint8Array {
  const mesh = turned(lpsMesh, frame);
  const faces = faceCount(mesh);
  const bytes = new Uint8Array(HEADER_BYTES + 4 + TRIANGLE_BYTES * faces);
  bytes.fill(0x20, 0, HEADER_BYTES);
  bytes.set(new TextEncoder().encode(asciiOnly(`${frameText(frame)} ${text}`.trim()).slice(0, HEADER_BYTES)));
  const view = new DataView(bytes.buffer);
  view.setUint32(HEADER_BYTES, faces, true);
  for (let face = 0; face < faces; face++) {
    const at = HEADER_BYTES + 4 + TRIANGLE_BYTES * face;
    unitNormal(mesh, face).forEach((value, axis) => {
      view.setFloat32(at + 4 * axis, value, true);
    });
    for (let corner = 0; corner < 3; corner++) {
      const vertex = 3 * mesh.triangles[3 * face + corner]!;
      for (let axis = 0; axis < 3; axis++) {
        view.setFloat32(at + 12 + 12 * corner + 4 * axis, mesh.positionsLpsMm[vertex + axis]!, true);
      }
    }
  }
  return bytes;
}

/** A mesh as ASCII STL; the solid's name is "Auricle LPS mm" (or RAS) and the given text. */
export const encodeStlAscii = (lpsMesh: TriangleMesh, text = '', frame: MeshFrame = 'LPS'): Uint8Array =>
  encodeStlSolids([{ name: `${frameText(frame)} ${text}`.trim(), mesh: lpsMesh }], frame);

/**
 * Meshes as ASCII STL, each a solid of its own: the form in which gmsh and OpenFOAM read patches. The names are the solids'
 * alone, for those programs take them for the patches'; frame and unit must be said elsewhere.
 */
export function encodeStlSolids(
  solids: readonly { readonly name: string; readonly mesh: TriangleMesh }[],
  frame: MeshFrame = 'LPS',
): Uint8Array {
  const lines: string[] = [];
  for (const { name: text, mesh: lpsMesh } of solids) {
    const mesh = turned(lpsMesh, frame);
    const name = asciiOnly(text);
    lines.push(`solid ${name}`);
    for (let face = 0; face < faceCount(mesh); face++) {
      lines.push(`  facet normal ${unitNormal(mesh, face).map(shortest).join(' ')}`, '    outer loop');
      for (let corner = 0; corner < 3; corner++) {
        const vertex = 3 * mesh.triangles[3 * face + corner]!;
        const point = mesh.positionsLpsMm.subarray(vertex, vertex + 3);
        lines.push(`      vertex ${Array.from(point, shortest).join(' ')}`);
      }
      lines.push('    endloop', '  endfacet');
    }
    lines.push(`endsolid ${name}`);
  }
  return new TextEncoder().encode(`${lines.join('\n')}\n`);
}

/** Nine digits restore a 32-bit float bit for bit. */
export const shortest = (value: number): string => String(Number(value.toPrecision(9)));

/**
 * Reads binary or ASCII STL and welds equal corners into vertices. The coordinates are read as LPS mm.
 * @throws UserError for a file that is neither, is cut off, holds no faces, or a coordinate that is not a number.
 */
export function decodeStl(bytes: Uint8Array): TriangleMesh {
  const corners = isBinaryStl(bytes) ? binaryCorners(bytes) : asciiCorners(bytes);
  for (const value of corners) {
    if (!Number.isFinite(value)) throw new UserError(failure('files.stl-coordinate'));
  }
  if (corners.length === 0) throw new UserError(failure('files.surface-empty', { format: 'STL' }));
  return weldTriangles(corners);
}

/** A binary file may begin with "solid" too; its length decides. */
function isBinaryStl(bytes: Uint8Array): boolean {
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, 512));
  if (bytes.length < HEADER_BYTES + 4) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const faces = view.getUint32(HEADER_BYTES, true);
  if (bytes.length === HEADER_BYTES + 4 + TRIANGLE_BYTES * faces) return true;
  return !/^\s*solid\b/.test(start) || !/facet|endsolid/.test(start);
}

function binaryCorners(bytes: Uint8Array): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const faces = view.getUint32(HEADER_BYTES, true);
  if (bytes.length < HEADER_BYTES + 4 + TRIANGLE_BYTES * faces) {
    throw new UserError(failure('files.stl-cut-or-not'));
  }
  const corners = new Float32Array(9 * faces);
  for (let face = 0; face < faces; face++) {
    const at = HEADER_BYTES + 4 + TRIANGLE_BYTES * face + 12;
    for (let index = 0; index < 9; index++) corners[9 * face + index] = view.getFloat32(at + 4 * index, true);
  }
  return corners;
}

function asciiCorners(bytes: Uint8Array): Float32Array {
  const text = new TextDecoder('latin1').decode(bytes);
  if (!/^\s*solid\b/.test(text)) throw new UserError(failure('files.not-stl'));
  if (!/endsolid/.test(text)) throw new UserError(failure('files.stl-cut'));
  const values: number[] = [];
  for (const match of text.matchAll(/^\s*vertex\s+(\S+)\s+(\S+)\s+(\S+)\s*$/gm)) {
    values.push(Number(match[1]), Number(match[2]), Number(match[3]));
  }
  const facets = text.match(/^\s*facet\b/gm)?.length ?? 0;
  if (values.length !== 9 * facets) throw new UserError(failure('files.stl-facet'));
  return Float32Array.from(values);
}
