import type { AuricleClient } from '#shared/contract/auricle.ts';
import { failureOf } from '#shared/errors.ts';
import type { Exporting } from '../../features/export/index.ts';
import type { Regions } from '../../features/region/index.ts';
import type { Review } from '../../features/review/index.ts';
import type { OpenedFile, Studies } from '../../features/studies/index.ts';
import type { Alerts } from '../../jobs/alertStore.ts';
import type { Jobs } from '../../jobs/jobStore.ts';
import type { Sessions } from '../sessions/sessionStore.ts';
import type { SettingsHolder } from '../settings/settingsStore.ts';
import type { AboutStore } from './aboutStore.ts';
import type { AuditTrail } from './auditTrail.ts';
import { readOffered } from './readOffered.ts';
import type { ScanFlow } from './scanFlow.ts';
import { scanGridOf } from './scanGrid.ts';
import type { ScanStore } from './scanStore.ts';
import { segmentScan } from './segmentScan.ts';
import type { View } from './viewStore.ts';

/** What a person can do that concerns several stores. */
export interface Commands {
  /** Reads version, engine and saved sessions from the main side: at the start, and when a lost connection is back. */
  start(): Promise<void>;
  open(files: readonly OpenedFile[]): Promise<void>;
  openSample(): Promise<void>;
  /** Opens what a person opened with the program, if anything. */
  openOffered(): Promise<void>;
  findRegion(): void;
  placeRegionAtCrosshair(): void;
  segment(): Promise<void>;
  /** @returns whether the files were handed over */
  exportNow(): Promise<boolean>;
  restoreSession(id: string): Promise<void>;
  removeSession(id: string): Promise<void>;
  /** Saves and closes what is open, back to the welcome screen. */
  closeAll(): Promise<void>;
}

export interface CommandParts {
  readonly client: AuricleClient;
  readonly alerts: Alerts;
  readonly jobs: Jobs;
  readonly about: AboutStore;
  readonly view: View;
  readonly scan: ScanStore;
  readonly studies: Studies;
  readonly regions: Regions;
  readonly review: Review;
  readonly exporting: Exporting;
  readonly sessions: Sessions;
  readonly settings: SettingsHolder;
  readonly flow: ScanFlow;
  readonly audit: AuditTrail;
}

export function createCommands(parts: CommandParts): Commands {
  const {
    client,
    alerts,
    jobs,
    about,
    view,
    scan,
    studies,
    regions,
    review,
    exporting,
    sessions,
    settings,
    flow,
    audit,
  } = parts;

  /** The work under review is saved before another study replaces it. */
  const openFiles = async (files: readonly OpenedFile[], isSample: boolean): Promise<void> => {
    await sessions.flush();
    alerts.clear();
    await studies.open(files, isSample);
  };

  const openOffered = async (): Promise<void> => {
    try {
      const { files } = await client.opening.take({});
      if (files.length === 0) return;
      const outcome = await jobs.run('readFiles', (job) => readOffered(client, files, job));
      if (outcome.kind === 'done') await openFiles(outcome.value, false);
    } catch (thrown) {
      alerts.error(failureOf(thrown));
    }
  };

  return {
    openOffered,
    async start() {
      try {
        const info = await client.app.info({});
        about.setState({ info, engine: info.engine });
        const { exportOptions } = await settings.load();
        if (exportOptions) exporting.restore(exportOptions);
        await sessions.refresh();
      } catch (thrown) {
        alerts.error(failureOf(thrown));
        return;
      }
      await openOffered();
    },
    open: (files) => openFiles(files, false),
    async openSample() {
      const outcome = await jobs.run('sample', (job) => client.app.sample({}, job));
      if (outcome.kind !== 'done') return;
      const { files } = outcome.value;
      await openFiles(
        files.map(({ name, bytes }) => ({ path: name, blob: new Blob([bytes]) })),
        true,
      );
    },
    findRegion() {
      const coarse = scan.getState().scan?.coarse;
      if (coarse) void regions.find(coarse).then(flow.lookAtRegion);
    },
    placeRegionAtCrosshair: () => regions.placeAt(view.store.getState().crosshairLpsMm),
    async segment() {
      const shown = scan.getState().scan;
      if (shown?.extent !== 'whole') return;
      const reviewCase = await segmentScan(shown, { client, jobs, alerts, regions });
      if (!reviewCase || scan.getState().scan !== shown) return;
      await sessions.flush();
      review.start(reviewCase);
      audit.record('segment', reviewCase.report.engine.id);
      flow.lookAtResult();
    },
    async exportNow() {
      await review.settled();
      const { current, appendage, edits, verdict, problem } = review.store.getState();
      if (!current || !appendage || problem !== null) return false;
      const reviewCase = { ...current, scanGrid: scanGridOf(current, scan.getState().scan) };
      const isDone = await exporting.run({ reviewCase, appendage, edits, verdict });
      if (isDone) audit.record('export', exporting.store.getState().options.frame);
      return isDone;
    },
    async restoreSession(id) {
      await sessions.flush();
      const outcome = await jobs.run('restoreSession', () => sessions.load(id));
      if (outcome.kind === 'done') flow.showSession(outcome.value);
    },
    async removeSession(id) {
      await jobs.run('removeSession', () => sessions.remove(id), { isBackground: true });
    },
    async closeAll() {
      await review.settled();
      await sessions.flush();
      jobs.cancelAll();
      studies.close();
      flow.clear();
    },
  };
}
