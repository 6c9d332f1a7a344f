import type { Region } from '#shared/contract/services/segmentation.ts';
import { failureOf } from '#shared/errors.ts';
import { gridCentreLps } from '#shared/geometry/gridLps.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import type { Annotations } from '../../features/annotations/index.ts';
import type { Phases } from '../../features/phases/index.ts';
import type { Planning } from '../../features/planning/index.ts';
import type { Regions } from '../../features/region/index.ts';
import type { Review } from '../../features/review/index.ts';
import type { SeriesEntry, StudiesEvents } from '../../features/studies/index.ts';
import type { Alerts } from '../../jobs/alertStore.ts';
import { words } from '../../words/index.ts';
import type { Guide } from '../guide/guideStore.ts';
import type { SessionState } from '../sessions/sessionState.ts';
import type { Sessions } from '../sessions/sessionStore.ts';
import { drawnScanOf, fitsScan } from './scanGrid.ts';
import { type ScanEvent, scanLifecycle } from './scanLifecycle.ts';
import type { Scan, ScanStore } from './scanStore.ts';
import type { View } from './viewStore.ts';

interface ScanFlowParts {
  readonly view: View;
  readonly scan: ScanStore;
  readonly regions: Regions;
  readonly review: Review;
  readonly planning: Pick<Planning, 'restore'>;
  readonly annotations: Pick<Annotations, 'restore' | 'store'>;
  readonly guide: Pick<Guide, 'restore'>;
  readonly sessions: Pick<Sessions, 'flush' | 'close' | 'drawings'>;
  readonly phases: Pick<Phases, 'caseIdOf' | 'caseOf' | 'restore'>;
  /** Shows saved work again. @returns whether there is any of this id */
  readonly onRestore: (sessionId: string) => boolean;
  readonly alerts: Alerts;
  readonly onOpened: () => void;
  readonly onVolumeGrew: () => void;
  /** The work on the scan is closed: jobs that run for it have no use any more. */
  readonly onCleared: () => void;
  /** Zooms to a cube. */
  readonly onFrame: (centreLpsMm: Vec3, edgeMm: number) => void;
}

export interface ScanFlow {
  readonly studiesEvents: StudiesEvents;
  /** Shows a saved session in place of what is open. */
  showSession(session: SessionState): void;
  /** Shows what was drawn on the scan on the screen before it was segmented, as it was saved, in place of what is there. */
  showDrawings(): Promise<void>;
  lookAtRegion(): void;
  lookAtResult(): void;
  clear(): void;
}

/** How much of the heart is shown around the box, and around a result, in edges of the box. */
const AROUND_REGION = 2.2;
const AROUND_RESULT = 1.5;

type PhaseOf = Pick<NonNullable<Scan['source']>, 'heartPhase'> | null;

/** Phases of a heart can be parts of one series; false where both are known and differ. */
const isSamePhase = (one: PhaseOf, other: PhaseOf): boolean =>
  !one?.heartPhase || !other?.heartPhase || one.heartPhase.label === other.heartPhase.label;

/** What happens when the scan on the screen changes: which work is closed, which is kept, what is started. */
export function createScanFlow(parts: ScanFlowParts): ScanFlow {
  const { view, scan, regions, review, planning, annotations, guide, sessions, alerts } = parts;
  const { phases, onRestore, onOpened, onVolumeGrew, onCleared, onFrame } = parts;
  /** The box of the phase before, while the next one of the same heart arrives. */
  let followed: { readonly heart: string; readonly region: Region } | null = null;

  const extentNow = () => scan.getState().scan?.extent ?? 'none';
  const extentAfter = (event: ScanEvent) => scanLifecycle.next(extentNow(), event);

  /** @param shown null where no scan is left */
  const show = (event: ScanEvent, shown: Omit<Scan, 'extent'> | null): void => {
    const extent = extentAfter(event);
    scan.setState({ scan: shown && extent !== 'none' ? { ...shown, extent } : null });
  };

  /** @param keepsDrawings the scan on the screen has arrived: what was drawn meanwhile stays */
  const clearWork = (keepsDrawings = false): void => {
    onCleared();
    review.clear();
    regions.clear();
    if (!keepsDrawings) annotations.restore([]);
    phases.restore([]);
    sessions.close();
  };

  const lookAtRegion = (): void => {
    const { region } = regions.store.getState();
    if (!region || !scan.getState().scan) return;
    view.change({ crosshairLpsMm: region.centreLpsMm });
    onFrame(region.centreLpsMm, region.edgeMm * AROUND_REGION);
  };

  const frameResult = (): void => {
    const { current } = review.store.getState();
    if (current) onFrame(current.region.centreLpsMm, current.region.edgeMm * AROUND_RESULT);
  };

  const lookAtResult = (): void => {
    const { current, appendage } = review.store.getState();
    if (!current) return;
    const centre = appendage?.measurements.ostium?.centreLpsMm ?? current.region.centreLpsMm;
    view.change({ crosshairLpsMm: centre, tool: 'crosshair' });
    frameResult();
  };

  /** Keeps the work on this same scan; saves and closes any other. @returns whether it was kept */
  const keepOrClearWork = ({ seriesInstanceUid, phase }: SeriesEntry, volume: Scan['volume']): boolean => {
    const { current } = review.store.getState();
    const ofPhase = current?.report.source.heartPhase?.label;
    const isPhase = ofPhase === undefined || phase === null || ofPhase === phase.label;
    if (
      current?.seriesInstanceUid === seriesInstanceUid &&
      isPhase &&
      fitsScan(current.crop.grid, volume.grid)
    )
      return true;
    const { region } = regions.store.getState();
    const heart = scan.getState().scan?.volume.heart;
    if (heart === undefined || heart !== volume.heart) followed = null;
    else if (region) followed = { heart, region };
    void sessions.flush();
    clearWork(!current && scan.getState().scan?.volume.data === volume.data);
    return false;
  };

  const showDrawings = async (): Promise<void> => {
    const { scan: shown } = scan.getState();
    const drawnScan = shown && drawnScanOf(shown);
    if (!drawnScan) return;
    try {
      const saved = await sessions.drawings(drawnScan);
      if (!saved || scan.getState().scan !== shown || review.store.getState().current) return;
      // What was drawn while they were read stays, too.
      const added = annotations.store.getState().list.filter(({ id }) => !saved.some((one) => one.id === id));
      annotations.restore([...saved, ...added]);
      if (saved.length > 0) alerts.notice(words().scan.drawingsShown(saved.length));
    } catch (thrown) {
      alerts.error(failureOf(thrown));
    }
  };

  const showFirstSlices: StudiesEvents['onFirstSlices'] = (volume, entry, isSample) => {
    const { seriesInstanceUid, patient } = entry;
    const isSameHeart = scan.getState().scan?.volume.heart === volume.heart && volume.heart !== undefined;
    const isKept = keepOrClearWork(entry, volume);
    show('firstSlices', {
      volume,
      seriesInstanceUid,
      patient,
      isSample,
      coarse: null,
      source: null,
      sourceSeries: null,
      warnings: [],
    });
    if (!isKept && !isSameHeart) view.startOn(volume);
  };

  const showLoaded: StudiesEvents['onLoaded'] = (loaded, isSample) => {
    const { volume, coarse, source, sourceSeries, warnings } = loaded;
    const { seriesInstanceUid, patient } = loaded.entry;
    const isFirstSight = scan.getState().scan?.volume.data !== volume.data;
    const isKept = keepOrClearWork(loaded.entry, volume);
    show('loaded', { volume, seriesInstanceUid, patient, isSample, coarse, source, sourceSeries, warnings });
    onVolumeGrew();
    onOpened();
    if (isKept) {
      alerts.notice(words().scan.workKept);
      frameResult();
      return;
    }
    const knownId = phases.caseIdOf(loaded.entry.id);
    if (knownId !== null && onRestore(knownId)) return;
    const known = phases.caseOf(loaded);
    if (known) {
      regions.restore(known.region);
      review.start(known);
      return;
    }
    void showDrawings();
    const before = followed;
    if (before !== null && before.heart === volume.heart) {
      regions.restore(before.region);
      return;
    }
    if (isFirstSight) view.startOn(volume);
    void regions.find(coarse).then(() => {
      // Where the person has moved the crosshair meanwhile, the view stays.
      const { crosshairLpsMm } = view.store.getState();
      const centreLpsMm = gridCentreLps(volume.grid);
      if (crosshairLpsMm.every((value, at) => value === centreLpsMm[at])) lookAtRegion();
    });
  };

  return {
    studiesEvents: {
      onFirstSlices: showFirstSlices,
      onMoreSlices: onVolumeGrew,
      onLoaded: showLoaded,
      onLoadStopped() {
        if (extentAfter('loadStopped') === extentNow()) return;
        clearWork();
        show('loadStopped', null);
      },
    },
    showSession({ reviewCase, saved, landingZoneMm, annotations: drawn, reviewedSteps, phases: ofHeart }) {
      clearWork();
      const { seriesInstanceUid, patient, isSample, crop, region } = reviewCase;
      const shown = scan.getState().scan;
      const isInScan =
        shown?.extent === 'whole' &&
        shown.seriesInstanceUid === seriesInstanceUid &&
        isSamePhase(reviewCase.report.source, shown.source) &&
        fitsScan(crop.grid, shown.volume.grid);
      if (!isInScan) {
        show('partRestored', {
          volume: crop,
          seriesInstanceUid,
          patient,
          isSample,
          coarse: null,
          source: null,
          sourceSeries: null,
          warnings: [],
        });
        view.startOn(crop);
      }
      regions.restore(region);
      phases.restore(ofHeart);
      review.restore(reviewCase, saved);
      planning.restore(landingZoneMm);
      annotations.restore(drawn);
      guide.restore(reviewedSteps);
      lookAtResult();
    },
    showDrawings,
    lookAtRegion,
    lookAtResult,
    clear() {
      clearWork();
      show('closed', null);
    },
  };
}
