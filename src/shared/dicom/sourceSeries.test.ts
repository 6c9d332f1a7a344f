import { expect, it } from 'vitest';
import { assembleSeries } from './assembleSeries.ts';
import { readSourceSeries } from './sourceSeries.ts';
import { ctFiles, parsed, rampVolume, smallGrid } from './testing/ctFixtures.ts';

it('has the frame of reference that its other slices name where the first one lacks it', () => {
  const files = ctFiles(rampVolume(smallGrid()), (k) => ({ '0020,0052': k < 2 ? undefined : '1.2.3' }));
  const [series] = assembleSeries(parsed(files).slices);
  const { attributes } = readSourceSeries(series!, files.get('slice-0001')!);
  expect(attributes.FrameOfReferenceUID).toBe('1.2.3');
});
