import { describe, expect, it } from 'vitest';
import { smallGrid } from '#shared/dicom/testing/ctFixtures.ts';
import { failureOf } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { voxelCount } from '#shared/geometry/gridLps.ts';
import { icosphere } from '#shared/mesh/testing/primitives.ts';
import { vertexCount } from '#shared/mesh/triangleMesh.ts';
import type { RegionEngine } from '#shared/nudf/engine/fieldEngine.ts';
import type { BloodContrast } from './contrast.ts';
import { assessFitness, type FoundSurface, whyNothingFound } from './fitness.ts';
import { whyNotHounsfield } from './scanValues.ts';
import { fieldDisagreementMm, surfaceConfidence } from './surfaceConfidence.ts';

const grid = smallGrid({ sizeIjk: [50, 50, 50], originLpsMm: [0, 0, 0], spacingMm: [3, 3, 3] });
const volume = { grid, data: new Int16Array(voxelCount(grid)).fill(300) };
const centreLpsMm = [75, 75, 75] as const;
const surface = icosphere(centreLpsMm, 12, 3);
const volumeMl = 7.2;

const contrast: BloodContrast = {
  atriumHu: 300,
  appendageHu: 290,
  shownShare: 1,
  unseenWallShare: 0,
  nearbyHu: 310,
};

/** How far each of 64³ voxels lies from the middle, in voxels. */
const fromMiddle = Float64Array.from({ length: 64 ** 3 }, (_, voxel) =>
  Math.hypot((voxel % 64) - 31.5, (Math.floor(voxel / 64) % 64) - 31.5, Math.floor(voxel / 64 ** 2) - 31.5),
);

/**
 * Marks a ball of 7 mL with a sharp border in the middle of the cube that it is shown; blurred where it is asked to, in
 * the scan as it is (the first cube that it is shown) and turned (all others).
 */
const engine = (blurred = 0, turnedBlurred = blurred): RegionEngine => {
  let looks = 0;
  return {
    id: 'onnx',
    device: 'test',
    detect: async (block) => {
      const border = 5.7 + (looks++ === 0 ? blurred : turnedBlurred);
      return block.map((_, voxel) => {
        const away = fromMiddle[voxel]!;
        return away < 5.5 ? 1 : away < border ? 0.3 : 0;
      });
    },
    free: async () => {},
  };
};

const assess = (
  changes: Partial<BloodContrast>,
  disagreementMm = 0.2,
  blurred = 0,
  ml = volumeMl,
  turnedBlurred = blurred,
) => {
  const appendage = {
    surface,
    closed: surface,
    unsignedMm: new Float32Array(vertexCount(surface)).fill(disagreementMm),
    ostium: { found: false, reason: 'no-ostium' },
    volumeMl: ml,
  } as unknown as FoundSurface['appendage'];
  return assessFitness(
    { volume, appendage, contrast: { ...contrast, ...changes }, centreLpsMm },
    { engine: engine(blurred, turnedBlurred), resolution: 64 },
  );
};
const refusal = async (result: Promise<unknown>): Promise<string> => {
  try {
    await result;
  } catch (thrown) {
    return failureOf(thrown).code;
  }
  return 'not refused';
};

describe('assessFitness', () => {
  it('finds nothing to say of a surface that both networks see alike', async () => {
    const { confidence, unfit } = await assess({});
    expect(confidence).toBeGreaterThan(0.95);
    expect(unfit).toBeUndefined();
  });

  it.each([
    [
      'a scan without contrast',
      { atriumHu: 50, appendageHu: 45, nearbyHu: 60 },
      volumeMl,
      'pipeline.no-contrast',
    ],
    [
      'slivers without a voxel of their own in a scan without contrast',
      { atriumHu: undefined, appendageHu: undefined, nearbyHu: 60 },
      0.1,
      'pipeline.no-blood',
    ],
    ['a dark find beside bright blood', { atriumHu: 60 }, volumeMl, 'pipeline.not-filled'],
    ['a scan that ends at the find', { unseenWallShare: 0.5 }, volumeMl, 'pipeline.mostly-cut'],
    ['slivers', {}, 0.4, 'pipeline.only-slivers'],
    ['a find larger than any appendage', {}, 80, 'pipeline.too-large'],
  ])('refuses %s', async (_, changes, ml, code) => {
    expect(await refusal(assess(changes, 0.2, 0, ml))).toBe(code);
  });

  it.each([
    ['venous contrast', { atriumHu: 112 }, 0.2, 0, 'measure.contrast-too-weak'],
    ['a scan that ends at a part of the find', { unseenWallShare: 0.2 }, 0.2, 0, 'measure.scan-ends'],
    ['fields and networks that disagree', {}, 3.5, 1.5, 'measure.surface-unsure'],
  ])('gives no numbers of %s', async (_, changes, disagreementMm, blurred, code) => {
    expect((await assess(changes, disagreementMm, blurred)).unfit?.code).toBe(code);
  });
});

describe('a find in doubt that is seen more clearly in a turned scan', () => {
  it('is refused as turned where an appendage is seen there as clearly as they are', async () => {
    expect(await refusal(assess({}, 0.6, 1, volumeMl, 0))).toBe('pipeline.turned');
  });

  it('is not called turned where it is seen badly there too, as with a thrombus', async () => {
    expect((await assess({}, 0.2, 0.7, volumeMl, 0.5)).unfit).toBeUndefined();
    const unsure = await assess({}, 0.6, 0.6, volumeMl, 0.5);
    expect(unsure.confidence).toBeGreaterThan(0.1);
    expect(unsure.unfit?.code).toBe('measure.surface-unsure');
  });
});

it('gives no numbers of a surface in doubt of which the region network marks a small part, as in the right heart', async () => {
  // 7 mL are marked, sharply: of 30 mL less than a third.
  const { confidence, unfit } = await assess({}, 0.6, 0, 30);
  expect(confidence).toBeGreaterThan(0.1);
  expect(confidence).toBeLessThan(0.5);
  expect(unfit?.code).toBe('measure.surface-unsure');
  expect((await assess({}, 0.6, 0, 20)).unfit).toBeUndefined();
});

describe('surfaceConfidence', () => {
  const marked = { centreLpsMm, peak: 1, volumeMl: 7, sureVoxels: 626, unsureVoxels: 60 };

  it('falls with each disagreement', () => {
    const best = surfaceConfidence(marked, 0.15, 7);
    expect(best).toBeGreaterThan(0.98);
    expect(surfaceConfidence(marked, 3, 7)).toBeLessThan(0.5);
    expect(surfaceConfidence(marked, 0.15, 35)).toBeLessThan(best - 0.1);
    expect(surfaceConfidence({ ...marked, unsureVoxels: 300 }, 0.15, 7)).toBeLessThan(best - 0.1);
    expect(surfaceConfidence(null, 0.15, 7)).toBeLessThan(0.1);
  });

  it('knows no disagreement of a model with one field', () => {
    const open = { openings: 1, isRagged: false };
    const ostium = { found: false, reason: 'no-ostium' } as const;
    const unsignedMm = Float32Array.from({ length: vertexCount(surface) }, (_, vertex) => vertex / 1000);
    expect(fieldDisagreementMm({ surface, unsignedMm, ostium, open })).toBeUndefined();
    expect(fieldDisagreementMm({ surface, unsignedMm, ostium })).toBeCloseTo(
      (0.95 * vertexCount(surface)) / 1000,
      2,
    );
  });
});

describe('whyNothingFound', () => {
  const within = (hu: (voxel: number) => number) => ({
    grid,
    data: Int16Array.from({ length: voxelCount(grid) }, (_, voxel) => hu(voxel)),
  });

  it('says where nothing near is as bright as blood with contrast, and how bright it is', () => {
    // A native scan: blood of 45 HU in every third voxel, muscle else.
    expect(
      whyNothingFound(
        within((voxel) => (voxel % 3 === 0 ? 45 : 30 + (voxel % 20))),
        centreLpsMm,
      ),
    ).toEqual(failure('pipeline.no-blood', { brightestHu: expect.closeTo(45, -1) }));
  });

  it('says no more than that where blood is bright, where no soft tissue is, and where values are no HU', () => {
    const unsaid = failure('pipeline.no-appendage');
    expect(whyNothingFound(volume, centreLpsMm)).toEqual(unsaid);
    expect(
      whyNothingFound(
        within((voxel) => -900 + (voxel % 100)),
        centreLpsMm,
      ),
    ).toEqual(unsaid);
    const of8Bits = within((voxel) => voxel % 60);
    expect(whyNotHounsfield(of8Bits)).toBeDefined();
    expect(whyNothingFound(of8Bits, centreLpsMm)).toEqual(unsaid);
  });
});
