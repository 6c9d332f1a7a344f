import { describe, expect, it } from 'vitest';
import { cubeGridLps } from '#shared/geometry/gridLps.ts';
import { scanGridOf } from './scanGridOf.ts';
import type { Scan } from './scanStore.ts';

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
