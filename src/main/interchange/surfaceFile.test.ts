import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { signedVolumeMm3 } from '#shared/mesh/measures.ts';
import { box } from '#shared/mesh/testing/primitives.ts';
import { encodeObj } from './obj.ts';
import { encodePly } from './ply.ts';
import { encodeStl, encodeStlAscii } from './stl.ts';
import { decodeSurface } from './surfaceFile.ts';
import {
  bytesOf,
  expected,
  faces,
  join,
  offsets,
  packed,
  points,
  sphere,
  triangles,
  vertices,
  withCounts,
} from './testing/sphereInParts.ts';
import { encodeVtp } from './vtp.ts';

describe('our own files', () => {
  it.each([
    ['stl', encodeStl],
    ['stl', encodeStlAscii],
    ['ply', (mesh, text, frame) => encodePly(mesh, text, undefined, frame)],
    ['obj', (mesh, text, frame) => encodeObj([{ name: 'a', mesh }], text, frame)],
    ['vtp', encodeVtp],
  ] as [string, typeof encodeStl][])(
    '%s comes back in LPS, whichever frame it was written in',
    (extension, encode) => {
      for (const frame of ['LPS', 'RAS'] as const) {
        expect(decodeSurface(encode(sphere, 'a mesh', frame), `a.${extension}`)).toEqual(expected);
      }
      // What is asked for counts more than what the file says.
      const turned = decodeSurface(encode(sphere, '', 'LPS'), `a.${extension}`, 'RAS');
      expect(turned.positionsLpsMm[0]).toBeCloseTo(-expected.positionsLpsMm[0]!, 4);
    },
  );
});

describe("VTK's own files", () => {
  const folder = path.join(import.meta.dirname, 'testing', 'vtk');
  const decoded = (name: string) => decodeSurface(readFileSync(path.join(folder, name)), name);
  it.each(readdirSync(folder))('%s is the sphere that VTK wrote (testing/recordVtk.py)', (name) => {
    const mesh = decoded(name);
    const [points, all] = [mesh.positionsLpsMm, decoded('binary51.vtk')];
    // Two poles and four rings of eight.
    expect([points.length / 3, mesh.triangles.length / 3]).toEqual([34, 64]);
    for (let at = 0; at < points.length; at += 3) {
      const radius = Math.hypot(points[at]! - 12.5, points[at + 1]! + 45.25, points[at + 2]! - 789);
      expect(Math.abs(radius - 7)).toBeLessThan(1e-3);
    }
    expect(signedVolumeMm3(mesh)).toBeCloseTo(signedVolumeMm3(all), 1);
    expect(signedVolumeMm3(mesh)).toBeGreaterThan(1000);
  });
});

describe('legacy VTK', () => {
  const header = (encoding: string, title = 'vtk output', version = '3.0') =>
    `# vtk DataFile Version ${version}\n${title}\n${encoding}\nDATASET POLYDATA\n`;
  const ascii = `${header('ASCII')}POINTS ${vertices} float\n${Array.from(points).join(' ')}\n\nPOLYGONS ${faces} ${withCounts.length}\n${withCounts.join(' ')}\n`;

  it('is read as ASCII, with what belongs to points and faces left out', () => {
    const data = `\nCELL_DATA ${faces}\nSCALARS label int 1\nLOOKUP_TABLE default\n${'1 '.repeat(faces)}\nPOINT_DATA ${vertices}\n`;
    expect(decodeSurface(bytesOf(ascii), 'a.vtk')).toEqual(expected);
    expect(decodeSurface(bytesOf(ascii + data), 'A.VTK')).toEqual(expected);
  });

  it('is read as binary, which is big-endian, with floats or doubles', () => {
    for (const [name, type] of [
      ['float', 'f4'],
      ['double', 'f8'],
    ] as const) {
      const file = join(
        header('BINARY'),
        `POINTS ${vertices} ${name}\n`,
        packed(points, type, false),
        `\nMETADATA\nINFORMATION 0\n\nPOLYGONS ${faces} ${withCounts.length}\n`,
        packed(withCounts, 'i4', false),
        `\nPOINT_DATA ${vertices}\n`,
      );
      expect(decodeSurface(file, 'a.vtk')).toEqual(expected);
    }
  });

  it('is read with the offsets and connectivity of version 5.1, and with field data before the points', () => {
    const file = join(
      header('BINARY', 'vtk output', '5.1'),
      `FIELD FieldData 1\ntime 1 1 double\n`,
      packed([1], 'f8', false),
      `\nPOINTS ${vertices} float\n`,
      packed(points, 'f4', false),
      `\nPOLYGONS ${faces + 1} ${3 * faces}\nOFFSETS vtktypeint64\n`,
      packed([0, ...offsets], 'i8', false),
      `\nCONNECTIVITY vtktypeint64\n`,
      packed(triangles, 'i8', false),
      '\n',
    );
    expect(decodeSurface(file, 'a.vtk')).toEqual(expected);
  });

  it('is read with lines beside polygons, quadrilaterals and strips', () => {
    // A square of one quadrilateral, continued by a strip of two triangles.
    const file = `${header('ASCII')}POINTS 6 float\n0 0 0 1 0 0 1 1 0 0 1 0 2 0 0 2 1 0\nLINES 1 3\n2 0 1\nPOLYGONS 1 5\n4 0 1 2 3\nTRIANGLE_STRIPS 1 5\n4 1 4 2 5\n`;
    const mesh = decodeSurface(bytesOf(file), 'a.vtk');
    const p = mesh.positionsLpsMm;
    const area = (face: number) => {
      const [a, b, c] = Array.from(
        mesh.triangles.subarray(3 * face, 3 * face + 3),
        (v) => [p[3 * v]!, p[3 * v + 1]!] as const,
      );
      return ((b![0] - a![0]) * (c![1] - a![1]) - (b![1] - a![1]) * (c![0] - a![0])) / 2;
    };
    // All four look the same way.
    expect([0, 1, 2, 3].map(area)).toEqual([0.5, 0.5, 0.5, 0.5]);
  });

  it('is turned where its title says RAS, as 3D Slicer writes it', () => {
    const file = ascii.replace('vtk output', 'vtk output SPACE=RAS');
    expect(decodeSurface(bytesOf(file), 'a.vtk').positionsLpsMm[0]).toBe(-expected.positionsLpsMm[0]!);
  });

  it('is refused where it is of another kind, or was cut anywhere', () => {
    const grid = ascii.replace('POLYDATA', 'UNSTRUCTURED_GRID');
    expect(() => decodeSurface(bytesOf(grid), 'a.vtk')).toThrow(
      'holds the data set UNSTRUCTURED_GRID, which is not read',
    );
    const file = join(
      header('BINARY'),
      `POINTS ${vertices} float\n`,
      packed(points, 'f4', false),
      `\nPOLYGONS ${faces} ${withCounts.length}\n`,
      packed(withCounts, 'i4', false),
    );
    expect(decodeSurface(file, 'a.vtk')).toEqual(expected);
    for (let length = 0; length < file.length; length += 11) {
      expect(() => decodeSurface(file.subarray(0, length), 'a.vtk'), `${length} bytes`).toThrow('VTK file');
    }
  });
});

describe('PLY and OBJ of other programs', () => {
  const plyHeader = (format: string, number: string) =>
    `ply\nformat ${format} 1.0\ncomment made elsewhere\nelement vertex ${vertices}\nproperty uchar red\nproperty ${number} x\nproperty ${number} y\nproperty ${number} z\nelement edge 1\nproperty int vertex1\nelement face ${faces}\nproperty list uchar uint vertex_index\nproperty float quality\nend_header\n`;

  it('reads PLY of either byte order and as ASCII, with properties and elements beside', () => {
    for (const little of [true, false]) {
      const file = join(
        plyHeader(little ? 'binary_little_endian' : 'binary_big_endian', 'double'),
        ...Array.from({ length: vertices }, (_, v) =>
          join(Uint8Array.of(255), packed(points.subarray(3 * v, 3 * v + 3), 'f8', little)),
        ),
        packed([7], 'i4', little),
        ...Array.from({ length: faces }, (_, f) =>
          join(
            Uint8Array.of(3),
            packed(triangles.subarray(3 * f, 3 * f + 3), 'u4', little),
            packed([0.5], 'f4', little),
          ),
        ),
      );
      expect(decodeSurface(file, 'a.ply')).toEqual(expected);
      expect(() => decodeSurface(file.subarray(0, file.length - 5), 'a.ply')).toThrow(
        'The PLY file is damaged',
      );
    }
    const lines = [
      ...Array.from({ length: vertices }, (_, v) => `255 ${points.subarray(3 * v, 3 * v + 3).join(' ')}`),
      '7',
      ...Array.from({ length: faces }, (_, f) => `3 ${triangles.subarray(3 * f, 3 * f + 3).join(' ')} 0.5`),
    ];
    expect(decodeSurface(bytesOf(`${plyHeader('ascii', 'float')}${lines.join('\n')}\n`), 'a.ply')).toEqual(
      expected,
    );
  });

  it('reads OBJ with textures, normals, polygons and indices from the end', () => {
    const file =
      '# a\nmtllib a.mtl\nv 0 0 0 1 1 1\nv 1 0 0\nv 1 1 0\nv 0 1 0\nvt 0 0\nvn 0 0 1\nusemtl a\ns off\nf 1/1/1 2/1/1 3//1 \\\n 4\nv 0 0 5\nf -1 1 2\n';
    const mesh = decodeSurface(bytesOf(file), 'a.obj');
    expect([mesh.positionsLpsMm.length, mesh.triangles.length]).toEqual([15, 9]);
    expect(Array.from(mesh.positionsLpsMm.slice(12))).toEqual([0, 0, 5]);
    expect(() => decodeSurface(bytesOf('v 0 0 0\nf 1 2 3\n'), 'a.obj')).toThrow('The OBJ file is damaged');
    expect(() => decodeSurface(bytesOf('v 0 0 0\n'), 'a.obj')).toThrow('The OBJ file holds no faces.');
  });

  it('names a file of another kind', () => {
    expect(() => decodeSurface(encodeStl(box([0, 0, 0], [1, 1, 1])), 'a.xyz')).toThrow(
      '"a.xyz" is not a surface that can be read',
    );
  });
});
