import { expect, it } from 'vitest';
import type { SessionOverview, SessionSummary } from '#shared/contract/services/app.ts';
import { measuredResult } from '#shared/contract/services/measuredResult.ts';
import { measured } from '#shared/contract/testing/values.ts';
import { failure } from '#shared/failures/failure.ts';
import { NOT_REVIEWED, savedVerdict } from './savedVerdict.ts';

const result = measuredResult(measured, false);
const session = (id: string, parts: Partial<SessionOverview>, series = '1.2.3'): SessionSummary => ({
  id,
  title: '',
  seriesInstanceUid: series,
  savedAt: '2026-03-01T00:00:00.000Z',
  overview: {
    patientName: '',
    patientId: '',
    studyDate: '',
    seriesDescription: '',
    state: 'accepted',
    result,
    thumbnail: null,
    ...parts,
  },
});
const roe = { reviewer: 'Dr Roe', at: '2026-01-02T03:04:05.000Z' };
const poe = { reviewer: 'Dr Poe', at: '2026-02-02T03:04:05.000Z' };

it('takes the latest verdict on the same surface and numbers, with reader and time', () => {
  const found = savedVerdict(
    [
      session('a', { reviewedBy: roe }),
      session('b', { reviewedBy: poe, state: 'rejected' }),
      session('c', { state: 'edited' }),
    ],
    '1.2.3',
    result,
  );
  expect(found).toEqual({ verdict: { review: 'rejected', reviewedBy: poe }, warnings: [] });
});

it('takes none on other numbers or of another series, and says what it left', () => {
  const smaller = { ...result, volumeMl: 1 };
  const ostium = `${result.ostiumAreaMm2!.toFixed(1)} mm²`;
  const corrected = { ...result, isCorrected: true };
  for (const other of [smaller, corrected, undefined]) {
    const found = savedVerdict([session('a', { reviewedBy: roe, result: other })], '1.2.3', result);
    expect(found.verdict).toEqual(NOT_REVIEWED);
    expect(found.warnings).toEqual([
      failure('report.verdict-of-other-numbers', {
        verdict: 'accepted',
        reviewer: 'Dr Roe',
        at: roe.at,
        theirs: other === undefined ? '' : `${other.volumeMl!.toFixed(2)} mL, ${ostium}`,
        ours: `${result.volumeMl!.toFixed(2)} mL, ${ostium}`,
        fileName: 'a.session',
      }),
    ]);
  }
  expect(savedVerdict([session('a', { reviewedBy: roe }, '1.9')], '1.2.3', result)).toEqual({
    verdict: NOT_REVIEWED,
    warnings: [],
  });
});
