import { EXAMPLE_ANNOTATIONS } from '#shared/annotations/testing/exampleAnnotations.ts';
import { failure } from '#shared/failures/failure.ts';
import { LPS_AXES } from '#shared/geometry/gridLps.ts';
import { createWorkHistory, historyToBytes } from '../../../edit/index.ts';
import type { SavedReview } from '../../../features/review/index.ts';
import { exampleAppendage, exampleReviewCase } from '../../../features/review/testing/exampleCase.ts';
import type { SavedSession, SessionState } from '../sessionState.ts';

const grid = {
  sizeIjk: [3, 2, 2],
  originLpsMm: [1, 2, 3],
  spacingMm: [1, 1, 2],
  directions: LPS_AXES,
} as const;

const EXAMPLE_PHASES: SessionState['phases'] = [
  {
    result: {
      phase: {
        label: '75 %',
        percent: 75,
        place: 75,
        unit: '%',
        attribute: 'Nominal Percentage of Cardiac Phase',
        isByOrder: false,
      },
      seriesId: '1.2.75',
      description: 'CTA 75 %',
      refusal: failure('pipeline.no-appendage'),
      measurements: null,
      warnings: [],
    },
    caseId: null,
  },
];

/** Accepted work on a crop of 3 × 2 × 2 voxels, with an edited surface and one step. */
export function exampleSession(): SavedSession {
  const original = exampleAppendage({ ostiumPlane: { pointLpsMm: [0, 0, 0], normal: [0, 0, 1] } });
  const reviewCase = exampleReviewCase(
    {
      // An odd offset in its buffer, as views of an archive have.
      crop: { grid, data: new Int16Array(13).fill(-1000).fill(300, 4).subarray(1) },
      labels: { grid, data: Uint8Array.of(0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1) },
    },
    {
      scanGrid: { ...grid, sizeIjk: [30, 20, 10] },
      region: { centreLpsMm: [2, 2, 4], edgeMm: 70, confidence: null },
      original,
      isCut: true,
      atrium: { grid: { ...grid, sizeIjk: [2, 1, 2] }, distancesMm: Float32Array.of(1, -1, Number.NaN, 2) },
    },
  );
  const history = createWorkHistory();
  history.push('Accept', { kind: 'review', before: 'not reviewed', after: 'accepted' });
  const saved: SavedReview = {
    appendage: exampleAppendage({
      wall: exampleAppendage().closed,
      rimLpsMm: Float32Array.of(1, 2, 3),
      warnings: [failure('pipeline.appendage-cut')],
    }),
    plane: { pointLpsMm: [0, 0, 5], normal: [0, 0, 1] },
    marks: {
      landmarks: { ridge: [1, 2, 3], circumflex: null },
      centreLine: [[1, 2, 3]],
      outlines: [
        {
          at: 10,
          plane: { pointLpsMm: [0, 0, 10], normal: [0, 0, 1] },
          pointsLpsMm: [
            [5, 0, 10],
            [0, 5, 10],
            [-5, 0, 10],
            [0, -5, 10],
          ],
          outlineLpsMm: [
            [5, 0, 10],
            [0, 5, 10],
            [-5, 0, 10],
            [0, -5, 10],
          ],
        },
      ],
    },
    device: { table: 'Example occluder', size: '24 mm', depthMm: 9.5, tiltDegrees: [10, -5] },
    verdict: 'accepted',
    reviewedBy: { reviewer: 'Dr Roe', at: '2026-01-02T03:04:05.678Z' },
    labelEdits: 2,
    isStale: false,
    history: historyToBytes(history),
  };
  const reviewedSteps = { region: '1 2 3', ostium: 'x' };
  return {
    reviewCase,
    saved,
    landingZoneMm: 13.5,
    annotations: EXAMPLE_ANNOTATIONS,
    reviewedSteps,
    isReported: false,
    documented: { edits: ['Brush'], reviewedSteps: ['region'] },
    phases: EXAMPLE_PHASES,
  };
}
