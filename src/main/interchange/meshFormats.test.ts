import fc from 'fast-check';
import { strFromU8, unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import vtkPLYReader from 'vtk.js/Sources/IO/Geometry/PLYReader';
import vtkSTLReader from 'vtk.js/Sources/IO/Geometry/STLReader';
import vtkOBJReader from 'vtk.js/Sources/IO/Misc/OBJReader';
import vtkXMLPolyDataReader from 'vtk.js/Sources/IO/XML/XMLPolyDataReader';
import { UserError } from '#shared/errors.ts';
import { signedVolumeMm3 } from '#shared/mesh/measures.ts';
import { box, icosphere } from '#shared/mesh/testing/primitives.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { encodeGlb } from './glb.ts';
import type { MeshFrame } from './meshFrame.ts';
import { encodeObj } from './obj.ts';
import { encodePly } from './ply.ts';
import { decodeStl, encodeStl, encodeStlAscii } from './stl.ts';
import { decodeThreeMf, encodeThreeMf } from './threeMf.ts';
import { decodeVtp, encodeVtp } from './vtp.ts';

const FRAMES: readonly MeshFrame[] = ['LPS', 'RAS'];
const sphere = icosphere([12.3, -45.6, 789.1], 7, 2);
const text = (bytes: Uint8Array): string => new TextDecoder('latin1').decode(bytes);
const bufferOf = (bytes: Uint8Array): ArrayBuffer => new Uint8Array(bytes).buffer;

/** The mesh as a file in that frame shows it: RAS has the signs of x and y turned. */
const turned = (mesh: TriangleMesh, frame: MeshFrame): TriangleMesh => ({
  positionsLpsMm: mesh.positionsLpsMm.map((value, index) =>
    frame === 'RAS' && index % 3 < 2 ? 0 - value : value,
  ),
  triangles: mesh.triangles,
});

/** The corners of all faces in order. */
const corners = ({ positionsLpsMm: p, triangles }: TriangleMesh): number[] =>
  Array.from(triangles).flatMap((v) => Array.from(p.subarray(3 * v, 3 * v + 3)));

interface PolyData {
  getPoints(): { getData(): ArrayLike<number> };
  getPolys(): { getData(): ArrayLike<number> };
}

/** What a vtk.js reader made of a file, in this project's terms. */
function meshOf(polyData: PolyData): TriangleMesh {
  const cells = Array.from(polyData.getPolys().getData());
  expect(cells.filter((_, at) => at % 4 === 0).every((count) => count === 3)).toBe(true);
  return {
    positionsLpsMm: Float32Array.from(polyData.getPoints().getData()),
    triangles: Uint32Array.from(cells.filter((_, at) => at % 4 !== 0)),
  };
}

/** Any triangles over any finite float32 coordinates; the formats do not ask whether they make sense. */
const anyMesh = fc
  .array(
    fc.tuple(
      fc.float({ noNaN: true, noDefaultInfinity: true }),
      fc.integer(),
      fc.float({ min: -500, max: 500, noNaN: true }),
    ),
    {
      minLength: 3,
      maxLength: 12,
    },
  )
  .chain((points) =>
    fc
      .uniqueArray(fc.tuple(...([0, 1, 2] as const).map(() => fc.nat(points.length - 1))), { minLength: 1 })
      .map((faces) => ({
        positionsLpsMm: Float32Array.from(points.flat(), (value) => value + 0),
        triangles: Uint32Array.from(faces.flat()),
      })),
  );

describe('formats with indices', () => {
  const formats = {
    VTP: (mesh: TriangleMesh, frame: MeshFrame) => decodeVtp(encodeVtp(mesh, 'a <b> & "c"', frame)),
    '3MF': (mesh: TriangleMesh, frame: MeshFrame) =>
      decodeThreeMf(encodeThreeMf(mesh, { name: 'a <b> & "c"', frame, isSolid: false })),
  };
  for (const [name, roundTrip] of Object.entries(formats)) {
    it(`${name} gives any mesh back bit for bit, in either frame`, () => {
      fc.assert(
        fc.property(anyMesh, fc.constantFrom(...FRAMES), (mesh, frame) => {
          const back = roundTrip(mesh, frame);
          expect(back.positionsLpsMm).toEqual(mesh.positionsLpsMm);
          expect(back.triangles).toEqual(mesh.triangles);
        }),
      );
    });
  }
});

it('STL gives the corners of any mesh back bit for bit, binary and ASCII, in order', () => {
  fc.assert(
    fc.property(anyMesh, (mesh) => {
      const place = (vertex: number): string =>
        mesh.positionsLpsMm.subarray(3 * vertex, 3 * vertex + 3).join();
      const faces: number[] = [];
      for (let face = 0; face < mesh.triangles.length; face += 3) {
        const corner = Array.from(mesh.triangles.subarray(face, face + 3));
        // Reading welds what lies at one place and leaves out what collapses by that.
        if (new Set(corner.map(place)).size === 3) faces.push(...corner);
      }
      const whole = { ...mesh, triangles: Uint32Array.from(faces) };
      for (const bytes of [encodeStl(mesh), encodeStlAscii(mesh)]) {
        expect(corners(decodeStl(bytes))).toEqual(corners(whole));
      }
    }),
  );
});

describe('what another reader (vtk.js) sees', () => {
  for (const frame of FRAMES) {
    const expected = turned(sphere, frame);

    it(`VTP, ${frame}: points, faces and outside`, () => {
      const reader = vtkXMLPolyDataReader.newInstance();
      reader.parseAsArrayBuffer(bufferOf(encodeVtp(sphere, 'closed lumen', frame)));
      const mesh = meshOf(reader.getOutputData());
      expect(mesh).toEqual(expected);
      expect(signedVolumeMm3(mesh)).toBeCloseTo(signedVolumeMm3(sphere), 2);
    });

    it(`STL, binary and ASCII, ${frame}`, () => {
      const binary = vtkSTLReader.newInstance();
      binary.parseAsArrayBuffer(bufferOf(encodeStl(sphere, '', frame)));
      const ascii = vtkSTLReader.newInstance();
      ascii.parseAsText(text(encodeStlAscii(sphere, '', frame)));
      for (const reader of [binary, ascii]) {
        expect(corners(meshOf(reader.getOutputData()))).toEqual(corners(expected));
      }
    });

    it(`PLY and OBJ, ${frame}`, () => {
      const ply = vtkPLYReader.newInstance();
      ply.parseAsArrayBuffer(bufferOf(encodePly(sphere, '', undefined, frame)));
      expect(corners(meshOf(ply.getOutputData()))).toEqual(corners(expected));
      const obj = vtkOBJReader.newInstance();
      obj.parseAsText(text(encodeObj([{ name: 'wall', mesh: sphere }], '', frame)));
      expect(corners(meshOf(obj.getOutputData()))).toEqual(corners(expected));
    });
  }
});

it('every header names the frame that the coordinates are in, and the unit', () => {
  for (const frame of FRAMES) {
    const named = `Auricle ${frame} mm`;
    expect(text(encodeStl(sphere, 'x', frame)).startsWith(named)).toBe(true);
    expect(text(encodeStlAscii(sphere, 'x', frame)).startsWith(`solid ${named}`)).toBe(true);
    expect(text(encodeObj([], 'x', frame)).startsWith(`# ${named}`)).toBe(true);
    expect(text(encodePly(sphere, 'x', undefined, frame))).toContain(`comment ${named}\n`);
    const vtp = text(encodeVtp(sphere, 'x', frame));
    const codes = [...frame].map((letter) => letter.charCodeAt(0)).join(' ');
    expect(vtp).toContain(`Name="frame" NumberOfTuples="1" format="ascii">${codes} 0<`);
    expect(vtp).toContain('Name="unit" NumberOfTuples="1" format="ascii">109 109 0<');
    const model = strFromU8(
      unzipSync(encodeThreeMf(sphere, { name: 'x', frame, isSolid: true }))['3D/3dmodel.model']!,
    );
    expect(model).toContain(`>${frame}</metadata>`);
    expect(model).toContain('unit="millimeter"');
  }
});

it('STL in RAS has its normals turned with its corners', () => {
  const bytes = encodeStl(box([0, 0, 0], [1, 1, 1]), '', 'RAS');
  const view = new DataView(bytes.buffer);
  expect([0, 4, 8].map((at) => view.getFloat32(84 + at, true) + 0)).toEqual([1, 0, 0]);
  expect(signedVolumeMm3(decodeStl(bytes))).toBeCloseTo(1, 6);
});

describe('3MF', () => {
  const files = unzipSync(encodeThreeMf(sphere, { name: 'shell', text: 'printable', isSolid: true }));

  it('has the parts that the core specification demands, each named in another', () => {
    expect(Object.keys(files).sort()).toEqual(['3D/3dmodel.model', '[Content_Types].xml', '_rels/.rels']);
    expect(strFromU8(files['_rels/.rels']!)).toContain(
      'Target="/3D/3dmodel.model" Id="rel0" Type="http://schemas.microsoft.com/3dmanufacturing/2013/01/3dmodel"',
    );
    const types = strFromU8(files['[Content_Types].xml']!);
    expect(types).toContain(
      'Extension="model" ContentType="application/vnd.ms-package.3dmanufacturing-3dmodel+xml"',
    );
    expect(types).toContain('Extension="rels"');
  });

  it('calls a solid a model and an open wall a surface', () => {
    expect(strFromU8(files['3D/3dmodel.model']!)).toContain('<object id="1" type="model" name="shell">');
    const open = unzipSync(encodeThreeMf(sphere, { name: 'wall', isSolid: false }));
    expect(strFromU8(open['3D/3dmodel.model']!)).toContain('type="surface"');
  });

  it('gives the same bytes for the same mesh', () => {
    const options = { name: 'shell', isSolid: true };
    expect(encodeThreeMf(sphere, options)).toEqual(encodeThreeMf(sphere, options));
  });
});

it('broken VTP and 3MF files are refused in words', () => {
  const vtp = text(encodeVtp(sphere));
  const bytesOf = (value: string): Uint8Array => new TextEncoder().encode(value);
  for (const broken of ['', 'hello', vtp.slice(0, 3000), vtp.replace('LittleEndian', 'BigEndian')]) {
    expect(() => decodeVtp(bytesOf(broken))).toThrow(UserError);
  }
  const threeMf = encodeThreeMf(sphere, { name: 'a', isSolid: true });
  for (const broken of [new Uint8Array(0), threeMf.subarray(0, 400), bytesOf('PK hello')]) {
    expect(() => decodeThreeMf(broken)).toThrow(UserError);
  }
  const beyond = { ...sphere, triangles: Uint32Array.of(0, 1, 999) };
  expect(() => decodeVtp(encodeVtp(beyond))).toThrow(UserError);
  expect(() => decodeThreeMf(encodeThreeMf(beyond, { name: 'a', isSolid: true }))).toThrow(UserError);
});

describe('GLB', () => {
  interface Gltf {
    asset: { version: string; extras: Record<string, string> };
    nodes: { rotation: [number, number, number, number]; scale: number[] }[];
    accessors: { bufferView: number; componentType: number; count: number; min?: number[]; max?: number[] }[];
    bufferViews: { byteOffset: number; byteLength: number }[];
    buffers: { byteLength: number }[];
  }
  /** Reads the container by glTF 2.0, section 4.4. */
  function parse(bytes: Uint8Array): { gltf: Gltf; binary: Uint8Array } {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    expect([0, 4, 8].map((at) => view.getUint32(at, true))).toEqual([0x46546c67, 2, bytes.length]);
    const jsonLength = view.getUint32(12, true);
    expect([jsonLength % 4, view.getUint32(16, true)]).toEqual([0, 0x4e4f534a]);
    const binaryAt = 20 + jsonLength;
    const binaryLength = view.getUint32(binaryAt, true);
    expect([binaryLength % 4, view.getUint32(binaryAt + 4, true)]).toEqual([0, 0x004e4942]);
    expect(binaryAt + 8 + binaryLength).toBe(bytes.length);
    return {
      gltf: JSON.parse(new TextDecoder().decode(bytes.subarray(20, binaryAt))) as Gltf,
      binary: bytes.slice(binaryAt + 8),
    };
  }
  /** v turned by the unit quaternion q: v + 2·u × (u × v + w·v). */
  function rotate([x, y, z, w]: readonly [number, number, number, number], v: readonly number[]): number[] {
    const crossed = (b: readonly number[]): [number, number, number] => [
      y * b[2]! - z * b[1]!,
      z * b[0]! - x * b[2]!,
      x * b[1]! - y * b[0]!,
    ];
    const inner = crossed(v).map((value, axis) => value + w * v[axis]!);
    return crossed(inner).map((value, axis) => v[axis]! + 2 * value);
  }

  for (const frame of FRAMES) {
    it(`${frame}: vertices bit for bit, unit normals outward, metres with y up`, () => {
      const { gltf, binary } = parse(encodeGlb(sphere, { name: 'wall "é"', text: 'open wall', frame }));
      expect(gltf.asset).toMatchObject({ version: '2.0', extras: { frame, unit: 'mm', text: 'open wall' } });
      expect(gltf.buffers[0]!.byteLength).toBe(binary.length);
      const floats = (accessor: number): Float32Array => {
        const { bufferView, count, componentType } = gltf.accessors[accessor]!;
        expect(componentType).toBe(5126);
        const { byteOffset, byteLength } = gltf.bufferViews[bufferView]!;
        expect(byteLength).toBe(12 * count);
        return new Float32Array(binary.buffer, byteOffset, 3 * count);
      };
      const [positions, normals] = [floats(0), floats(1)];
      expect(positions).toEqual(turned(sphere, frame).positionsLpsMm);
      const indices = gltf.accessors[2]!;
      const { byteOffset } = gltf.bufferViews[indices.bufferView]!;
      expect(new Uint32Array(binary.buffer, byteOffset, indices.count)).toEqual(sphere.triangles);
      for (let axis = 0; axis < 3; axis++) {
        const values = positions.filter((_, at) => at % 3 === axis);
        expect(gltf.accessors[0]!.min![axis]).toBe(Math.min(...values));
        expect(gltf.accessors[0]!.max![axis]).toBe(Math.max(...values));
      }
      const { rotation, scale } = gltf.nodes[0]!;
      expect(scale).toEqual([0.001, 0.001, 0.001]);
      for (const vertex of [0, 17, 161]) {
        const world = rotate(rotation, Array.from(positions.subarray(3 * vertex, 3 * vertex + 3)));
        const [left, posterior, superior] = sphere.positionsLpsMm.subarray(3 * vertex);
        [left!, superior!, -posterior!].forEach((value, axis) => {
          expect(world[axis]).toBeCloseTo(value, 4);
        });
        const normal = rotate(rotation, Array.from(normals.subarray(3 * vertex, 3 * vertex + 3)));
        const outward = [left! - 12.3, superior! - 789.1, -(posterior! + 45.6)].map((value) => value / 7);
        expect(normal.reduce((sum, value, axis) => sum + value * outward[axis]!, 0)).toBeGreaterThan(0.999);
        expect(Math.hypot(...normal)).toBeCloseTo(1, 5);
      }
    });
  }
});
