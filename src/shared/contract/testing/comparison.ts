import type { comparisonService } from '../services/comparison.ts';
import type { ServiceFixtures } from './fixture.ts';
import { closed, file, measured } from './values.ts';

const { ostium, landingZones, volumeMl, depthMm, depthToFirstBendMm, surfaceAreaMm2 } = measured.measurements;
const measures = { ostium, landingZones, volumeMl, depthMm, depthToFirstBendMm, surfaceAreaMm2 };
const surfaces = {
  dice: 0.9,
  meanMm: 0.2,
  percentile95Mm: 0.5,
  largestMm: 1,
  signedMm: Float32Array.of(0, 1),
};

export const comparisonFixtures: ServiceFixtures<typeof comparisonService> = {
  surfaces: {
    params: { good: [{ first: closed, second: closed }], bad: { 'one surface': { first: closed } } },
    result: {
      good: [surfaces, { ...surfaces, dice: null }],
      bad: { 'no distances': { ...surfaces, signedMm: [0, 1] } },
    },
  },
  readResult: {
    params: { good: [{ folder: 'result', files: [file] }], bad: { 'no folder': { files: [] } } },
    result: {
      good: [{ closed, measures, frameOfReferenceUid: '1.2' }],
      bad: { 'no measures': { closed, frameOfReferenceUid: '1.2' } },
    },
  },
};
