import { describe, expect, it } from 'vitest';
import { cubeGridLps, type GridLps, ijkToLps, LPS_AXES } from '#shared/geometry/gridLps.ts';
import { fitsScan, scanGridOf } from './scanGrid.ts';
import type { Scan } from './scanStore.ts';

const scan: GridLps = {
  sizeIjk: [100, 80, 60],
  originLpsMm: [-12.3, 4.56, 789],
  spacingMm: [0.41, 0.41, 0.7],
  directions: LPS_AXES,
};
const crop: GridLps = { ...scan, sizeIjk: [30, 30, 30], originLpsMm: ijkToLps(scan, [10, 20, 30]) };

describe('fitsScan', () => {
  it('accepts a crop of the scan, and the scan itself', () => {
    expect(fitsScan(crop, scan)).toBe(true);
    expect(fitsScan(scan, scan)).toBe(true);
  });

  it('refuses a crop that reaches beyond, is shifted by half a voxel, or has another spacing or direction', () => {
    expect(fitsScan({ ...crop, sizeIjk: [30, 30, 31] }, scan)).toBe(false);
    expect(fitsScan({ ...crop, originLpsMm: ijkToLps(scan, [10.5, 20, 30]) }, scan)).toBe(false);
    expect(fitsScan({ ...crop, originLpsMm: ijkToLps(scan, [-1, 20, 30]) }, scan)).toBe(false);
    expect(fitsScan({ ...crop, spacingMm: [0.41, 0.41, 0.5] }, scan)).toBe(false);
    const turned: GridLps['directions'] = [LPS_AXES[1], LPS_AXES[0], LPS_AXES[2]];
    expect(fitsScan({ ...crop, directions: turned }, scan)).toBe(false);
  });
});

const own = cubeGridLps([0, 0, 0], 100, 10);
const ofScreen = cubeGridLps([0, 0, 0], 200, 20);
const shown = (extent: Scan['extent']): Scan => ({
  volume: { grid: ofScreen, data: new Int16Array(0) },
  seriesInstanceUid: '1.2.3',
  patient: { name: '', id: '', birthDate: '', sex: '', studyDate: '', studyDescription: '' },
  isSample: false,
  extent,
  coarse: null,
  source: null,
  sourceSeries: null,
  warnings: [],
});

describe('scanGridOf', () => {
  it('is what was kept with the work, whatever is on the screen', () => {
    expect(scanGridOf({ scanGrid: own }, shown('crop'))).toBe(own);
    expect(scanGridOf({ scanGrid: own }, shown('whole'))).toBe(own);
  });

  it('of earlier work is that of the scan on the screen, and unknown where only a part is left', () => {
    expect(scanGridOf({ scanGrid: null }, shown('whole'))).toBe(ofScreen);
    expect(scanGridOf({ scanGrid: null }, shown('arriving'))).toBe(ofScreen);
    expect(scanGridOf({ scanGrid: null }, shown('crop'))).toBeNull();
    expect(scanGridOf({ scanGrid: null }, null)).toBeNull();
  });
});
