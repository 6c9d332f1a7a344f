import { describe, expect, it } from 'vitest';
import type { SessionOverview, SessionSummary } from '#shared/contract/services/app.ts';
import { searchWorklist, worklistEntries } from './worklist.ts';

const overview: SessionOverview = {
  patientName: 'DOE, JANE',
  patientId: '17',
  studyDate: '20200101',
  seriesDescription: 'CTA 75 %',
  state: 'accepted',
  thumbnail: null,
};
const session = (id: string, parts: Partial<SessionOverview> | null): SessionSummary => ({
  id,
  title: 'An earlier title',
  seriesInstanceUid: `1.${id}`,
  // Without a zone: the local time everywhere.
  savedAt: '2026-03-04T05:06:07',
  ...(parts ? { overview: { ...overview, ...parts } } : {}),
});
const received = {
  seriesUid: '1.9',
  patientName: 'ROE^RICHARD',
  modality: 'CT',
  description: 'Heart',
  date: '20260102',
  imageCount: 300,
};

describe('the worklist', () => {
  it('tells studies of the same day and name apart, and says how far each is', () => {
    const entries = worklistEntries(
      [session('1', {}), session('2', { patientName: 'DOE, JOHN', patientId: '18', state: 'rejected' })],
      [received, { ...received, seriesUid: '1.1' }],
    );
    // What was received and is worked on already is no longer new.
    expect(entries).toMatchObject([
      { patient: 'ROE RICHARD', series: '2026-01-02 · Heart', state: 'new', saved: '' },
      { patient: 'DOE, JANE · 17', series: '2020-01-01 · CTA 75 %', state: 'accepted' },
      { patient: 'DOE, JOHN · 18', state: 'rejected', saved: '2026-03-04 05:06' },
    ]);
  });

  it('shows work of earlier versions by its title', () => {
    expect(worklistEntries([session('1', null)], [])).toMatchObject([
      { patient: 'An earlier title', series: '', state: null },
    ]);
  });

  it('is searched by any word of patient, series, state and date', () => {
    const entries = worklistEntries(
      [session('1', {}), session('2', { patientName: 'DOE, JOHN', state: 'segmented' })],
      [received],
    );
    const found = (search: string) => searchWorklist(entries, search).map(({ key }) => key);
    expect(found('')).toEqual(['1.9', '1', '2']);
    expect(found('doe john')).toEqual(['2']);
    expect(found('not reviewed')).toEqual(['2']);
    expect(found('CTA accepted')).toEqual(['1']);
    expect(found('new')).toEqual(['1.9']);
    expect(found('nobody')).toEqual([]);
    const reported = worklistEntries([session('3', { isReported: true }), session('4', {})], []);
    expect(searchWorklist(reported, 'reported').map(({ key }) => key)).toEqual(['3']);
  });
});
