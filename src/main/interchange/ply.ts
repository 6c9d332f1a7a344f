import { faceCount, type TriangleMesh, vertexCount } from '#shared/mesh/triangleMesh.ts';
import { frameText, type MeshFrame, positionsInFrame } from './meshFrame.ts';

/**
 * A mesh as binary little-endian PLY; frame and unit in a comment.
 * @param faceLabels a number 0–255 per face, for example 0 wall and 1 ostium; written as the property "label".
 */
export function encodePly(
  mesh: TriangleMesh,
  text = '',
  faceLabels?: Uint8Array,
  frame: MeshFrame = 'LPS',
): Uint8Array {
  const header = [
    'ply',
    'format binary_little_endian 1.0',
    `comment ${frameText(frame)}`,
    ...(text ? [`comment ${text.replaceAll(/[^\x20-\x7e]+/g, ' ')}`] : []),
    `element vertex ${vertexCount(mesh)}`,
    'property float x',
    'property float y',
    'property float z',
    `element face ${faceCount(mesh)}`,
    'property list uchar int vertex_indices',
    ...(faceLabels ? ['property uchar label'] : []),
    'end_header',
    '',
  ].join('\n');
  const head = new TextEncoder().encode(header);
  const faceBytes = faceLabels ? 14 : 13;
  const bytes = new Uint8Array(head.length + 4 * mesh.positionsLpsMm.length + faceBytes * faceCount(mesh));
  bytes.set(head);
  const view = new DataView(bytes.buffer);
  let at = head.length;
  for (const value of positionsInFrame(mesh, frame)) {
    view.setFloat32(at, value, true);
    at += 4;
  }
  for (let face = 0; face < faceCount(mesh); face++) {
    view.setUint8(at, 3);
    for (let corner = 0; corner < 3; corner++) {
      view.setInt32(at + 1 + 4 * corner, mesh.triangles[3 * face + corner]!, true);
    }
    if (faceLabels) view.setUint8(at + 13, faceLabels[face] ?? 0);
    at += faceBytes;
  }
  return bytes;
}
