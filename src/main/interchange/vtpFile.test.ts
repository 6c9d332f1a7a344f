import { zlibSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import vtkPolyData from 'vtk.js/Sources/Common/DataModel/PolyData';
import vtkXMLPolyDataWriter from 'vtk.js/Sources/IO/XML/XMLPolyDataWriter';
import { decodeSurface } from './surfaceFile.ts';
import {
  bytesOf,
  expected,
  faces,
  join,
  offsets,
  packed,
  points,
  triangles,
  vertices,
  withCounts,
} from './testing/sphereInParts.ts';

describe('VTP', () => {
  const arrayTag = (name: string, type: string, rest: string, content = '') =>
    `<DataArray type="${type}" Name="${name}" NumberOfComponents="${name === 'Points' ? 3 : 1}" ${rest}>${content}</DataArray>`;
  const document = (root: string, [p, c, o]: readonly string[], appended = '') => `<?xml version="1.0"?>
<VTKFile type="PolyData" version="1.0" ${root}>
  <PolyData>
    <Piece NumberOfPoints="${vertices}" NumberOfVerts="0" NumberOfLines="0" NumberOfStrips="0" NumberOfPolys="${faces}">
      <PointData><DataArray type="Float32" Name="connectivity" format="ascii">1 2 3</DataArray></PointData>
      <Points>${p}</Points>
      <Verts></Verts>
      <Polys>${c}${o}</Polys>
    </Piece>
  </PolyData>
${appended}</VTKFile>
`;
  type Header = 'UInt32' | 'UInt64';
  const word = (header: Header) => (header === 'UInt32' ? 'u4' : 'u8');
  /** A block as VTK's own writer lays it out; two blocks where it is compressed. */
  const block = (
    bytes: Uint8Array,
    header: Header,
    little: boolean,
    isCompressed: boolean,
  ): [head: Uint8Array, data: Uint8Array] => {
    if (!isCompressed) return [packed([bytes.length], word(header), little), bytes];
    const size = Math.ceil(bytes.length / 2);
    const parts = [bytes.subarray(0, size), bytes.subarray(size)].map((part) => zlibSync(part));
    const last = bytes.length - size;
    return [
      packed([2, size, last === size ? 0 : last, ...parts.map(({ length }) => length)], word(header), little),
      Buffer.concat(parts),
    ];
  };
  const base64 = (head: Uint8Array, data: Uint8Array, isCompressed: boolean) =>
    isCompressed
      ? Buffer.from(head).toString('base64') + Buffer.from(data).toString('base64')
      : Buffer.concat([head, data]).toString('base64');
  const combinations = (['UInt32', 'UInt64'] as const).flatMap((header) =>
    [true, false].flatMap((little) => [true, false].map((compressed) => ({ header, little, compressed }))),
  );
  const rootOf = ({ header, little, compressed }: (typeof combinations)[number]) =>
    `byte_order="${little ? 'LittleEndian' : 'BigEndian'}" header_type="${header}"${compressed ? ' compressor="vtkZLibDataCompressor"' : ''}`;
  const arrays = (little: boolean) => [
    packed(points, 'f4', little),
    packed(triangles, 'i8', little),
    packed(offsets, 'i8', little),
  ];
  const NAMES = [
    ['Points', 'Float32'],
    ['connectivity', 'Int64'],
    ['offsets', 'Int64'],
  ] as const;

  it.each(combinations)('is read inline: $header, little-endian $little, compressed $compressed', (how) => {
    const tags = arrays(how.little).map((bytes, index) => {
      const [name, type] = NAMES[index]!;
      const [head, data] = block(bytes, how.header, how.little, how.compressed);
      return arrayTag(name, type, 'format="binary"', `\n   ${base64(head, data, how.compressed)}\n  `);
    });
    expect(decodeSurface(bytesOf(document(rootOf(how), tags)), 'a.vtp')).toEqual(expected);
  });

  it.each(combinations)('is read appended: $header, little-endian $little, compressed $compressed', (how) => {
    for (const encoding of ['raw', 'base64'] as const) {
      const blocks = arrays(how.little).map((bytes) => {
        const [head, data] = block(bytes, how.header, how.little, how.compressed);
        return encoding === 'raw'
          ? Buffer.concat([head, data])
          : Buffer.from(base64(head, data, how.compressed));
      });
      let offset = 0;
      const tags = blocks.map((bytes, index) => {
        const [name, type] = NAMES[index]!;
        const tag = arrayTag(name, type, `format="appended" offset="${offset}"`);
        offset += bytes.length;
        return tag;
      });
      const [before, after] = document(rootOf(how), tags, '@').split('@') as [string, string];
      const file = join(
        before,
        `<AppendedData encoding="${encoding}">\n   _`,
        ...blocks,
        '\n</AppendedData>',
        after,
      );
      expect(decodeSurface(file, 'a.vtp'), encoding).toEqual(expected);
      for (let length = 0; length < file.length; length += 97) {
        expect(() => decodeSurface(file.subarray(0, length), 'a.vtp'), `${length} bytes`).toThrow('VTP');
      }
    }
  });

  it('is read as ASCII, and refused with another compression by its name', () => {
    const tags = [
      arrayTag(
        'Points',
        'Float64',
        'format="ascii"',
        `${Array.from(points).join(' ')}<InformationKey name="L2_NORM_RANGE">1</InformationKey>`,
      ),
      arrayTag('connectivity', 'Int32', 'format="ascii"', Array.from(triangles).join('\n')),
      arrayTag('offsets', 'Int32', 'format="ascii"', offsets.join(' ')),
    ];
    expect(decodeSurface(bytesOf(document('byte_order="LittleEndian"', tags)), 'a.vtp')).toEqual(expected);
    const binary = tags.map((tag) => tag.replace('ascii', 'binary'));
    const file = document('byte_order="LittleEndian" compressor="vtkLZ4DataCompressor"', binary);
    expect(() => decodeSurface(bytesOf(file), 'a.vtp')).toThrow(
      'compression by vtkLZ4DataCompressor, which is not read',
    );
  });

  it('is read as vtk.js writes it', () => {
    const polyData = vtkPolyData.newInstance();
    polyData.getPoints().setData(points, 3);
    polyData.getPolys().setData(Uint32Array.from(withCounts));
    const xml = vtkXMLPolyDataWriter.newInstance().write(polyData);
    expect(xml).toContain('vtkZLibDataCompressor');
    expect(decodeSurface(bytesOf(xml), 'a.vtp')).toEqual(expected);
  });
});
