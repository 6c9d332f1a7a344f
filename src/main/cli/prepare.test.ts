import { describe, expect, it } from 'vitest';
import { runPrepare } from './prepare.ts';

const context = { signal: new AbortController().signal, onProgress: () => {} };
const DEFAULTS = {
  output: 'never-written',
  seed: 1,
  centre: 'segmentation',
  res: [64],
  imageType: 'int16',
  points: 10,
  surfaceResolution: 32,
} as const;

describe('auricle prepare', () => {
  it.each([
    ['cases', { image: 'ct', segmentation: 'laa.stl' }, '--image has no use with a list of cases'],
    [undefined, { segmentation: 'laa.stl', phantoms: 2 }, '--segmentation has no use with --phantoms'],
    ['cases', { phantoms: 2 }, '--phantoms has no use with a list of cases'],
    ['cases', { name: 'a' }, '--name has no use with a list of cases'],
    ['cases', { patient: 'a' }, '--patient has no use with a list of cases'],
    [undefined, { phantoms: 2, label: 1 }, '--label has no use with --phantoms'],
    [undefined, { phantoms: 2, surfaceSpace: 'ras' }, '--surface-space has no use with --phantoms'],
    [undefined, { phantoms: 2, centre: 'region' }, '--centre has no use with --phantoms'],
  ] as const)('refuses options that would do nothing: %s %o', async (list, options, sentence) => {
    await expect(runPrepare(list, { ...DEFAULTS, ...options }, context)).rejects.toThrow(sentence);
  });
});
