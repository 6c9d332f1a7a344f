import type { AuricleClient } from '#shared/contract/auricle.ts';
import type { Annotations } from '../../features/annotations/index.ts';
import type { Phases } from '../../features/phases/index.ts';
import type { Planning } from '../../features/planning/index.ts';
import { isSameCase, type Review } from '../../features/review/index.ts';
import type { Alerts } from '../../jobs/alertStore.ts';
import type { SessionArchiver } from '../../workers/sessionArchiver.ts';
import type { Guide } from '../guide/guideStore.ts';
import { createSessions, type Sessions } from '../sessions/sessionStore.ts';
import { drawnScanOf } from './scanGrid.ts';
import type { ScanStore } from './scanStore.ts';

interface SavedParts {
  readonly client: AuricleClient;
  readonly archiver: SessionArchiver;
  readonly scan: ScanStore;
  readonly review: Review;
  readonly planning: Planning;
  readonly annotations: Annotations;
  readonly guide: Guide;
  readonly phases: Pick<Phases, 'store' | 'saved'>;
  readonly alerts: Alerts;
}

/** Saves the case under review, or the scan that has none yet, with what was planned, drawn and reviewed on it, whenever one of these changes. */
export function createSavedWork({
  client,
  archiver,
  scan,
  review,
  planning,
  annotations,
  guide,
  phases,
  alerts,
}: SavedParts): Sessions {
  const sessions = createSessions({
    client,
    archiver,
    isDrawing: review.isDrawing,
    onSavedElsewhere: alerts.notice,
    current() {
      const { current, edits } = review.store.getState();
      const saved = review.saved();
      const { landingZoneMm } = planning.store.getState();
      const { list } = annotations.store.getState();
      const { reviewed } = guide.store.getState();
      if (!current) {
        const shown = scan.getState().scan;
        const drawnScan = shown && drawnScanOf(shown);
        if (!drawnScan) return null;
        const { patient, isSample, source } = shown;
        const seriesDescription = source?.seriesDescription ?? '';
        return { scan: drawnScan, patient, isSample, seriesDescription, annotations: list };
      }
      if (!saved) return null;
      const isReported = guide.status('report') === 'reviewed';
      return {
        reviewCase: current,
        saved,
        landingZoneMm,
        annotations: list,
        reviewedSteps: reviewed,
        isReported,
        documented: { edits, reviewedSteps: guide.reviewedNow() },
        phases: phases.saved(current),
      };
    },
  });
  review.store.subscribe((after, before) => {
    if (after.current && after.revision !== before.revision) sessions.changed();
    // A verdict is saved at once, when its step is complete: a page that goes must not come back with the earlier one.
    if (after.current && isSameCase(after.current, before.current) && after.verdict !== before.verdict)
      queueMicrotask(() => void sessions.flush());
  });
  planning.store.subscribe((after, before) => {
    if (after.revision !== before.revision) sessions.changed();
  });
  annotations.store.subscribe((after, before) => {
    if (after.revision !== before.revision) sessions.changed();
  });
  guide.store.subscribe((after, before) => {
    if (after.revision !== before.revision) sessions.changed();
  });
  phases.store.subscribe((after, before) => {
    const { current } = review.store.getState();
    if (current && after.revision !== before.revision && phases.saved(current).length > 0) sessions.changed();
  });
  return sessions;
}
