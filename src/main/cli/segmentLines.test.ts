import { expect, it } from 'vitest';
import { report } from '#shared/contract/testing/values.ts';
import { failure } from '#shared/failures/failure.ts';
import { describeReport } from './segment.ts';

it('says of a landing zone that is not given why, in its place', () => {
  const [zone] = report.landingZones;
  const cut = {
    ...report,
    landingZones: [{ ...zone!, distanceMm: 10 }],
    withheld: { landingZone12: failure('measure.appendage-cut') },
  };
  const lines = describeReport(cut)
    .split('\n')
    .filter((line) => line.startsWith('Landing zone'));
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatch(/10 mm beyond the ostium$/);
  expect(lines[1]).toBe(
    'Landing zone       —, 12 mm beyond the ostium: the appendage is truncated by the scan',
  );
});
