import { describe, expect, it } from 'vitest';
import { meshTopology } from '#main/mesh/topology.ts';
import { UserError } from '#shared/errors.ts';
import { box, icosphere } from '#shared/mesh/testing/primitives.ts';
import { encodeObj } from './obj.ts';
import { encodePly } from './ply.ts';
import { decodeStl, encodeStl, encodeStlAscii } from './stl.ts';

const sphere = icosphere([12.3, -45.6, 789.1], 7, 2);
const text = (bytes: Uint8Array): string => new TextDecoder('latin1').decode(bytes);

/** The corners of all faces in order: what a file without indices can preserve. */
const corners = (mesh: typeof sphere): number[] =>
  Array.from(mesh.triangles).flatMap((v) => Array.from(mesh.positionsLpsMm.subarray(3 * v, 3 * v + 3)));

describe('STL', () => {
  it('gives binary and ASCII meshes back bit for bit, welded', () => {
    for (const bytes of [encodeStl(sphere, 'wall'), encodeStlAscii(sphere, 'wall')]) {
      const back = decodeStl(bytes);
      expect(corners(back)).toEqual(corners(sphere));
      expect(meshTopology(back)).toMatchObject({ vertices: 162, faces: 320, watertight: true, genus: 0 });
    }
  });

  it('names frame and unit first, in ASCII, within 80 bytes', () => {
    const bytes = encodeStl(sphere, `Ørsted ${'x'.repeat(100)}`);
    expect(text(bytes.subarray(0, 24))).toBe('Auricle LPS mm ?rsted xx');
    expect(bytes.length).toBe(84 + 50 * 320);
    expect(new DataView(bytes.buffer).getUint32(80, true)).toBe(320);
    expect(text(encodeStlAscii(sphere, 'wall')).startsWith('solid Auricle LPS mm wall\n')).toBe(true);
  });

  it('writes the outward unit normal of each face', () => {
    const bytes = encodeStl(box([0, 0, 0], [1, 1, 1]));
    const view = new DataView(bytes.buffer);
    expect([0, 4, 8].map((at) => view.getFloat32(84 + at, true))).toEqual([-1, 0, 0]);
  });

  it('reads a binary file that begins with "solid"', () => {
    const bytes = encodeStl(sphere);
    bytes.set(new TextEncoder().encode('solid thing'));
    expect(decodeStl(bytes).triangles.length).toBe(3 * 320);
  });

  it('leaves collapsed triangles out', () => {
    const mesh = {
      positionsLpsMm: Float32Array.of(0, 0, 0, 1, 0, 0, -0, 0, 0, 0, 1, 0),
      triangles: Uint32Array.of(0, 1, 2, 0, 1, 3),
    };
    expect(decodeStl(encodeStl(mesh)).triangles.length).toBe(3);
  });

  it('refuses what is cut off, not a number, or no STL', () => {
    expect(() => decodeStl(new Uint8Array(84))).toThrow('The STL file holds no faces.');
    const binary = encodeStl(sphere);
    const ascii = encodeStlAscii(sphere);
    const broken: Uint8Array[] = [
      binary.subarray(0, binary.length - 10),
      binary.subarray(0, 60),
      ascii.subarray(0, ascii.length - 200),
      new TextEncoder().encode(
        'solid a\nfacet normal 0 0 1\nouter loop\nvertex 0 0 0\nendloop\nendfacet\nendsolid a\n',
      ),
      new TextEncoder().encode(
        'solid a\nfacet\nvertex 0 0 0\nvertex 1 x 0\nvertex 1 1 0\nendfacet\nendsolid a\n',
      ),
      new TextEncoder().encode('hello'),
      new Uint8Array(0),
      new Uint8Array(200).fill(0xff),
    ];
    for (const bytes of broken) expect(() => decodeStl(bytes)).toThrow(UserError);
  });
});

it('OBJ numbers the vertices of its groups through', () => {
  const lines = text(
    encodeObj([
      { name: 'the wall', mesh: box([0, 0, 0], [1, 2, 3]) },
      { name: 'ostium', mesh: box([5, 5, 5], [6, 6, 6]) },
    ]),
  ).split('\n');
  expect(lines[0]).toBe('# Auricle LPS mm');
  expect(lines.filter((line) => line.startsWith('g '))).toEqual(['g the_wall', 'g ostium']);
  expect(lines.filter((line) => line.startsWith('v '))).toHaveLength(16);
  const faces = lines
    .filter((line) => line.startsWith('f '))
    .map((line) => line.slice(2).split(' ').map(Number));
  expect(faces).toHaveLength(24);
  expect(Math.min(...faces.slice(12).flat())).toBe(9);
  expect(Math.max(...faces.flat())).toBe(16);
});

it('PLY holds vertices, faces and labels where its header says', () => {
  const mesh = box([0, 0, 0], [1, 2, 3]);
  const bytes = encodePly(
    mesh,
    'wall and ostium',
    Uint8Array.from({ length: 12 }, (_, face) => face % 2),
  );
  const header = text(bytes).split('end_header\n')[0]!;
  expect(header).toContain('element vertex 8\n');
  expect(header).toContain('element face 12\n');
  const start = header.length + 'end_header\n'.length;
  expect(bytes.length).toBe(start + 8 * 12 + 12 * 14);
  const view = new DataView(bytes.buffer);
  expect(view.getFloat32(start + 7 * 12 + 8, true)).toBe(3);
  const lastFace = start + 96 + 11 * 14;
  expect([view.getUint8(lastFace), view.getInt32(lastFace + 1, true), view.getUint8(lastFace + 13)]).toEqual([
    3,
    mesh.triangles[33],
    1,
  ]);
});
