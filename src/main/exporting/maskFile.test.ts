import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readImageNode } from '@itk-wasm/image-io';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportingService, MASK_FORMATS } from '#shared/contract/services/exporting.ts';
import { measured, report } from '#shared/contract/testing/values.ts';
import { CancelledError, UserError } from '#shared/errors.ts';
import { type GridLps, ijkToLps, LPS_AXES, lpsToIjk, voxelCount } from '#shared/geometry/gridLps.ts';
import { cross, distance, normalize, perpendicular, scale, type Vec3 } from '#shared/geometry/vec3.ts';
import { icosphere } from '#shared/mesh/testing/primitives.ts';
import { decodeNrrd, decodeNrrdValues } from '../interchange/nrrd.ts';
import { maskFile } from './maskFile.ts';

const FIRST_IJK: Vec3 = [7, 5, 3];

const oblique = (handed: 1 | -1): GridLps['directions'] => {
  const k = normalize([0.3, -0.5, 0.8]);
  const i = perpendicular(k);
  return [i, cross(k, i), scale(k, handed)];
};

const scanOf = (directions: GridLps['directions']): GridLps => ({
  sizeIjk: [31, 27, 23],
  originLpsMm: [-101.25, 44.5, -612.125],
  spacingMm: [0.4, 0.5, 1.25],
  directions,
});

/** A part of the scan with labels that no mirror or turn maps onto themselves, on its very corners too. */
function partOf(scan: GridLps): { grid: GridLps; data: Uint8Array<ArrayBuffer> } {
  const grid: GridLps = { ...scan, sizeIjk: [11, 9, 8], originLpsMm: ijkToLps(scan, FIRST_IJK) };
  const data = Uint8Array.from({ length: voxelCount(grid) }, (_, at) => ((at * at) % 7 === 1 ? 1 : 0));
  data[0] = 1;
  data[data.length - 1] = 1;
  return { grid, data };
}

const { appendage } = exportingService.build.params.shape;
const requestOf = (labels: ReturnType<typeof partOf>, scanGrid: GridLps | null) => ({
  labels,
  scanGrid,
  appendage: appendage.parse(measured),
  report,
});

/** Where the labelled voxels of any grid lie, LPS mm, in the grid's order. */
const labelledLpsMm = (grid: GridLps, labels: ArrayLike<number>): Vec3[] => {
  const [nI, nJ] = grid.sizeIjk;
  return Array.from(labels).flatMap((label, at) =>
    label === 1 ? [ijkToLps(grid, [at % nI, Math.floor(at / nI) % nJ, Math.floor(at / (nI * nJ))])] : [],
  );
};

describe('mask on the whole scan, read by ITK', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'mask-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const orientations: readonly (readonly [string, GridLps['directions']])[] = [
    ['along LPS', LPS_AXES],
    ['oblique', oblique(1)],
    ['oblique and left-handed', oblique(-1)],
  ];
  for (const [orientation, directions] of orientations) {
    for (const format of MASK_FORMATS) {
      it(`has the part's labels where they were in the patient, and no other: ${orientation}, ${format}`, async () => {
        const scanGrid = scanOf(directions);
        const labels = partOf(scanGrid);
        const { bytes, description } = await maskFile(format, requestOf(labels, scanGrid), {});
        expect(description).toMatchObject({ extent: 'whole scan', gridLps: scanGrid });
        const file = path.join(folder, `mask.${format}`);
        writeFileSync(file, bytes);
        const image = await readImageNode(file);
        const axis = (at: number): Vec3 => [
          image.direction[at] as number,
          image.direction[3 + at] as number,
          image.direction[6 + at] as number,
        ];
        const read: GridLps = {
          sizeIjk: [image.size[0]!, image.size[1]!, image.size[2]!],
          originLpsMm: [image.origin[0]!, image.origin[1]!, image.origin[2]!],
          spacingMm: [image.spacing[0]!, image.spacing[1]!, image.spacing[2]!],
          directions: [axis(0), axis(1), axis(2)],
        };
        expect(read.sizeIjk).toEqual(scanGrid.sizeIjk);
        if (!(image.data instanceof Uint8Array)) throw new Error('The mask is not of bytes.');
        const expected = labelledLpsMm(labels.grid, labels.data);
        const found = labelledLpsMm(read, image.data);
        expect(found).toHaveLength(expected.length);
        // NIfTI keeps single precision: far below a voxel all the same.
        const offMm = found.map((pointLpsMm, at) => distance(pointLpsMm, expected[at]!));
        expect(Math.max(...offMm)).toBeLessThan(1e-3);
      });
    }
  }
});

describe('mask', () => {
  it('is the part, voxel for voxel, in the scan', async () => {
    const scanGrid = scanOf(oblique(1));
    const labels = partOf(scanGrid);
    const { grid, data } = decodeNrrd((await maskFile('nrrd', requestOf(labels, scanGrid), {})).bytes);
    const [nI, nJ] = grid.sizeIjk;
    const [pI, pJ, pK] = labels.grid.sizeIjk;
    const wanted = data.map((_, at) => {
      const [i, j, k] = [at % nI, Math.floor(at / nI) % nJ, Math.floor(at / (nI * nJ))];
      const [a, b, c] = [i - FIRST_IJK[0], j - FIRST_IJK[1], k - FIRST_IJK[2]];
      const isInPart = a >= 0 && a < pI && b >= 0 && b < pJ && c >= 0 && c < pK;
      return isInPart ? labels.data[a + pI * (b + pJ * c)]! : 0;
    });
    expect(data).toEqual(wanted);
    expect(lpsToIjk(grid, labels.grid.originLpsMm).map(Math.round)).toEqual([...FIRST_IJK]);
  });

  it('stays on the part’s own grid where the scan’s is not known, and says so', async () => {
    const labels = partOf(scanOf(oblique(1)));
    const { bytes, description } = await maskFile('nrrd', requestOf(labels, null), {});
    const read = decodeNrrd(bytes);
    expect(read.data).toEqual(labels.data);
    expect(read.grid.sizeIjk).toEqual(labels.grid.sizeIjk);
    expect(description.extent).toBe('part of the scan');
    expect(description.description).toContain('part of the scan');
    expect(new TextDecoder('latin1').decode(bytes)).toContain('extent:=on the voxels of the part');
  });

  it('of a corrected scan lies on the slices as they were acquired, and says where they are', async () => {
    const slices = {
      columns: 20,
      rows: 16,
      spacingMm: [0.5, 0.5] as const,
      directions: LPS_AXES,
      positionsLpsMm: [0, 1, 2, 3.5, 5, 6, 8].map((height): Vec3 => [0, -0.4 * height, height]),
    };
    const scanGrid: GridLps = {
      sizeIjk: [20, 24, 9],
      originLpsMm: [0, -3.5, 0],
      spacingMm: [0.5, 0.5, 1],
      directions: LPS_AXES,
    };
    const labels = { grid: scanGrid, data: Uint8Array.from({ length: 20 * 24 * 9 }, () => 1) };
    const sphere = icosphere([5, 2, 4], 3, 3);
    const request = requestOf(labels, scanGrid);
    const closed = {
      positionsLpsMm: Float32Array.from(sphere.positionsLpsMm),
      triangles: Uint32Array.from(sphere.triangles),
    };
    const { bytes, description } = await maskFile(
      'nrrd',
      {
        ...request,
        appendage: { ...request.appendage, closed },
        report: {
          ...report,
          source: { ...report.source, correction: { slices, tiltDegrees: 21.8, isResampled: true } },
        },
      },
      {},
    );
    const { sizeIjk, data } = decodeNrrdValues(bytes);
    expect(sizeIjk).toEqual([20, 16, 7]);
    expect(description).toMatchObject({ extent: 'whole scan', slicesLps: slices });
    data.forEach((label, at) => {
      const [x, y, z] = slices.positionsLpsMm[Math.floor(at / 320)]!;
      const radius = Math.hypot(x + 0.5 * (at % 20) - 5, y + 0.5 * (Math.floor(at / 20) % 16) - 2, z - 4);
      // Between the sphere and its facets either is right.
      if (Math.abs(radius - 3) > 0.05) expect(label).toBe(radius < 3 ? 1 : 0);
    });
  });

  it('refuses a part that is not of this scan, or reaches out of it', async () => {
    const scanGrid = scanOf(LPS_AXES);
    const labels = partOf(scanGrid);
    const others: readonly GridLps[] = [
      { ...scanGrid, spacingMm: [0.4, 0.5, 1] },
      { ...scanGrid, originLpsMm: ijkToLps(scanGrid, [0.5, 0, 0]) },
      { ...scanGrid, sizeIjk: [31, 27, FIRST_IJK[2] + 7] },
      { ...scanGrid, originLpsMm: ijkToLps(scanGrid, [FIRST_IJK[0] + 1, 0, 0]) },
    ];
    for (const other of others) {
      const made = maskFile('nrrd', requestOf(labels, other), {});
      await expect(made).rejects.toThrow(UserError);
      await expect(made).rejects.toThrow('does not lie on the scan’s grid');
    }
  });

  it('stops between two slices when cancelled, and tells how far it is', async () => {
    const scanGrid: GridLps = { ...scanOf(LPS_AXES), sizeIjk: [31, 27, 4000] };
    const labels = partOf(scanGrid);
    const fractions: number[] = [];
    const controller = new AbortController();
    const made = maskFile('nii.gz', requestOf(labels, scanGrid), {
      signal: controller.signal,
      onProgress: ({ fraction }) => {
        fractions.push(fraction);
        if (fraction >= 0.25) controller.abort();
      },
    });
    await expect(made).rejects.toThrow(CancelledError);
    expect(fractions[0]).toBe(0);
    expect(fractions.at(-1)).toBeLessThan(0.5);
  });
});
