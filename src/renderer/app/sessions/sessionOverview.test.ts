import { expect, it } from 'vitest';
import { overviewOf, thumbnailRgba } from './sessionOverview.ts';
import { exampleSession } from './testing/exampleSession.ts';

it('names patient, series and state, with a picture', () => {
  const session = exampleSession();
  const { saved } = session;
  const overview = overviewOf(session);
  expect(overview).toMatchObject({
    patientName: 'A^B',
    patientId: '7',
    studyDate: '20240102',
    seriesDescription: 'CTA heart',
    state: 'accepted',
    isReported: false,
    result: { isCorrected: saved.marks.centreLine !== null || saved.marks.outlines.length > 0 },
  });
  expect(overviewOf({ ...session, isReported: true }).isReported).toBe(true);
  const rgba = thumbnailRgba(overview.thumbnail!);
  expect(rgba).toHaveLength(4 * 64 * 64);
  // The outline of what is segmented is amber, all else grey.
  const pixels = Array.from({ length: 64 * 64 }, (_, at) => [...rgba.subarray(4 * at, 4 * at + 3)].join());
  expect(new Set(pixels)).toContain('255,190,70');
  expect(pixels.filter((pixel) => pixel !== '255,190,70' && new Set(pixel.split(',')).size > 1)).toHaveLength(
    0,
  );
});

it('tells untouched work from edited work', () => {
  const { reviewCase, saved, phases } = exampleSession();
  const unseen = { ...saved, verdict: 'not reviewed' } as const;
  expect(
    overviewOf({
      reviewCase,
      phases,
      isReported: false,
      saved: { ...unseen, appendage: reviewCase.original },
    }).state,
  ).toBe('segmented');
  expect(overviewOf({ reviewCase, phases, isReported: false, saved: unseen }).state).toBe('edited');
});
