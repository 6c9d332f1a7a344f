import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { faceCount, type TriangleMesh, vertexCount } from '#shared/mesh/triangleMesh.ts';
import { type MeshFrame, positionsFromFrame, positionsInFrame } from './meshFrame.ts';
import { escapeXml } from './xmlText.ts';

/**
 * A mesh as VTK PolyData XML (.vtp), arrays inline as base64, little-endian, with a 32-bit byte count before each:
 * Float32 points, UInt32 connectivity and offsets. Frame, unit and the text are field data ("frame", "unit",
 * "description"), so that they survive VTK's own pipeline. See VTK's "XML File Formats".
 */
export function encodeVtp(mesh: TriangleMesh, text = '', frame: MeshFrame = 'LPS'): Uint8Array {
  const faces = faceCount(mesh);
  const offsets = Uint32Array.from({ length: faces }, (_, face) => 3 * (face + 1));
  const xml = `<?xml version="1.0"?>
<!-- Auricle ${frame} mm -->
<VTKFile type="PolyData" version="1.0" byte_order="LittleEndian" header_type="UInt32">
<PolyData>
<FieldData>
${stringArray('frame', frame)}
${stringArray('unit', 'mm')}
${stringArray('description', text || 'Auricle')}
</FieldData>
<Piece NumberOfPoints="${vertexCount(mesh)}" NumberOfVerts="0" NumberOfLines="0" NumberOfStrips="0" NumberOfPolys="${faces}">
<Points>
<DataArray type="Float32" Name="Points" NumberOfComponents="3" format="binary">${base64Block(positionsInFrame(mesh, frame))}</DataArray>
</Points>
<Polys>
<DataArray type="UInt32" Name="connectivity" format="binary">${base64Block(mesh.triangles)}</DataArray>
<DataArray type="UInt32" Name="offsets" format="binary">${base64Block(offsets)}</DataArray>
</Polys>
</Piece>
</PolyData>
</VTKFile>
`;
  return new TextEncoder().encode(xml);
}

/** VTK writes strings as the codes of their bytes, each string ended by a 0. */
function stringArray(name: string, value: string): string {
  const codes = [...new TextEncoder().encode(value), 0].join(' ');
  return `<Array type="String" Name="${escapeXml(name)}" NumberOfTuples="1" format="ascii">${codes}</Array>`;
}

/** The byte count and the bytes, as one run of base64. */
function base64Block(values: Float32Array | Uint32Array): string {
  const block = Buffer.alloc(4 + values.byteLength);
  block.writeUInt32LE(values.byteLength, 0);
  block.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), 4);
  return block.toString('base64');
}

/**
 * Reads the meshes that {@link encodeVtp} writes (triangles only, inline base64, uncompressed), turned to LPS.
 * @throws UserError for any other file.
 */
export function decodeVtp(bytes: Uint8Array): TriangleMesh {
  const xml = new TextDecoder().decode(bytes);
  if (!/<VTKFile[^>]*type="PolyData"/.test(xml)) throw new UserError(failure('files.not-vtp'));
  if (!/byte_order="LittleEndian"/.test(xml) || /compressor=/.test(xml)) {
    throw new UserError(failure('files.vtp-encoding'));
  }
  const array = (name: string, type: string): ArrayBuffer => {
    const found = new RegExp(
      `<DataArray type="${type}" Name="${name}"[^>]*format="binary">([^<]*)</DataArray>`,
    ).exec(xml);
    const block = Buffer.from(found?.[1] ?? '', 'base64');
    if (block.length < 4 || block.readUInt32LE(0) !== block.length - 4) {
      throw new UserError(failure('files.vtp-array', { array: name }));
    }
    // A copy, so that the values lie aligned in a buffer of their own.
    return new Uint8Array(block.subarray(4)).buffer;
  };
  const positions = new Float32Array(array('Points', 'Float32'));
  const triangles = new Uint32Array(array('connectivity', 'UInt32'));
  const offsets = new Uint32Array(array('offsets', 'UInt32'));
  if (offsets.length * 3 !== triangles.length || offsets.some((end, face) => end !== 3 * (face + 1))) {
    throw new UserError(failure('files.vtp-faces'));
  }
  if (triangles.some((vertex) => 3 * vertex >= positions.length)) {
    throw new UserError(failure('files.vtp-vertex'));
  }
  const frame = xml.includes(stringArray('frame', 'RAS')) ? 'RAS' : 'LPS';
  return { positionsLpsMm: positionsFromFrame(positions, frame), triangles };
}
