import { describe, expect, it } from 'vitest';
import { UserError } from '#shared/errors.ts';
import { type GridLps, LPS_AXES } from '#shared/geometry/gridLps.ts';
import type { SliceStack } from '#shared/geometry/sliceStack.ts';
import { normalize } from '#shared/geometry/vec3.ts';
import { placeOfStack } from './gzipSlices.ts';
import { decodeNrrd, decodeNrrdValues, encodeNrrd } from './nrrd.ts';

const oblique: GridLps = {
  sizeIjk: [4, 3, 2],
  originLpsMm: [-12.5, 33.25, 1 / 3],
  spacingMm: [0.4, 0.5, 1.25],
  directions: [
    [0.8, 0.6, 0],
    [-0.6, 0.8, 0],
    [0, 0, -1],
  ],
};

function closeGrids(a: GridLps, b: GridLps): void {
  expect(a.sizeIjk).toEqual(b.sizeIjk);
  for (const axis of [0, 1, 2] as const) {
    expect(a.originLpsMm[axis]).toBeCloseTo(b.originLpsMm[axis], 12);
    expect(a.spacingMm[axis]).toBeCloseTo(b.spacingMm[axis], 12);
    for (const other of [0, 1, 2] as const) {
      expect(a.directions[axis][other]).toBeCloseTo(b.directions[axis][other], 12);
    }
  }
}

describe('NRRD', () => {
  it('gives every type back with its placement, raw and gzip', () => {
    const values = Array.from({ length: 24 }, (_, index) => index * 7);
    for (const data of [
      Uint8Array.from(values),
      Int16Array.from(values, (value) => value - 50),
      Uint16Array.from(values, (value) => value * 300),
      Float32Array.from(values, (value) => value / 3),
    ]) {
      for (const gzip of [true, false]) {
        const back = decodeNrrd(
          encodeNrrd({ grid: oblique, data }, { gzip, fields: { Segment0_Name: 'appendage' } }),
        );
        expect(back.data).toEqual(data);
        closeGrids(back.grid, oblique);
      }
    }
  });

  it('says the shear of tilted slices as their third direction, and the places of uneven ones', () => {
    const stack = {
      columns: 4,
      rows: 3,
      spacingMm: [0.4, 0.5],
      directions: LPS_AXES,
      positionsLpsMm: [
        [1, 2, 3],
        [1, 1.5, 5],
        [1, 1, 7],
      ],
    } satisfies SliceStack;
    const data = Uint8Array.from({ length: 36 }, (_, voxel) => voxel % 2);
    const encoded = (of: SliceStack) => encodeNrrd({ ...placeOfStack(of), data });
    const headerOf = (bytes: Uint8Array) => new TextDecoder('latin1').decode(bytes).split('\n\n')[0]!;
    const tilted = encoded(stack);
    expect(headerOf(tilted)).toContain('space directions: (0.4,0,0) (0,0.5,0) (0,-0.5,2)');
    expect(headerOf(tilted)).not.toContain('uneven');
    // What takes a lattice refuses it; who knows the slices reads the values.
    expect(() => decodeNrrd(tilted)).toThrow(UserError);
    expect(decodeNrrdValues(tilted)).toEqual({ sizeIjk: [4, 3, 3], data });
    const [first, second] = stack.positionsLpsMm;
    const uneven = encoded({ ...stack, positionsLpsMm: [first!, second!, [1, 0, 11]] });
    expect(headerOf(uneven)).toContain('slice_positions_mm:=3.0000 5.0000 11.0000');
  });

  const file = (header: string, body: readonly number[]): Uint8Array =>
    Uint8Array.from([...new TextEncoder().encode(header), ...body]);

  it('reads RAS, big-endian and plain spacings', () => {
    const header =
      'NRRD0005\r\n# comment: no field\r\ntype: int16\r\ndimension: 3\r\nspace: right-anterior-superior\r\nsizes: 1 1 2\r\nspace directions: (2,0,0) (0,2,0) (0,0,3)\r\nendian: big\r\nencoding: raw\r\nspace origin: (10,20,30)\r\nkey:=value\r\n\r\n';
    const volume = decodeNrrd(file(header, [1, 2, 255, 254]));
    expect(volume.data).toEqual(Int16Array.of(258, -2));
    closeGrids(volume.grid, {
      sizeIjk: [1, 1, 2],
      originLpsMm: [-10, -20, 30],
      spacingMm: [2, 2, 3],
      directions: [normalize([-1, 0, 0]), normalize([0, -1, 0]), [0, 0, 1]],
    });
    const plain = decodeNrrd(
      file('NRRD0004\ntype: uint8\ndimension: 3\nsizes: 2 1 1\nspacings: 0.5 1 2\nencoding: raw\n\n', [3, 4]),
    );
    expect(plain.grid.spacingMm).toEqual([0.5, 1, 2]);
    expect(plain.data).toEqual(Uint8Array.of(3, 4));
  });

  it('takes a file without a space to be in LPS, and names a space that it does not know', () => {
    const header = (space: string): string =>
      `NRRD0004\ntype: uint8\ndimension: 3\nsizes: 1 1 1\nencoding: raw\nspace origin: (1,2,3)\n${space}\n`;
    expect(decodeNrrd(file(header(''), [1])).grid.originLpsMm).toEqual([1, 2, 3]);
    const decode = () => decodeNrrd(file(header('space: scanner-xyz\n'), [1]));
    expect(decode).toThrow('space "scanner-xyz"');
  });

  it('refuses what it cannot place or complete', () => {
    const good = encodeNrrd({ grid: oblique, data: new Uint8Array(24) });
    const base = 'NRRD0004\ntype: uint8\ndimension: 3\nsizes: 2 1 1\nencoding: raw\n';
    const broken = [
      new Uint8Array(0),
      good.subarray(0, good.length - 8),
      file(`${base}\n`, [1]),
      file(base, []),
      file(`${base.replace('uint8', 'double')}\n`, [1, 2]),
      file(`${base.replace('raw', 'bzip2')}\n`, [1, 2]),
      file(`${base.replace('2 1 1', '2 -1 1')}\n`, [1, 2]),
      file(`${base.replace('dimension: 3', 'dimension: 4')}\n`, [1, 2]),
      file(`${base}space: scanner-xyz\n\n`, [1, 2]),
      file(`${base}space directions: (1,0,0) (0,1,0) (0,0,0)\n\n`, [1, 2]),
      file(`${base}space directions: (1,0,0) (0.5,1,0) (0,0,1)\n\n`, [1, 2]),
      file(`${base}data file: other.raw\n\n`, [1, 2]),
    ];
    for (const bytes of broken) expect(() => decodeNrrd(bytes)).toThrow(UserError);
  });
});
