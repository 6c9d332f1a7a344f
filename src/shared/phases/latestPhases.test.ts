import { describe, expect, it } from 'vitest';
import type { SessionSummary } from '#shared/contract/services/app.ts';
import type { PhaseResult, SavedPhase } from '#shared/contract/services/phases.ts';
import { failure } from '#shared/failures/failure.ts';
import { latestPhases } from './latestPhases.ts';
import { nominalPhase } from './testing/cycle.ts';

const result = (percent: number, description: string): PhaseResult => ({
  phase: nominalPhase(percent),
  seriesId: `1.2.${percent}`,
  description,
  refusal: failure('pipeline.no-appendage'),
  measurements: null,
  warnings: [],
});

const summary = (id: string, day: number, phase: PhaseResult): SessionSummary => ({
  id,
  title: '',
  seriesInstanceUid: phase.seriesId,
  savedAt: `2025-01-0${day}T00:00:00.000Z`,
  overview: {
    patientName: '',
    patientId: '',
    studyDate: '',
    seriesDescription: '',
    state: 'edited',
    thumbnail: null,
    phase,
  },
});

const saved: readonly SavedPhase[] = [
  { result: result(40, 'own'), caseId: 'own' },
  { result: result(75, 'as saved'), caseId: 'other' },
];
const own = summary('own', 5, result(40, 'own, in the list'));
const descriptions = (list: readonly SessionSummary[]) =>
  latestPhases(saved, 'own', list).map(({ result: { description }, caseId }) => [description, caseId]);

describe('the phases that were saved with work on one of them', () => {
  it('have the numbers of their own work, the latest of it, but never for the work itself', () => {
    const list = [own, summary('other', 1, result(75, 'then')), summary('again', 2, result(75, 'edited'))];
    expect(descriptions(list)).toEqual([
      ['own', 'own'],
      ['edited', 'again'],
    ]);
  });

  it('keep theirs where there is no work of their own, or only earlier work than they are', () => {
    const asSaved = [
      ['own', 'own'],
      ['as saved', 'other'],
    ];
    expect(descriptions([own])).toEqual(asSaved);
    expect(descriptions([own, summary('before', 4, result(75, 'earlier'))])).toEqual(asSaved);
    expect(descriptions([own, summary('since', 6, result(75, 'later'))])[1]).toEqual(['later', 'since']);
    // Of another heart's phase.
    expect(descriptions([own, summary('else', 6, result(5, 'else'))])).toEqual(asSaved);
  });
});
