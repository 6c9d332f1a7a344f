import { describe, expect, it } from 'vitest';
import vtkXMLPolyDataReader from 'vtk.js/Sources/IO/XML/XMLPolyDataReader';
import { UserError } from '#shared/errors.ts';
import { box } from '#shared/mesh/testing/primitives.ts';
import { encodePatched, encodeSeparatePatches, patchedExtension } from './patchedSurface.ts';
import { decodeSurface } from './surfaceFile.ts';

const mesh = box([1, 2, 3], [4, 6, 8]);
/** The last two faces, the box's top, are the ostium. */
const patchOfFace = Uint8Array.from({ length: 12 }, (_, face) => (face < 10 ? 1 : 2));
const patches = [
  { id: 1, name: 'wall' },
  { id: 2, name: 'ostium' },
];
const text = (bytes: Uint8Array): string => new TextDecoder('latin1').decode(bytes);
const encoded = (extension: 'vtp' | 'stl' | 'obj' | 'ply', frame: 'LPS' | 'RAS' = 'LPS'): Uint8Array =>
  encodePatched({ mesh, patchOfFace }, patches, extension, { text: 'a box', frame });

describe('a surface with its patches in one file', () => {
  it.each(['vtp', 'stl', 'obj', 'ply'] as const)('is the whole surface to any reader: %s', (extension) => {
    const read = decodeSurface(encoded(extension), `box.${extension}`);
    expect(read.triangles).toHaveLength(36);
    expect(read.positionsLpsMm).toHaveLength(24);
  });

  it('has the ids as numbers of the cells in VTP, and the names as field data', () => {
    const reader = vtkXMLPolyDataReader.newInstance();
    reader.parseAsArrayBuffer(new Uint8Array(encoded('vtp')).buffer);
    const cells = reader.getOutputData(0).getCellData();
    for (const name of ['CellEntityIds', 'ModelFaceID']) {
      expect(Array.from(cells.getArrayByName(name).getData())).toEqual(Array.from(patchOfFace));
    }
    const names = /Name="patches" NumberOfTuples="2" format="ascii">([\d ]+)</.exec(text(encoded('vtp')))!;
    expect(String.fromCharCode(...names[1]!.split(' ').map(Number))).toBe('1 wall\x002 ostium\x00');
  });

  it('has a solid for each patch in STL, in either frame', () => {
    const solids = [...text(encoded('stl', 'RAS')).matchAll(/^solid (\w+)\n([\s\S]*?)^endsolid \1$/gm)];
    expect(solids.map(([, name]) => name)).toEqual(['wall', 'ostium']);
    expect(solids.map(([, , body]) => body!.match(/facet normal/g)!.length)).toEqual([10, 2]);
    expect(solids[1]![2]).toContain('vertex -1 -2 8');
  });

  it('has a group for each patch in OBJ, over common vertices', () => {
    const lines = text(encoded('obj')).split('\n');
    expect(lines.filter((line) => line.startsWith('g '))).toEqual(['g wall', 'g ostium']);
    expect(lines.filter((line) => line.startsWith('v '))).toHaveLength(8);
    expect(lines.indexOf('g ostium')).toBe(lines.length - 4);
  });
});

describe('a file for each patch', () => {
  it('has the vertices of the rim in both, bit for bit', () => {
    const files = encodeSeparatePatches({ mesh, patchOfFace }, patches, 'stl', { text: 'a box' });
    expect([...files.keys()]).toEqual(['wall', 'ostium']);
    const [wall, ostium] = [...files.values()].map((bytes) => decodeSurface(bytes, 'a.stl'));
    const places = (positions: Float32Array): string[] =>
      Array.from({ length: positions.length / 3 }, (_, at) => positions.slice(3 * at, 3 * at + 3).join());
    expect(ostium!.triangles).toHaveLength(6);
    expect(places(wall!.positionsLpsMm)).toEqual(expect.arrayContaining(places(ostium!.positionsLpsMm)));
  });
});

it('is refused for a file that cannot hold patches', () => {
  expect(() => patchedExtension('laa.glb')).toThrow(UserError);
  expect(patchedExtension('laa.VTP')).toBe('vtp');
});
