import type { DevicePlan, DeviceTable, LumenProfile } from '#shared/contract/planning.ts';
import type { ReaderMarks } from '#shared/contract/readerMarks.ts';
import type { MeasuredAppendage } from '#shared/contract/services/measured.ts';
import type { DeviceTablesInForce } from '#shared/contract/services/planning.ts';
import type { Failure } from '#shared/failures/failure.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import { planDevices } from '#shared/planning/deviceFit.ts';
import { distancesFromOstium } from '#shared/planning/nearbyDistances.ts';
import type { ShownPlan } from '../../viewer/types.ts';
import type { ReviewState } from '../review/index.ts';

export interface PlanningState {
  /** Of the surface as it is; null while it is made. */
  readonly profile: LumenProfile | null;
  /** The surface with the numbers that follow what the reader corrected; null where nothing was. */
  readonly numbers: MeasuredAppendage | null;
  /** The points of the reader that profile and numbers follow, by which those of earlier points are told; null: none. */
  readonly followedLineLpsMm: readonly Vec3[] | null;
  /** The points by which the centre line is corrected; none while nobody plans. */
  readonly lineHandlesLpsMm: readonly Vec3[];
  /** Why it could not be made. */
  readonly problem: Failure | null;
  readonly tables: readonly DeviceTable[];
  readonly origin: DeviceTablesInForce['origin'];
  /** Why there are no tables: one of the hospital's own is damaged. */
  readonly tablesProblem: Failure | null;
  /** The reader's landing zone; null: each device table's own. */
  readonly landingZoneMm: number | null;
  /** Grows with every change that is to be saved. */
  readonly revision: number;
  /** Where the section is that the planes show; null where none is. */
  readonly sectionMm: number | null;
  /** Null while nobody plans: the panel is closed. */
  readonly shown: ShownPlan | null;
}

/** A plan of which nothing is known. */
export const NOTHING: Omit<PlanningState, 'revision' | 'tables' | 'origin' | 'tablesProblem'> = {
  profile: null,
  numbers: null,
  followedLineLpsMm: null,
  lineHandlesLpsMm: [],
  problem: null,
  landingZoneMm: null,
  sectionMm: null,
  shown: null,
};

/** The plan of a state; null where there is no profile or no table. */
export function planOf(
  { profile, numbers, tables, landingZoneMm }: PlanningState,
  { appendage, current }: Pick<ReviewState, 'appendage' | 'current'>,
): DevicePlan | null {
  const measured = numbers ?? appendage;
  if (!profile || !measured) return null;
  return planDevices(
    tables,
    { measurements: measured.measurements, profile },
    landingZoneMm,
    appendage && current ? distancesFromOstium(appendage, current.report) : [],
  );
}

/** Whether a reader corrected the centre line or outlines of sections: numbers then follow them. */
export const correctsNumbers = ({ centreLine, outlines }: ReaderMarks): boolean =>
  centreLine !== null || outlines.length > 0;

/**
 * The surface with the numbers by what is corrected now, and whether they are still those of an earlier centre line.
 * Without a correction the surface's own numbers hold, even while a profile of an earlier correction is shown.
 */
export function correctedNumbers(
  { profile, numbers, followedLineLpsMm }: PlanningState,
  { appendage, marks }: Pick<ReviewState, 'appendage' | 'marks'>,
): { readonly appendage: MeasuredAppendage | null; readonly isStale: boolean } {
  if (!correctsNumbers(marks)) return { appendage, isStale: false };
  const isStale = profile === null || followedLineLpsMm !== marks.centreLine;
  return { appendage: numbers ?? appendage, isStale };
}

/** Whether the profile, and the devices that are sized by it, are still those of an earlier centre line. */
export const isPlanStale = (
  { profile, followedLineLpsMm }: PlanningState,
  { marks }: Pick<ReviewState, 'marks'>,
): boolean => profile !== null && followedLineLpsMm !== marks.centreLine;
