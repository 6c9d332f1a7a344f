import type { AuditEvent } from '#shared/contract/services/app.ts';
import { gridCentreLps } from '#shared/geometry/gridLps.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import type { Regions } from '../../features/region/index.ts';
import type { Review } from '../../features/review/index.ts';
import type { SeriesEntry, StudiesEvents } from '../../features/studies/index.ts';
import type { Alerts } from '../../jobs/alertStore.ts';
import type { SessionState } from '../sessions/sessionState.ts';
import type { Sessions } from '../sessions/sessionStore.ts';
import { fitsScan } from './fitsScan.ts';
import type { Scan, ScanStore } from './scanStore.ts';
import type { View } from './viewStore.ts';

interface ScanFlowParts {
  readonly view: View;
  readonly scan: ScanStore;
  readonly regions: Regions;
  readonly review: Review;
  readonly sessions: Sessions;
  readonly alerts: Alerts;
  readonly audit: (kind: AuditEvent['kind'], detail: string) => void;
  readonly onVolumeGrew: () => void;
  /** The work on the scan is put away: what is under way for it is of no use any more. */
  readonly onCleared: () => void;
  /** Zooms to a cube. */
  readonly onFrame: (centreLpsMm: Vec3, edgeMm: number) => void;
}

export interface ScanFlow {
  readonly studiesEvents: StudiesEvents;
  /** A saved session takes the place of what is open. */
  showSession(session: SessionState): void;
  lookAtRegion(): void;
  lookAtResult(): void;
  clear(): void;
}

/** How much of the heart is shown around the box, and around a result, in edges of the box. */
const AROUND_REGION = 2.2;
const AROUND_RESULT = 1.5;

/** What happens when the scan on the screen changes: which work goes, which stays, what begins. */
export function createScanFlow(parts: ScanFlowParts): ScanFlow {
  const { view, scan, regions, review, sessions, alerts, audit, onVolumeGrew, onCleared, onFrame } = parts;

  const clearWork = (): void => {
    onCleared();
    review.clear();
    regions.clear();
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

  /** Work on this very scan stays; any other has been saved and goes. */
  const keepsWork = (seriesInstanceUid: string, { volume }: Pick<Scan, 'volume'>): boolean => {
    const { current } = review.store.getState();
    return current?.seriesInstanceUid === seriesInstanceUid && fitsScan(current.crop.grid, volume.grid);
  };

  const showArriving = (volume: Scan['volume'], entry: SeriesEntry, isSample: boolean): void => {
    const isKept = keepsWork(entry.seriesInstanceUid, { volume });
    if (!isKept) {
      void sessions.flush();
      clearWork();
    }
    const { seriesInstanceUid, patient } = entry;
    scan.setState({
      scan: {
        volume,
        seriesInstanceUid,
        patient,
        isSample,
        extent: 'arriving',
        coarse: null,
        source: null,
        warnings: [],
      },
    });
    if (!isKept) view.startOn(volume);
  };

  return {
    studiesEvents: {
      onFirstSlices: showArriving,
      onMoreSlices: onVolumeGrew,
      onLoaded({ entry, volume, coarse, source, warnings }, isSample) {
        const before = scan.getState().scan;
        const isFirstSight = before?.volume.data !== volume.data;
        const isKept = keepsWork(entry.seriesInstanceUid, { volume });
        if (!isKept) {
          void sessions.flush();
          clearWork();
        }
        const { seriesInstanceUid, patient } = entry;
        scan.setState({
          scan: { volume, seriesInstanceUid, patient, isSample, extent: 'whole', coarse, source, warnings },
        });
        onVolumeGrew();
        audit('open', '');
        if (isKept) {
          alerts.notice('Your work on this series was kept and stands in the whole scan now.');
          frameResult();
          return;
        }
        if (isFirstSight) view.startOn(volume);
        void regions.find(coarse).then(() => {
          // A person who has begun to look elsewhere is not pulled away.
          const untouched = view.store.getState().crosshairLpsMm;
          const centre = gridCentreLps(volume.grid);
          if (untouched.every((value, at) => value === centre[at])) lookAtRegion();
        });
      },
      onLoadStopped() {
        if (scan.getState().scan?.extent === 'arriving') {
          clearWork();
          scan.setState({ scan: null });
        }
      },
    },
    showSession({ reviewCase, saved }) {
      clearWork();
      const { seriesInstanceUid, patient, isSample, crop, region } = reviewCase;
      const shown = scan.getState().scan;
      const isThere =
        shown?.extent === 'whole' &&
        shown.seriesInstanceUid === seriesInstanceUid &&
        fitsScan(crop.grid, shown.volume.grid);
      if (!isThere) {
        scan.setState({
          scan: {
            volume: crop,
            seriesInstanceUid,
            patient,
            isSample,
            extent: 'crop',
            coarse: null,
            source: null,
            warnings: [],
          },
        });
        view.startOn(crop);
      }
      regions.restore(region);
      review.restore(reviewCase, saved);
      lookAtResult();
    },
    lookAtRegion,
    lookAtResult,
    clear() {
      clearWork();
      scan.setState({ scan: null });
    },
  };
}
