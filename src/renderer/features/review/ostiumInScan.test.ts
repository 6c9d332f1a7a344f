import { describe, expect, it } from 'vitest';
import { measured } from '#shared/contract/testing/values.ts';
import { failure } from '#shared/failures/failure.ts';
import { type GridLps, LPS_AXES } from '#shared/geometry/gridLps.ts';
import { isOstiumCut, withholdCutOstium } from './ostiumInScan.ts';

/** Slices from 3 mm below the example's rim, which lies at 0 mm, to this height. */
const scanTo = (topMm: number): GridLps => ({
  sizeIjk: [100, 100, 4 + topMm],
  originLpsMm: [-50, -50, -3],
  spacingMm: [1, 1, 1],
  directions: LPS_AXES,
});

describe('an ostium at the edge of the scan', () => {
  it('is cut where its rim lies on the last slice or beyond it', () => {
    expect(isOstiumCut(measured, scanTo(5))).toBe(false);
    expect(isOstiumCut(measured, scanTo(0))).toBe(true);
    expect(isOstiumCut(measured, scanTo(-2))).toBe(true);
    expect(isOstiumCut({ rimLpsMm: null }, scanTo(0))).toBe(false);
  });

  it('has no sizes, nor what is measured from it, and says why', () => {
    expect(withholdCutOstium(measured, scanTo(5))).toBe(measured);
    const { measurements, warnings } = withholdCutOstium(measured, scanTo(0));
    expect(measurements).toMatchObject({ ostium: null, landingZones: [], volumeMl: null, depthMm: null });
    const cut = failure('measure.ostium-cut');
    for (const name of ['maxDiameterMm', 'perimeterMm', 'landingZone10', 'depthMm'])
      expect(measurements.withheld[name]).toEqual(cut);
    expect(warnings).toEqual([cut]);
    // What is withheld already is not withheld twice.
    const again = withholdCutOstium({ ...measured, warnings }, scanTo(0));
    expect(again.warnings).toEqual([cut]);
  });
});
