import { describe, expect, it } from 'vitest';
import { failure } from '#shared/failures/failure.ts';
import { cubeGridLps } from '#shared/geometry/gridLps.ts';
import { icosphere } from '#shared/mesh/testing/primitives.ts';
import { words } from '#shared/words/words.ts';
import { meshQuality } from '../mesh/quality.ts';
import { landmarkWarnings, scanWarnings, surfaceWarnings } from './warnings.ts';

const filled = { atriumHu: 350, appendageHu: 340, shownShare: 1, unseenWallShare: 0, nearbyHu: 360 };
const whole = { truncated: false };

describe('warnings of the scan, which hold for every later surface', () => {
  it('are none where all is well', () => {
    expect(scanWarnings(whole, filled, 0.9)).toEqual([]);
    expect(scanWarnings(whole, filled, null)).toEqual([]);
  });

  it('are the unsure position, the cut, the weak contrast and the dark appendage, in this order', () => {
    const warnings = scanWarnings(whole, { ...filled, atriumHu: 140, appendageHu: 90, shownShare: 0.9 }, 0.3);
    expect(
      warnings.map((warning) => /Low confidence|truncated|Weak|darker/.exec(words().sentence(warning))?.[0]),
    ).toEqual(['Low confidence', 'truncated', 'Weak', 'darker']);
    expect(scanWarnings({ truncated: true }, filled, null).map(words().sentence).join()).toContain(
      'truncated at the edge',
    );
  });
});

describe('an appendage that contrast does not fill', () => {
  const filling = {
    filledMl: 4,
    unfilledMl: 2.14,
    uncertaintyMl: 0.2,
    filledHu: 340,
    unfilledHu: 61,
    fromDepthMm: 17.2,
    toDepthMm: 30,
    unfilled: { grid: cubeGridLps([0, 0, 0], 2, 2), data: new Uint8Array(8) },
  };
  const said = (...parts: Parameters<typeof scanWarnings>): string =>
    scanWarnings(...parts)
      .map(words().sentence)
      .join(' ');

  it('is said with its volume, its place and its values', () => {
    expect(said(whole, filled, 0.9, undefined, filling)).toContain(
      '2.1 mL of the appendage (± 0.2 mL by noise), from 17 mm beyond the ostium on, are not filled with contrast: 61 HU against 340 HU.',
    );
    expect(said(whole, filled, 0.9, undefined, { ...filling, filledHu: undefined })).toContain(
      'The appendage is not filled with contrast (61 HU)',
    );
  });

  it('is said without a volume where no volume is given', () => {
    expect(said({ truncated: true }, filled, 0.9, undefined, filling)).toMatch(/much darker than the atrium/);
    expect(said({ truncated: true }, filled, 0.9, undefined, filling)).not.toContain('2.1 mL');
  });
});

describe('dark tissue that the surface may leave out', () => {
  const remainder = { volumeMl: 0.74, valueHu: 40, fromDepthMm: 30, toDepthMm: 46.6 };

  it('is said with its volume, values and place, where numbers are given that leave it out', () => {
    const [warning] = scanWarnings(whole, filled, 0.9, undefined, undefined, remainder);
    expect(words().sentence(warning!)).toContain(
      'at least 0.7 mL of 40 HU, 30 to 47 mm beyond the ostium) may be an unfilled part of the appendage',
    );
    expect(
      scanWarnings({ truncated: true }, filled, 0.9, undefined, undefined, remainder).map(({ code }) => code),
    ).toEqual(['pipeline.appendage-cut']);
  });
});

describe('warnings of the surface, which editing may change', () => {
  it('are a missing ostium, an unusual size and what was left out', () => {
    const warnings = surfaceWarnings(
      {
        ostium: { found: false, reason: 'no-ostium' },
        volumeMl: 40,
        droppedPieces: [0.3, 0.01].map((volumeMl) => ({
          volumeMl,
          centroidLpsMm: [0, 0, 0],
          touchesBorder: false,
        })),
        quality: { ...meshQuality(icosphere([0, 0, 0], 5, 1)), genus: 1, selfIntersections: 2 },
      },
      false,
    );
    const known = /No ostium|40.0 mL|fragment \(0.3 mL\)|topological handle|intersects itself/;
    expect(warnings.map((warning) => known.exec(words().sentence(warning))?.[0])).toEqual([
      'No ostium',
      '40.0 mL',
      'topological handle',
      'intersects itself',
      'fragment (0.3 mL)',
    ]);
  });
});

describe('landmarkWarnings', () => {
  it('says nothing of a model without landmarks, nor where ostium and landmarks agree', () => {
    expect(landmarkWarnings(undefined)).toEqual([]);
    expect(landmarkWarnings({ fromCapMm: [-1, 3.9], spreadsMm: [1, 1.3] })).toEqual([]);
  });

  it('warns where a landmark lies far from the ostium, or is not found', () => {
    expect(landmarkWarnings({ fromCapMm: [-1, -6], spreadsMm: [1, 1.3] })).toEqual([
      failure('pipeline.landmarks-disagree', { ridgeMm: 1, circumflexMm: 6 }),
    ]);
    expect(landmarkWarnings({ fromCapMm: [0, 0], spreadsMm: [1, 1.4] })).toEqual([
      failure('pipeline.landmarks-unsure', { spreadMm: 1.4 }),
    ]);
  });
});
