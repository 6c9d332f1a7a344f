import type { SessionOverview, SessionSummary } from '#shared/contract/services/app.ts';
import type { ReceivedSeries } from '#shared/contract/services/receiving.ts';
import { dateInWords, momentInWords, workStateInWords } from '../../ui/valuesInWords.ts';
import { words } from '../../words/index.ts';

/** One line of the worklist: saved work, or a series that was received and not worked on yet. */
export interface WorklistEntry {
  readonly key: string;
  /** What opens it: the session's id, or the received series' UID. */
  readonly opens:
    | { readonly kind: 'session'; readonly id: string }
    | { readonly kind: 'received'; readonly seriesUid: string };
  /** Name and ID, or the title of work that an earlier version saved. */
  readonly patient: string;
  /** Date and description of the series. */
  readonly series: string;
  /** Null for work that an earlier version saved. */
  readonly state: 'new' | SessionOverview['state'] | null;
  /** A report was written of what was saved. */
  readonly isReported: boolean;
  /** Who reviewed it; '' where nobody did. */
  readonly reviewer: string;
  /** When it was saved; '' where it is new. */
  readonly saved: string;
  readonly thumbnail: SessionOverview['thumbnail'];
}

const joined = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join(' · ');

function savedEntry({ id, title, savedAt, overview }: SessionSummary): WorklistEntry {
  const patient = overview ? joined(nameInWords(overview.patientName), overview.patientId) : '';
  return {
    key: id,
    opens: { kind: 'session', id },
    patient: patient || words().recorded(title),
    series: overview ? joined(dateInWords(overview.studyDate), overview.seriesDescription) : '',
    state: overview?.state ?? null,
    isReported: overview?.isReported ?? false,
    reviewer: overview?.reviewedBy?.reviewer ?? '',
    saved: momentInWords(savedAt),
    thumbnail: overview?.thumbnail ?? null,
  };
}

function receivedEntry({ seriesUid, patientName, date, description }: ReceivedSeries): WorklistEntry {
  return {
    key: seriesUid,
    opens: { kind: 'received', seriesUid },
    patient: nameInWords(patientName) || words().common.noPatientData,
    series: joined(dateInWords(date), description),
    state: 'new',
    isReported: false,
    reviewer: '',
    saved: '',
    thumbnail: null,
  };
}

const nameInWords = (name: string): string => name.replaceAll('^', ' ').trim();

/** What is new first, then the saved work, each newest first as it came. */
export function worklistEntries(
  sessions: readonly SessionSummary[],
  received: readonly ReceivedSeries[],
): readonly WorklistEntry[] {
  // What was only drawn on is opened by its scan.
  const begun = new Set(
    sessions
      .filter(({ overview }) => overview?.state !== 'drawn')
      .map(({ seriesInstanceUid }) => seriesInstanceUid),
  );
  return [
    ...received.filter(({ seriesUid }) => !begun.has(seriesUid)).map(receivedEntry),
    ...sessions.map(savedEntry),
  ];
}

/** The entries in which every word of the search occurs, in whatever column. */
export function searchWorklist(entries: readonly WorklistEntry[], search: string): readonly WorklistEntry[] {
  const wanted = search.toLowerCase().split(/\s+/).filter(Boolean);
  return entries.filter(({ patient, series, state, isReported, reviewer, saved }) => {
    const stateWords = state ? workStateInWords(state, isReported) : '';
    const text = joined(patient, series, stateWords, reviewer, saved).toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
}
