import type { Axes, PhantomScene } from './scene.ts';

/** Small scenes for tests. */
export const IDENTITY_AXES: Axes = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];

/** A scene of nothing: air, an ideal scanner. */
export const emptyScene = (): PhantomScene => ({
  version: 1,
  seed: 1,
  shapes: [],
  backgroundHu: -1000,
  tissues: [],
  acquisition: {
    psfInPlaneSdMm: 0,
    sliceThicknessMm: 0,
    noiseSdHu: 0,
    noiseCorrelationInPlaneMm: 0,
    noiseCorrelationThroughPlaneMm: 0,
    noiseSeed: 7,
    streaks: [],
  },
  appendage: {
    bodyShape: 'body',
    ostiumPointLpsMm: [0, 0, 0],
    ostiumNormal: [0, 0, 1],
    centreLineLpsMm: [],
    morphology: 'windsock',
    landmarksLpsMm: {},
  },
});
