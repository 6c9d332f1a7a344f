import { createStore, type StoreApi } from 'zustand/vanilla';
import type { AuricleClient } from '#shared/contract/auricle.ts';
import {
  type MeasureDifference,
  measureDifferences,
  ostiumShift,
} from '#shared/contract/measureDifferences.ts';
import type { ComparedMeasures, SurfaceComparison } from '#shared/contract/services/comparison.ts';
import type { MeasuredAppendage } from '#shared/contract/services/measured.ts';
import type { NamedFile } from '#shared/contract/values.ts';
import { failureOf } from '#shared/errors.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import { debounce, type Timer, windowTimer } from '../../jobs/debounce.ts';
import type { ReviewCase } from './reviewCase.ts';
import type { ReviewState, SavedReview } from './reviewState.ts';

/** The result that the work under review is compared with. */
export interface OtherResult {
  readonly name: string;
  readonly closed: MeasuredAppendage['closed'];
  readonly measures: ComparedMeasures;
}

/** The signed distances that the colours do not tell apart, for they end before them. */
export interface BeyondColours {
  /** Of the vertices, 0 to 1. */
  readonly share: number;
  /** The farthest inside and outside of the other, mm; null where the colours reach as far. */
  readonly insideMm: number | null;
  readonly outsideMm: number | null;
}

/** What the comparison found. */
export interface ComparisonResult extends SurfaceComparison {
  /** The surface under review that the signed distances belong to. */
  readonly of: MeasuredAppendage['closed'];
  /** Colours go from minus this to plus this, mm. */
  readonly rangeMm: number;
  readonly beyond: BeyondColours;
  readonly measures: readonly MeasureDifference[];
  readonly ostium: ReturnType<typeof ostiumShift>;
}

export interface ComparisonState {
  readonly other: OtherResult | null;
  readonly result: ComparisonResult | null;
  /** Why the other could not be read or compared. */
  readonly problem: Failure | null;
  /** The surface under review shows its distance to the other in colours. */
  readonly isColoured: boolean;
  /** In 3D the other stands to the right of the work; else it is drawn in the planes alone. */
  readonly isSideBySide: boolean;
}

/** The work under review against one other result of the study: before edits, saved work, a result's folder. */
export interface Comparison {
  readonly store: StoreApi<ComparisonState>;
  /** The surface as first segmented. */
  withOriginal(): Promise<void>;
  withSession(id: string, title: string): Promise<void>;
  /** The files of a folder that `auricle segment` wrote. */
  withFolder(folder: string, files: readonly NamedFile[]): Promise<void>;
  stop(): void;
  change(parts: Partial<Pick<ComparisonState, 'isColoured' | 'isSideBySide'>>): void;
}

export interface ComparisonHost {
  readonly client: Pick<AuricleClient, 'comparison'>;
  readonly review: StoreApi<ReviewState>;
  readonly loadSession: (
    id: string,
  ) => Promise<{ readonly reviewCase: ReviewCase; readonly saved: Pick<SavedReview, 'appendage'> }>;
  readonly timer?: Timer;
}

/** Edits come many in a row. */
const COMPARE_DELAY_MS = 600;
const RANGES_MM = [0.1, 0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 5, 7, 10, 15, 20] as const;

/** Ends of the colours that 95 % of the distances lie within: a round number, and no finer than a surface is made. */
export const rangeFor = (percentile95Mm: number): number =>
  RANGES_MM.find((range) => range >= percentile95Mm) ?? 10 * Math.ceil(percentile95Mm / 10);

/** What lies beyond the ends of the colours. */
export function beyondColours(signedMm: Float32Array, rangeMm: number): BeyondColours {
  let [least, most, count] = [0, 0, 0];
  for (const distance of signedMm) {
    least = Math.min(least, distance);
    most = Math.max(most, distance);
    if (Math.abs(distance) > rangeMm) count++;
  }
  return {
    share: count / Math.max(1, signedMm.length),
    insideMm: least < -rangeMm ? -least : null,
    outsideMm: most > rangeMm ? most : null,
  };
}

const NOTHING = { other: null, result: null, problem: null } as const;

export function createComparison({
  client,
  review,
  loadSession,
  timer = windowTimer,
}: ComparisonHost): Comparison {
  const store = createStore<ComparisonState>(() => ({ ...NOTHING, isColoured: true, isSideBySide: false }));
  let generation = 0;

  const compare = async (): Promise<void> => {
    const { appendage } = review.getState();
    const { other } = store.getState();
    // While another result is being read, its reading goes on.
    if (other === null) return;
    const mine = ++generation;
    if (appendage === null) return;
    try {
      const found = await client.comparison.surfaces({ first: appendage.closed, second: other.closed });
      if (mine !== generation) return;
      const rangeMm = rangeFor(found.percentile95Mm);
      store.setState({
        problem: null,
        result: {
          ...found,
          of: appendage.closed,
          rangeMm,
          beyond: beyondColours(found.signedMm, rangeMm),
          measures: measureDifferences(appendage.measurements, other.measures),
          ostium: ostiumShift(appendage.measurements, other.measures),
        },
      });
    } catch (thrown) {
      if (mine === generation) store.setState({ result: null, problem: failureOf(thrown) });
    }
  };
  const compareSoon = debounce(() => void compare(), COMPARE_DELAY_MS, timer);

  review.subscribe((after, before) => {
    const { other } = store.getState();
    const isOtherSeries = after.current?.seriesInstanceUid !== before.current?.seriesInstanceUid;
    const isOldOriginal =
      other !== null &&
      other.closed === before.current?.original.closed &&
      other.closed !== after.current?.original.closed;
    // A result that is still being read belongs to the series too.
    if (isOtherSeries || isOldOriginal) {
      generation++;
      store.setState(NOTHING);
    } else if (other !== null && after.appendage !== before.appendage) compareSoon.schedule();
  });

  /** Reads another result and compares it; a result of another place is refused. */
  const compareWith = async (
    read: (own: ReviewCase) => Promise<OtherResult & { readonly frameOfReferenceUid: string }>,
  ): Promise<void> => {
    const mine = ++generation;
    const { current } = review.getState();
    if (current === null) return;
    store.setState(NOTHING);
    try {
      const { frameOfReferenceUid, ...other } = await read(current);
      if (mine !== generation) return;
      const own = current.report.source.frameOfReferenceUid;
      if (own === '' || own !== frameOfReferenceUid) {
        store.setState({ problem: failure('evaluation.other-frame') });
        return;
      }
      store.setState({ other });
    } catch (thrown) {
      if (mine === generation) store.setState({ problem: failureOf(thrown) });
      return;
    }
    await compare();
  };

  const ofAppendage = (
    name: string,
    { report }: ReviewCase,
    { closed, measurements }: MeasuredAppendage,
  ) => ({
    name,
    closed,
    measures: measurements,
    frameOfReferenceUid: report.source.frameOfReferenceUid,
  });

  return {
    store,
    withOriginal: () =>
      compareWith(async (current) => ofAppendage('As first segmented', current, current.original)),
    withSession: (id, title) =>
      compareWith(async () => {
        const { reviewCase, saved } = await loadSession(id);
        return ofAppendage(title, reviewCase, saved.appendage);
      }),
    withFolder: (folder, files) =>
      compareWith(async () => ({
        name: folder,
        ...(await client.comparison.readResult({ folder, files: [...files] })),
      })),
    stop() {
      generation++;
      store.setState(NOTHING);
    },
    change: (parts) => store.setState(parts),
  };
}
