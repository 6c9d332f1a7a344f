import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { readImageNode } from '@itk-wasm/image-io';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GridLps, ijkToLps, isRightHanded, LPS_AXES } from '#shared/geometry/gridLps.ts';
import type { SliceStack } from '#shared/geometry/sliceStack.ts';
import { cross, normalize, perpendicular, scale, type Vec3 } from '#shared/geometry/vec3.ts';
import { labelsInSlices, placeOfStack } from './gzipSlices.ts';
import { encodeNiftiLabels } from './nifti.ts';

const SIZE: Vec3 = [4, 3, 2];
const labels = Uint8Array.from({ length: 24 }, (_, index) => (index % 5 === 0 ? 1 : 0));

const component = fc.double({ min: -1, max: 1, noNaN: true });
const direction = fc
  .tuple(component, component, component)
  .filter((v) => Math.hypot(...v) > 0.1)
  .map((v) => normalize(v));

/** Grids in any orientation, right- and left-handed, and the six with axes along the patient's. */
const anyGrid: fc.Arbitrary<GridLps> = fc
  .record({
    k: fc.oneof(
      direction,
      fc.constantFrom<Vec3>([1, 0, 0], [0, 1, 0], [0, 0, 1], [-1, 0, 0], [0, -1, 0], [0, 0, -1]),
    ),
    turn: fc.constantFrom(0, 0.3, Math.PI / 2, Math.PI, 4),
    handed: fc.constantFrom(1, -1),
    origin: fc.tuple(fc.integer({ min: -400, max: 400 }), fc.constant(-12.25), fc.constant(0.1)),
  })
  .map(({ k, turn, handed, origin }) => {
    const u = perpendicular(k);
    const v = cross(k, u);
    const along = (c: number, s: number): Vec3 => [
      c * u[0] + s * v[0],
      c * u[1] + s * v[1],
      c * u[2] + s * v[2],
    ];
    const i = along(Math.cos(turn), Math.sin(turn));
    const j = along(-Math.sin(turn), Math.cos(turn));
    return {
      sizeIjk: SIZE,
      originLpsMm: origin,
      spacingMm: [0.4, 0.5, 1.25],
      directions: [i, j, scale(k, handed)],
    };
  });

const CORNERS: readonly Vec3[] = [
  [0, 0, 0],
  [3, 0, 0],
  [0, 2, 0],
  [0, 0, 1],
  [3, 2, 1],
];

const headerOf = (bytes: Uint8Array): DataView => {
  const raw = new Uint8Array(gunzipSync(bytes));
  return new DataView(raw.buffer);
};

/** The voxel's place by method 3 of nifti1.h: the affine of srow_x, srow_y, srow_z. */
const bySform = (view: DataView, [i, j, k]: Vec3): number[] =>
  [280, 296, 312].map((at) => {
    const [a, b, c, d] = [0, 4, 8, 12].map((step) => view.getFloat32(at + step, true));
    return a! * i + b! * j + c! * k + d!;
  });

/** The voxel's place by method 2 of nifti1.h: the rotation matrix of a, b, c, d, qfac = pixdim[0]. */
function byQform(view: DataView, [i, j, k]: Vec3): number[] {
  const float = (at: number): number => view.getFloat32(at, true);
  const [b, c, d] = [float(256), float(260), float(264)];
  const a = Math.sqrt(Math.max(0, 1 - (b * b + c * c + d * d)));
  const rotation = [
    [a * a + b * b - c * c - d * d, 2 * b * c - 2 * a * d, 2 * b * d + 2 * a * c],
    [2 * b * c + 2 * a * d, a * a + c * c - b * b - d * d, 2 * c * d - 2 * a * b],
    [2 * b * d - 2 * a * c, 2 * c * d + 2 * a * b, a * a + d * d - c * c - b * b],
  ];
  const scaled = [float(80) * i, float(84) * j, float(76) * float(88) * k];
  return rotation.map(
    (row, axis) => row.reduce((sum, value, at) => sum + value * scaled[at]!, 0) + float(268 + 4 * axis),
  );
}

describe('NIfTI', () => {
  it('places every voxel in RAS by sform and by qform alike, for any grid', async () => {
    await fc.assert(
      fc.asyncProperty(anyGrid, async (grid) => {
        const view = headerOf(await encodeNiftiLabels({ grid, slices: [labels] }));
        expect(view.getFloat32(76, true)).toBe(isRightHanded(grid) ? 1 : -1);
        for (const corner of CORNERS) {
          const [left, posterior, superior] = ijkToLps(grid, corner);
          for (const place of [bySform(view, corner), byQform(view, corner)]) {
            expect(Math.hypot(place[0]! + left, place[1]! + posterior, place[2]! - superior)).toBeLessThan(
              2e-3,
            );
          }
        }
      }),
    );
  });

  it('has the header of nifti1.h and the labels, i fastest', async () => {
    const grid: GridLps = {
      sizeIjk: SIZE,
      originLpsMm: [1, 2, 3],
      spacingMm: [1, 1, 2],
      directions: [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ],
    };
    const slices = [labels.subarray(0, 12), labels.subarray(12)];
    const view = headerOf(await encodeNiftiLabels({ grid, slices }, 'label map é'));
    await expect(encodeNiftiLabels({ grid, slices: [labels.subarray(1)] })).rejects.toThrow(RangeError);
    const text = (at: number, length: number): string =>
      new TextDecoder().decode(new Uint8Array(view.buffer, at, length));
    expect(view.byteLength).toBe(352 + 24);
    expect(view.getInt32(0, true)).toBe(348);
    expect([40, 42, 44, 46, 70, 72, 252, 254].map((at) => view.getInt16(at, true))).toEqual([
      3, 4, 3, 2, 2, 8, 1, 1,
    ]);
    expect(view.getFloat32(108, true)).toBe(352);
    expect(view.getUint8(123) & 7).toBe(2);
    expect(text(148, 11)).toBe('label map ?');
    expect(text(344, 4)).toBe('n+1\0');
    expect(new Uint8Array(view.buffer, 352)).toEqual(labels);
  });

  describe('read by ITK', () => {
    let folder = '';
    beforeAll(() => {
      folder = mkdtempSync(path.join(tmpdir(), 'nifti-'));
    });
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    it('gives grid and labels back in LPS, oblique and left-handed', async () => {
      for (const grid of fc.sample(anyGrid, { numRuns: 6, seed: 7 })) {
        const file = path.join(folder, 'labels.nii.gz');
        writeFileSync(file, await encodeNiftiLabels({ grid, slices: [labels] }));
        const image = await readImageNode(file);
        expect(image.size).toEqual([...SIZE]);
        expect(Array.from(image.data as Uint8Array)).toEqual(Array.from(labels));
        for (const axis of [0, 1, 2] as const) {
          expect(image.origin[axis]).toBeCloseTo(grid.originLpsMm[axis], 3);
          expect(image.spacing[axis]).toBeCloseTo(grid.spacingMm[axis], 4);
          for (const row of [0, 1, 2] as const) {
            // ITK's direction is a matrix whose columns are the axes, stored by rows.
            expect(image.direction[3 * row + axis]).toBeCloseTo(grid.directions[axis][row], 3);
          }
        }
      }
    });
  });
});

it('places tilted slices by the sform alone, sheared: a qform holds no shear', async () => {
  const stack = {
    columns: 4,
    rows: 3,
    spacingMm: [0.4, 0.5],
    directions: LPS_AXES,
    positionsLpsMm: [
      [1, 2, 3],
      [1, 1.5, 5],
    ],
  } satisfies SliceStack;
  const bytes = await encodeNiftiLabels(labelsInSlices({ ...placeOfStack(stack), data: labels }));
  const header = headerOf(bytes);
  expect([header.getInt16(252, true), header.getInt16(254, true)]).toEqual([0, 1]);
  const sform = [0, 1, 2].map((row) =>
    [0, 1, 2, 3].map((column) => header.getFloat32(280 + 16 * row + 4 * column, true)),
  );
  // RAS: x and y turned round.
  expect(sform.flat()).toEqual(
    [-0.4, 0, 0, -1, 0, -0.5, 0.5, -2, 0, 0, 2, 3].map((value) => expect.closeTo(value, 6)),
  );
});
