import { describe, expect, it } from 'vitest';
import { parseSliceHeader } from '#shared/dicom/parseSliceHeader.ts';
import { rampVolume, smallGrid } from '#shared/dicom/testing/ctFixtures.ts';
import { defaultCtSeriesMetadata, writeCtSlice } from '#shared/dicom/writeCtSlice.ts';
import { ijkToLps } from '#shared/geometry/gridLps.ts';
import { MOST_PHASES, phantomPhases, phaseFolderName, phaseGrid, phaseMetadata } from './phantomPhases.ts';

describe('the phases of a phantom', () => {
  it.each([1, 2, 3, 10, MOST_PHASES])('are %i in the order of the cycle, the largest among them', (count) => {
    const phases = phantomPhases(count);
    expect(phases).toHaveLength(count);
    expect(phases.filter(({ scale }) => scale === 1)).toEqual([{ percent: 40, scale: 1 }]);
    const percents = phases.map(({ percent }) => percent);
    expect(percents).toEqual([...new Set(percents)].sort((a, b) => a - b));
    expect(phases.map(phaseFolderName)).toEqual(phases.map(phaseFolderName).sort());
  });

  it('lose 40 % of the volume within half a cycle', () => {
    expect(phantomPhases(2).map(({ scale }) => scale ** 3)).toEqual([1, expect.closeTo(0.6, 9)]);
  });

  it('show the scene scaled about a point: what lies 10 mm from it lies 8 mm from it at scale 0.8', () => {
    const grid = smallGrid({ originLpsMm: [-1, -2, -3], spacingMm: [0.5, 0.5, 1] });
    const fixed = [1, 2, 3] as const;
    const sampled = ijkToLps(phaseGrid(grid, [...fixed], { percent: 90, scale: 0.8 }), [3, 2, 4]);
    const shown = ijkToLps(grid, [3, 2, 4]);
    for (const axis of [0, 1, 2] as const) {
      expect(shown[axis] - fixed[axis]).toBeCloseTo(0.8 * (sampled[axis] - fixed[axis]), 9);
    }
  });

  it('are named in their files', () => {
    const volume = rampVolume(smallGrid());
    const metadata = phaseMetadata(defaultCtSeriesMetadata(1, volume.grid), { percent: 6.5, scale: 0.9 }, 0);
    const parsed = parseSliceHeader(writeCtSlice(volume, 0, metadata));
    expect(parsed).toMatchObject({ kind: 'slice', header: { acquisition: { cardiacPhasePercent: 6.5 } } });
  });
});
