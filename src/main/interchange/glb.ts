import { vertexNormals } from '#shared/mesh/measures.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { type MeshFrame, positionsInFrame } from './meshFrame.ts';

const HALF = Math.SQRT1_2;

/**
 * How the node turns patient axes into glTF's (y up, +z forward, +x to the asset's own left), as a unit quaternion
 * x, y, z, w. From LPS: (L, P, S) → (L, S, −P), a quarter turn about x. From RAS: (R, A, S) → (−R, S, A), half a turn
 * about y + z. Either way the patient stands upright, faces the viewer, and is not mirrored.
 */
const ROTATIONS: Readonly<Record<MeshFrame, readonly [number, number, number, number]>> = {
  LPS: [-HALF, 0, 0, HALF],
  RAS: [0, HALF, HALF, 0],
};

export interface GlbOptions {
  readonly name: string;
  readonly text?: string;
  readonly frame?: MeshFrame;
}

/**
 * A mesh as binary glTF 2.0. The scene is in metres, y up, as the format demands; the vertices themselves are the
 * frame's millimetres, bit for bit, and the node's rotation and scale (0.001) take them there. Smooth normals; frame,
 * unit and text stand in `asset.extras`. Faces are seen from both sides, for a wall is open.
 */
export function encodeGlb(mesh: TriangleMesh, options: GlbOptions): Uint8Array {
  const { name, text = '', frame = 'LPS' } = options;
  const positions = positionsInFrame(mesh, frame);
  const normals = vertexNormals({ positionsLpsMm: positions, triangles: mesh.triangles });
  for (let at = 0; at < normals.length; at += 3) {
    // A vertex without area has no normal, but glTF allows unit vectors only.
    if (normals[at] === 0 && normals[at + 1] === 0 && normals[at + 2] === 0) normals[at + 2] = 1;
  }
  const vertices = positions.length / 3;
  const bytesPerVector = 12 * vertices;
  const json = {
    asset: {
      version: '2.0',
      generator: 'Auricle',
      extras: {
        frame,
        unit: 'mm',
        note: 'Vertices in frame and unit; the node turns them to metres, y up.',
        text,
      },
    },
    scene: 0,
    scenes: [{ nodes: [0] }],
    nodes: [{ name, mesh: 0, rotation: ROTATIONS[frame], scale: [0.001, 0.001, 0.001] }],
    meshes: [
      { name, primitives: [{ attributes: { POSITION: 0, NORMAL: 1 }, indices: 2, material: 0, mode: 4 }] },
    ],
    materials: [
      {
        name: 'endocardium',
        doubleSided: true,
        pbrMetallicRoughness: {
          baseColorFactor: [0.72, 0.25, 0.22, 1],
          metallicFactor: 0,
          roughnessFactor: 0.7,
        },
      },
    ],
    accessors: [
      { bufferView: 0, componentType: 5126, count: vertices, type: 'VEC3', ...bounds(positions) },
      { bufferView: 1, componentType: 5126, count: vertices, type: 'VEC3' },
      { bufferView: 2, componentType: 5125, count: mesh.triangles.length, type: 'SCALAR' },
    ],
    bufferViews: [
      { buffer: 0, byteOffset: 0, byteLength: bytesPerVector, target: 34962 },
      { buffer: 0, byteOffset: bytesPerVector, byteLength: bytesPerVector, target: 34962 },
      { buffer: 0, byteOffset: 2 * bytesPerVector, byteLength: mesh.triangles.byteLength, target: 34963 },
    ],
    buffers: [{ byteLength: 2 * bytesPerVector + mesh.triangles.byteLength }],
  };
  return container(new TextEncoder().encode(JSON.stringify(json)), [positions, normals, mesh.triangles]);
}

/** The least and greatest coordinate on each axis, which glTF demands of positions. */
function bounds(positions: Float32Array): { min: number[]; max: number[] } {
  const min = [Infinity, Infinity, Infinity];
  const max = [-Infinity, -Infinity, -Infinity];
  positions.forEach((value, index) => {
    min[index % 3] = Math.min(min[index % 3]!, value);
    max[index % 3] = Math.max(max[index % 3]!, value);
  });
  return { min, max };
}

const MAGIC = 0x46546c67;
const JSON_CHUNK = 0x4e4f534a;
const BINARY_CHUNK = 0x004e4942;

/** The GLB container: a 12-byte header, the JSON padded with spaces, the binary (always a multiple of 4 here). */
function container(json: Uint8Array, arrays: readonly (Float32Array | Uint32Array)[]): Uint8Array {
  const jsonLength = Math.ceil(json.length / 4) * 4;
  const binaryLength = arrays.reduce((sum, array) => sum + array.byteLength, 0);
  const bytes = new Uint8Array(12 + 8 + jsonLength + 8 + binaryLength);
  const view = new DataView(bytes.buffer);
  [MAGIC, 2, bytes.length, jsonLength, JSON_CHUNK].forEach((value, index) => {
    view.setUint32(4 * index, value, true);
  });
  bytes.fill(0x20, 20, 20 + jsonLength);
  bytes.set(json, 20);
  let at = 20 + jsonLength;
  view.setUint32(at, binaryLength, true);
  view.setUint32(at + 4, BINARY_CHUNK, true);
  at += 8;
  for (const array of arrays) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at);
    at += array.byteLength;
  }
  return bytes;
}
