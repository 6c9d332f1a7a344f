import { expect, it } from 'vitest';
import { inWords } from '../words/testing/inWords.ts';
import { repeatedSlices } from './repeatedSlices.ts';
import { rampVolume, smallGrid } from './testing/ctFixtures.ts';

const volume = rampVolume(smallGrid());
const withPlane = (k: number, huOf: (voxel: number) => number) => ({
  ...volume,
  data: volume.data.map((value, voxel) => (Math.floor(voxel / 30) === k ? huOf(voxel) : value)),
});

it('says how many slices repeat the one before them', () => {
  expect(repeatedSlices(volume)).toEqual([]);
  const repeated = withPlane(4, (voxel) => volume.data[voxel - 30]!);
  expect(inWords(repeatedSlices(repeated))).toEqual([
    'One slice holds exactly the values of the slice before it: it may be a copy in the place of a slice that was lost.',
  ]);
  // One value that differs is enough: noise.
  repeated.data[4 * 30 + 17] = 7;
  expect(repeatedSlices(repeated)).toEqual([]);
});

it('leaves out blank slices, of which it is said elsewhere', () => {
  const blank = withPlane(3, () => -1024);
  expect(repeatedSlices({ ...blank, data: blank.data.fill(-1024, 4 * 30, 5 * 30) })).toEqual([]);
});
