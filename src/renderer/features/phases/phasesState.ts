import type { MeasuredAppendage } from '#shared/contract/services/measured.ts';
import { type PhaseResult, phaseResultSchema, type SavedPhase } from '#shared/contract/services/phases.ts';
import type { ViewedVolume } from '../../viewer/types.ts';
import type { SeriesEntry } from '../studies/index.ts';

/** A series that is a phase of a heart cycle. */
export type PhaseEntry = SeriesEntry & { readonly phase: NonNullable<SeriesEntry['phase']> };

/** What the images show in place of the loaded series: a phase of the cine. */
export interface CineFrame {
  readonly seriesId: string;
  readonly label: string;
  /** Averaged to voxels of about 1 mm. */
  readonly volume: ViewedVolume;
  /** null where that phase has not been segmented. */
  readonly appendage: MeasuredAppendage | null;
}

export interface PhasesState {
  /** Of the series that is selected, in the order of the cycle; empty where it is the only one. */
  readonly phases: readonly PhaseEntry[];
  /** What was segmented or refused of them, by the ids of their series. */
  readonly results: Readonly<Record<string, PhaseResult>>;
  /** Of the heart of the work under review, where that heart is not open: as they were saved with the work. */
  readonly away: readonly SavedPhase[];
  /** Grows with every result that is to be saved. */
  readonly revision: number;
  readonly selectedId: string | null;
  readonly frame: CineFrame | null;
  readonly isPlaying: boolean;
  readonly framesPerSecond: number;
}

/** By their values: saved ones are read anew, with their parts in another order perhaps. */
export const isSameResult = (one: PhaseResult | undefined, other: PhaseResult): boolean =>
  one !== undefined &&
  canonicalJson(phaseResultSchema.parse(one)) === canonicalJson(phaseResultSchema.parse(other));

const canonicalJson = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );

/** The results in the order of the cycle, for tables and curves. */
export const resultsInOrder = ({ phases, results }: Pick<PhasesState, 'phases' | 'results'>): PhaseResult[] =>
  phases.flatMap(({ id }) => results[id] ?? []);

/** Parts of one series have its UID with #2, #3, … */
export const uidOf = ({ seriesId }: Pick<PhaseResult, 'seriesId'>): string | undefined =>
  seriesId.split('#')[0];

/**
 * The results of the heart that a series shows, in the order of the cycle: of the open one, or as they were saved with the
 * work under review.
 */
export function resultsBeside(state: PhasesState, seriesInstanceUid: string): readonly PhaseResult[] {
  if (state.phases.some((entry) => entry.seriesInstanceUid === seriesInstanceUid))
    return resultsInOrder(state);
  const away = state.away.map(({ result }) => result);
  if (!away.some((result) => uidOf(result) === seriesInstanceUid)) return [];
  return away.sort((a, b) => a.phase.place - b.phase.place);
}
