import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { faceCount, type TriangleMesh, vertexCount } from '#shared/mesh/triangleMesh.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import { type MeshFrame, positionsFromFrame, positionsInFrame } from './meshFrame.ts';
import { damagedSurface, polygonsToMesh, stripTriangles } from './surfaceReading.ts';
import { type Attributes, dataArray, type VtkXmlFile } from './vtpArrays.ts';
import { escapeXml } from './xmlText.ts';

/** Numbers and names that a VTP file has beside its surface. */
export interface VtpData {
  /** Whole numbers, one a face, by the name of the array. */
  readonly ofFaces?: Readonly<Record<string, Int32Array>>;
  /** Numbers, one a vertex, by the name of the array. */
  readonly ofVertices?: Readonly<Record<string, Float32Array>>;
  /** Lists of words, by name, as field data. */
  readonly fields?: Readonly<Record<string, readonly string[]>>;
}

/**
 * A mesh as VTK PolyData XML (.vtp), arrays inline as base64, little-endian, with a 32-bit byte count before each:
 * Float32 points, UInt32 connectivity and offsets. Frame, unit and the text are field data ("frame", "unit",
 * "description"), so that they survive VTK's own pipeline. See VTK's "XML File Formats".
 */
export function encodeVtp(
  mesh: TriangleMesh,
  text = '',
  frame: MeshFrame = 'LPS',
  { ofFaces = {}, ofVertices = {}, fields = {} }: VtpData = {},
): Uint8Array {
  const faces = faceCount(mesh);
  const offsets = Uint32Array.from({ length: faces }, (_, face) => 3 * (face + 1));
  const xml = `<?xml version="1.0"?>
<!-- Auricle ${frame} mm -->
<VTKFile type="PolyData" version="1.0" byte_order="LittleEndian" header_type="UInt32">
<PolyData>
<FieldData>
${stringArray('frame', [frame])}
${stringArray('unit', ['mm'])}
${stringArray('description', [text || 'Auricle'])}
${Object.entries(fields)
  .map((field) => `${stringArray(...field)}\n`)
  .join('')}</FieldData>
<Piece NumberOfPoints="${vertexCount(mesh)}" NumberOfVerts="0" NumberOfLines="0" NumberOfStrips="0" NumberOfPolys="${faces}">
${numberArrays('PointData', ofVertices)}${numberArrays('CellData', ofFaces)}<Points>
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

function numberArrays(
  section: 'PointData' | 'CellData',
  arrays: Readonly<Record<string, Int32Array | Float32Array>>,
): string {
  const names = Object.keys(arrays);
  if (names.length === 0) return '';
  const lines = names.map((name) => {
    const values = arrays[name]!;
    const type = values instanceof Int32Array ? 'Int32' : 'Float32';
    return `<DataArray type="${type}" Name="${escapeXml(name)}" format="binary">${base64Block(values)}</DataArray>\n`;
  });
  return `<${section} Scalars="${escapeXml(names[0]!)}">\n${lines.join('')}</${section}>\n`;
}

/** VTK writes strings as the codes of their bytes, each string ended by a 0. */
function stringArray(name: string, values: readonly string[]): string {
  const codes = values.flatMap((value) => [...new TextEncoder().encode(value), 0]).join(' ');
  return `<Array type="String" Name="${escapeXml(name)}" NumberOfTuples="${values.length}" format="ascii">${codes}</Array>`;
}

/** The byte count and the bytes, as one run of base64. */
function base64Block(values: Float32Array | Int32Array | Uint32Array): string {
  const block = Buffer.alloc(4 + values.byteLength);
  block.writeUInt32LE(values.byteLength, 0);
  block.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), 4);
  return block.toString('base64');
}

/**
 * Reads a surface in VTK's XML format, turned to LPS where its field data names a frame: any number types and byte
 * order, arrays as ASCII, inline base64 or appended, compressed by zlib or not; polygons and triangle strips, several
 * pieces.
 * @throws UserError for any other file, or one that is damaged or cut short
 */
export function decodeVtp(bytes: Uint8Array): TriangleMesh {
  const { mesh, frame } = readVtp(bytes);
  return {
    positionsLpsMm: positionsFromFrame(mesh.positionsLpsMm, frame ?? 'LPS'),
    triangles: mesh.triangles,
  };
}

/** As {@link decodeVtp}, with the file's own coordinates and the frame that it names. */
export function readVtp(bytes: Uint8Array): { readonly mesh: TriangleMesh; readonly frame?: MeshFrame } {
  // Latin-1 keeps a character for each byte, so that appended data is found where it lies.
  const xml = new TextDecoder('latin1').decode(bytes);
  const root = /<VTKFile\b([^>]*)>/.exec(xml);
  if (!root || attributesOf(root[1]!).get('type') !== 'PolyData')
    throw new UserError(failure('files.not-vtp'));
  try {
    const mesh = readPieces(xml, bytes, attributesOf(root[1]!));
    const frame = (['LPS', 'RAS'] as const).find((name) => xml.includes(stringArray('frame', [name])));
    return { mesh, ...withoutUndefined({ frame }) };
  } catch (thrown) {
    if (thrown instanceof UserError) throw thrown;
    throw damagedSurface('VTP');
  }
}

const attributesOf = (text: string): Attributes =>
  new Map([...text.matchAll(/([\w:]+)\s*=\s*["']([^"']*)["']/g)].map(([, name, value]) => [name!, value!]));

function readPieces(xml: string, bytes: Uint8Array, root: Attributes): TriangleMesh {
  const appendedTag = /<AppendedData\b([^>]*)>\s*_/.exec(xml);
  const appendedAt = appendedTag ? appendedTag.index + appendedTag[0].length : xml.length;
  const file: VtkXmlFile = {
    isLittleEndian: root.get('byte_order') !== 'BigEndian',
    headerType: root.get('header_type') === 'UInt64' ? 'uint64' : 'uint32',
    compressor: root.get('compressor'),
    appended: appendedTag
      ? {
          bytes: bytes.subarray(appendedAt),
          isBase64: attributesOf(appendedTag[1]!).get('encoding') === 'base64',
        }
      : undefined,
  };
  const head = xml.slice(0, appendedTag?.index ?? xml.length);
  if (!/<\/VTKFile>\s*$/.test(xml)) throw damagedSurface('VTP');
  const positions: number[] = [];
  const polygons: ArrayLike<number>[] = [];
  for (const piece of head.matchAll(/<Piece\b[^>]*>([\s\S]*?)<\/Piece>/g)) {
    const arrays = (section: string): Map<string, Float64Array> => {
      const body = new RegExp(`<${section}>([\\s\\S]*?)</${section}>`).exec(piece[1]!)?.[1] ?? '';
      const found = new Map<string, Float64Array>();
      for (const [, attributes, content] of body.matchAll(
        /<DataArray\b([^>]*?)(?:\/>|>([\s\S]*?)<\/DataArray>)/g,
      )) {
        const own = attributesOf(attributes!);
        found.set(own.get('Name') ?? '', dataArray(file, own, elementText(content ?? '')));
      }
      return found;
    };
    const base = positions.length / 3;
    // The only array of the points, whatever its name.
    const [points] = arrays('Points').values();
    for (const value of points ?? []) positions.push(value);
    for (const cell of cellsOf(arrays('Polys'), base)) polygons.push(cell);
    for (const cell of stripTriangles(cellsOf(arrays('Strips'), base))) polygons.push(cell);
  }
  return polygonsToMesh(positions, polygons, 'VTP');
}

/** An array's own text: an element within it (such as an InformationKey) is none of its values. */
const elementText = (content: string): string => content.replace(/<[\s\S]*$/, '');

function* cellsOf(arrays: ReadonlyMap<string, Float64Array>, base: number): Generator<Float64Array> {
  const connectivity = arrays.get('connectivity') ?? new Float64Array(0);
  let from = 0;
  for (const to of arrays.get('offsets') ?? []) {
    if (!(to >= from && to <= connectivity.length)) throw damagedSurface('VTP');
    yield connectivity.subarray(from, to).map((vertex) => vertex + base);
    from = to;
  }
}
