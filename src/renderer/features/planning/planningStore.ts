import { createStore, type StoreApi } from 'zustand/vanilla';
import { correctedLine, handlesOf } from '#shared/anatomy/correctedLine.ts';
import { LANDING_DISTANCES_MM } from '#shared/anatomy/landingZone.ts';
import type { AuricleClient } from '#shared/contract/auricle.ts';
import type { DevicePlan, ProfilePoint } from '#shared/contract/planning.ts';
import type { MeasuredAppendage } from '#shared/contract/services/measured.ts';
import type { NamedFile } from '#shared/contract/values.ts';
import { failureOf, UserError } from '#shared/errors.ts';
import type { Failure } from '#shared/failures/failure.ts';
import { withOutlines } from '#shared/planning/outlinedNumbers.ts';
import { PROFILE_STEP_MM, sectionAt, toProfileStep } from '#shared/planning/profileSection.ts';
import { debounce, type Timer, windowTimer } from '../../jobs/debounce.ts';
import { createLatestWins } from '../../jobs/latestWins.ts';
import type { ReviewState } from '../review/index.ts';
import { correctsNumbers, NOTHING, type PlanningState, planOf } from './planningState.ts';
import { shownPlan } from './shownPlan.ts';

/** What an occluder is planned by, for the surface under review. It follows the surface. */
export interface Planning {
  readonly store: StoreApi<PlanningState>;
  /** Somebody plans: the surface is followed, and the plan is drawn in the panes. @returns what ends that */
  open(): () => void;
  /** Moves the section along the centre line, and turns the planes to it; null: no section. */
  moveSection(distanceMm: number | null): void;
  /** Sets the landing zone; null: where each device table says. */
  setLandingZone(distanceMm: number | null): void;
  /** The landing zone of saved work, which needs no saving. */
  restore(landingZoneMm: number | null): void;
  loadTables(): Promise<void>;
  /** Keeps files as the hospital's own tables; none: back to the bundled ones. @returns why it did not */
  replaceTables(files: readonly NamedFile[]): Promise<Failure | null>;
  /** The plan of the surface as it is, once it is made; null where there is none. */
  settledPlan(): Promise<DevicePlan | null>;
  /**
   * The surface with its numbers as they are reported, once they are made.
   * @throws UserError where the reader corrected something and it could not be measured
   */
  settledNumbers(): Promise<MeasuredAppendage | null>;
}

export interface PlanningHost {
  readonly client: Pick<AuricleClient, 'planning'>;
  readonly review: StoreApi<ReviewState>;
  /** The planes are to show this section. */
  readonly onSection: (section: ProfilePoint) => void;
  readonly timer?: Timer;
}

/** While the ostium's plane is dragged, surfaces come many in a second. */
const PROFILE_DELAY_MS = 400;
/** The landing zone that is drawn where a reader chose none. */
export const USUAL_LANDING_ZONE_MM = LANDING_DISTANCES_MM[0];

/** With the panel closed too: a placed device and corrected numbers follow the surface. */
const needsProfile = ({ marks, device }: ReviewState): boolean => correctsNumbers(marks) || device !== null;

export function createPlanning({ client, review, onSection, timer = windowTimer }: PlanningHost): Planning {
  const store = createStore<PlanningState>(() => ({
    ...NOTHING,
    revision: 0,
    tables: [],
    origin: 'bundled',
    tablesProblem: null,
  }));
  const state = store.getState;
  let isOpen = false;
  /** The surface's profile and numbers, without the outlines that a reader drew. */
  let made: Pick<PlanningState, 'profile' | 'numbers'> | null = null;

  const show = (): void => {
    const { profile, sectionMm, landingZoneMm } = state();
    const { appendage, marks } = review.getState();
    if (!isOpen || !profile || !appendage?.ostiumPlane || profile.centreLineLpsMm.length === 0) {
      store.setState({ shown: null, lineHandlesLpsMm: [] });
      return;
    }
    // The line follows what is dragged at once, the sections as soon as they are measured.
    const computed = profile.computedLineLpsMm ?? profile.centreLineLpsMm;
    const { pointsLpsMm } = correctedLine(computed, marks.centreLine, appendage.ostiumPlane);
    const zoneMm = landingZoneMm ?? USUAL_LANDING_ZONE_MM;
    store.setState({
      shown: {
        ...shownPlan({ appendage, profile }, sectionMm, zoneMm, marks.outlines),
        centreLineLpsMm: pointsLpsMm,
      },
      lineHandlesLpsMm: marks.centreLine ?? handlesOf(computed),
    });
  };

  /** The numbers that were made, by the outlines as they are now: at once, while they are dragged. */
  const outline = (): void => {
    const { appendage, marks } = review.getState();
    if (!made?.profile || !appendage) return;
    const base = made.numbers ?? appendage;
    const { profile, measurements, warnings } = withOutlines(
      { ...base, profile: made.profile },
      marks.outlines,
    );
    const numbers = marks.outlines.length > 0 ? { ...base, measurements, warnings } : made.numbers;
    store.setState({ profile, numbers });
  };

  const loadTables = async (): Promise<void> => {
    try {
      const { tables, origin } = await client.planning.deviceTables({});
      store.setState({ tables, origin, tablesProblem: null });
    } catch (thrown) {
      store.setState({ tables: [], tablesProblem: failureOf(thrown) });
    }
  };

  const profiles = createLatestWins<MeasuredAppendage>(async (appendage) => {
    const { closed, ostiumPlane, rimLpsMm, measurements, warnings } = appendage;
    const { marks } = review.getState();
    const isCurrent = (): boolean => {
      const now = review.getState();
      const isFollowed = isOpen || needsProfile(now);
      return now.appendage === appendage && (isFollowed || now.marks.centreLine === marks.centreLine);
    };
    try {
      if (state().tables.length === 0) await loadTables();
      const surface = { closed, ostiumPlane, rimLpsMm, measurements, warnings };
      const { profile, corrected } = await client.planning.profile({ ...surface, marks });
      if (!isCurrent()) return;
      made = { profile, numbers: corrected && { ...appendage, ...corrected } };
      store.setState({ followedLineLpsMm: marks.centreLine, problem: null });
      outline();
      show();
    } catch (thrown) {
      if (!isCurrent()) return;
      // Numbers of an earlier correction are not those of this one.
      forget();
      store.setState({ problem: failureOf(thrown) });
    }
  });
  const requestNow = (): void => {
    const { appendage } = review.getState();
    if (appendage) profiles.submit(appendage);
  };
  const request = debounce(requestNow, PROFILE_DELAY_MS, timer);

  review.subscribe((after, before) => {
    if (after.current?.id !== before.current?.id) {
      profiles.clear();
      made = null;
      store.setState(NOTHING);
    }
    const isFollowed = isOpen || needsProfile(after);
    if (after.appendage === before.appendage) {
      if (after.marks.centreLine !== before.marks.centreLine) followMarks(isFollowed);
      else if (after.marks.outlines !== before.marks.outlines) followOutlines(isFollowed);
      return;
    }
    // What was measured is of another surface.
    if (state().profile || state().shown) forget();
    if (after.appendage && isFollowed) request.schedule();
    else request.cancel();
  });
  const forget = (): void => {
    made = null;
    store.setState({
      profile: null,
      numbers: null,
      followedLineLpsMm: null,
      problem: null,
      shown: null,
      lineHandlesLpsMm: [],
    });
  };
  const followOutlines = (isFollowed: boolean): void => {
    if (!made) {
      if (isFollowed) requestNow();
      return;
    }
    outline();
    show();
  };
  const followMarks = (isFollowed: boolean): void => {
    if (!isFollowed) {
      profiles.clear();
      forget();
      return;
    }
    show();
    requestNow();
  };

  const settle = async (): Promise<void> => {
    request.cancel();
    if (!state().profile) requestNow();
    await profiles.idle();
  };

  return {
    store,
    open() {
      isOpen = true;
      if (state().profile) show();
      else {
        requestNow();
      }
      return () => {
        isOpen = false;
        if (!needsProfile(review.getState())) request.cancel();
        show();
      };
    },
    moveSection(distanceMm) {
      const { profile } = state();
      if (distanceMm === null || !profile || profile.points.length === 0) {
        store.setState({ sectionMm: null });
        show();
        return;
      }
      const deepestMm = (profile.points.length - 1) * PROFILE_STEP_MM;
      const section = sectionAt(profile, Math.min(toProfileStep(distanceMm), deepestMm));
      if (!section) return;
      store.setState({ sectionMm: section.distanceMm });
      show();
      onSection(section);
    },
    setLandingZone(distanceMm) {
      const { landingZoneMm, revision } = state();
      const next = distanceMm === null ? null : toProfileStep(distanceMm);
      if (next === landingZoneMm) return;
      store.setState({ landingZoneMm: next, revision: revision + 1 });
      show();
    },
    restore(landingZoneMm) {
      store.setState({ landingZoneMm });
      show();
    },
    loadTables,
    async replaceTables(files) {
      try {
        const { tables, origin } = await client.planning.replaceDeviceTables({ files: [...files] });
        store.setState({ tables, origin, tablesProblem: null });
        return null;
      } catch (thrown) {
        return failureOf(thrown);
      }
    },
    async settledPlan() {
      await settle();
      return planOf(state(), review.getState());
    },
    async settledNumbers() {
      if (!correctsNumbers(review.getState().marks)) return review.getState().appendage;
      await settle();
      const { numbers, problem } = state();
      if (problem) throw new UserError(problem);
      return numbers ?? review.getState().appendage;
    },
  };
}
