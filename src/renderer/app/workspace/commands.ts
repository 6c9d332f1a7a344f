import type { AuricleClient } from '#shared/contract/auricle.ts';
import type { ExportOptions } from '#shared/contract/services/exporting.ts';
import type { RemoteSeriesInfo } from '#shared/contract/services/servers.ts';
import { failureOf, isFailedWith } from '#shared/errors.ts';
import type { Annotations } from '../../features/annotations/index.ts';
import type { ExportedCase, Exporting } from '../../features/export/index.ts';
import { type Phases, resultsBeside } from '../../features/phases/index.ts';
import type { LookingAround, Planning } from '../../features/planning/index.ts';
import type { Regions } from '../../features/region/index.ts';
import { isSameCase, type Review, type Verdict } from '../../features/review/index.ts';
import type { ReceivedStudies, Servers } from '../../features/servers/index.ts';
import type { ListFiles, OpenedFile, Studies } from '../../features/studies/index.ts';
import type { Alerts } from '../../jobs/alertStore.ts';
import type { Jobs } from '../../jobs/jobStore.ts';
import { words } from '../../words/index.ts';
import type { Guide } from '../guide/guideStore.ts';
import { drawingsId } from '../sessions/savedDrawings.ts';
import type { Sessions } from '../sessions/sessionStore.ts';
import type { SettingsHolder } from '../settings/settingsStore.ts';
import type { AboutStore } from './aboutStore.ts';
import type { AuditTrail } from './auditTrail.ts';
import { offeredFiles } from './offeredFiles.ts';
import type { ScanFlow } from './scanFlow.ts';
import { drawnScanOf, scanGridOf } from './scanGrid.ts';
import type { ScanStore } from './scanStore.ts';
import { segmentScan } from './segmentScan.ts';
import type { View } from './viewStore.ts';

/** What a person can do that concerns several stores. */
export interface Commands {
  /** Reads version, engine and saved sessions from the main side: at the start, and when a lost connection is back. */
  start(): Promise<void>;
  open(files: readonly OpenedFile[]): Promise<void>;
  openSample(): Promise<void>;
  /** Fetches a series from a DICOM server and opens it. */
  openFromServer(serverId: string, series: RemoteSeriesInfo): Promise<void>;
  /** Opens a series that another node has sent. */
  openReceived(seriesUid: string): Promise<void>;
  /** Opens what a person opened with the program, if anything. */
  openOffered(): Promise<void>;
  /** Opens files that are still to be listed; listing is a job that can be cancelled. */
  openListed(list: ListFiles): Promise<void>;
  findRegion(): void;
  placeRegionAtCrosshair(): void;
  segment(): Promise<void>;
  /** @returns whether the files were handed over */
  exportNow(): Promise<boolean>;
  /** Makes the printable shell for its picture in the export's dialog. */
  previewShell(): Promise<void>;
  /** Stores the result under review on a DICOM server. @returns whether the server keeps all of it */
  sendResults(serverId: string, objects: ExportOptions['dicomObjects']): Promise<boolean>;
  /** @param isWanted asked before it is shown: something else may have been opened meanwhile */
  restoreSession(id: string, isWanted?: () => boolean): Promise<void>;
  removeSession(id: string): Promise<void>;
  /** Shows what another window saved of the work that is open here too, in place of it. */
  takeOtherWindows(): Promise<void>;
  /** Accepts, rejects or withdraws; asks once who reviews, and keeps the answer. */
  judge(verdict: Verdict): void;
  /** The answer to who reviews; the verdict that asked for it is given then. */
  nameReviewer(reviewer: string): Promise<void>;
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
  readonly annotations: Pick<Annotations, 'store' | 'finish' | 'restore'>;
  readonly planning: Planning;
  readonly phases: Pick<Phases, 'store'>;
  readonly exporting: Exporting;
  readonly sessions: Sessions;
  readonly settings: SettingsHolder;
  readonly servers: Servers;
  readonly received: ReceivedStudies;
  readonly flow: ScanFlow;
  readonly audit: AuditTrail;
  readonly guide: Pick<Guide, 'reviewedNow' | 'reported'>;
  readonly lookingAround: Pick<LookingAround, 'store' | 'settled'>;
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
    annotations,
    planning,
    exporting,
    sessions,
    settings,
    servers,
    received,
    flow,
    audit,
    guide,
    lookingAround,
  } = parts;

  /** The work under review is saved before another study replaces it. */
  const openFiles = async (
    files: readonly OpenedFile[],
    isSample: boolean,
    loan: string | null = null,
  ): Promise<void> => {
    await sessions.flush();
    alerts.clear();
    const isOpen = await studies.open(files, isSample);
    if (isOpen) returnLoan();
    // Closed again while it was read: nobody needs the files any more.
    if (isOpen && studies.store.getState().study !== null) openLoan = loan;
    else release(loan);
  };
  /** The fetched files of the open study. */
  let openLoan: string | null = null;
  const release = (loan: string | null): void => {
    // What is not removed now is removed when the program ends.
    if (loan !== null) void client.servers.release({ loan }).catch(() => {});
  };
  const returnLoan = (): void => {
    release(openLoan);
    openLoan = null;
  };

  const openOffered = async (): Promise<void> => {
    try {
      const { files } = await client.opening.take({});
      if (files.length === 0) return;
      await openFiles(offeredFiles(client, files), false);
    } catch (thrown) {
      alerts.error(failureOf(thrown));
    }
  };

  const judge = (verdict: Verdict): void => {
    const reviewer = settings.store.getState().settings?.reviewer ?? '';
    if (verdict === 'not reviewed') review.judge(verdict);
    else if (reviewer === '') about.setState({ awaitedVerdict: verdict });
    else review.judge(verdict, { reviewer, at: new Date().toISOString() });
  };

  const restoreSession: Commands['restoreSession'] = async (id, isWanted = () => true) => {
    await sessions.flush();
    const outcome = await jobs.run('restoreSession', () => sessions.load(id));
    if (outcome.kind !== 'done' || !isWanted()) return;
    alerts.clear();
    flow.showSession(outcome.value);
  };

  /**
   * What is under review, as it is exported; null where there is nothing to export.
   * @param waitsAs files that say what surrounds the appendage wait for it, as a job of this kind
   */
  const exportedCase = async (waitsAs: 'export' | 'sendResults' | null): Promise<ExportedCase | null> => {
    annotations.finish();
    const { current: asked } = review.store.getState();
    if (waitsAs !== null && lookingAround.store.getState().kind === 'looking') {
      const { kind } = await jobs.run(waitsAs, lookingAround.settled);
      if (kind !== 'done') return null;
    }
    await review.settled();
    const appendage = await planning.settledNumbers().catch((thrown: unknown) => {
      alerts.error(failureOf(thrown));
      return null;
    });
    // Marks, edits and verdict are those of the numbers, which took a moment.
    const { current, marks, edits, verdict, reviewedBy, problem } = review.store.getState();
    if (!current || !appendage || problem !== null) return null;
    // Another study was opened while the numbers settled.
    if (!isSameCase(current, asked)) return null;
    const reviewCase = { ...current, scanGrid: scanGridOf(current, scan.getState().scan) };
    const { list } = annotations.store.getState();
    const reviewedSteps = guide.reviewedNow();
    const phases = resultsBeside(parts.phases.store.getState(), current.seriesInstanceUid);
    return {
      reviewCase,
      appendage,
      marks,
      annotations: list,
      phases,
      edits,
      verdict,
      reviewedBy,
      reviewedSteps,
    };
  };

  return {
    openOffered,
    async openListed(list) {
      const outcome = await jobs.run('readFiles', list);
      if (outcome.kind === 'done') await openFiles(outcome.value, false);
    },
    async openFromServer(id, series) {
      const outcome = await jobs.run('fetchSeries', (job) =>
        servers.using(id, async () => {
          try {
            return await client.servers.fetch({ id, series }, job);
          } catch (thrown) {
            // What arrived stays for another try.
            if (!isFailedWith(thrown, 'network.series-incomplete'))
              await client.servers.release({ loan: null });
            throw thrown;
          }
        }),
      );
      if (outcome.kind !== 'done') return;
      const { files, loan, warnings } = outcome.value;
      await openFiles(offeredFiles(client, files), false, loan);
      // Slices may be missing: it stays until it is dismissed.
      for (const warning of warnings) alerts.error(warning);
    },
    async openReceived(seriesUid) {
      const outcome = await jobs.run('readFiles', () => client.receiving.open({ seriesUid }));
      if (outcome.kind === 'done') await openFiles(offeredFiles(client, outcome.value.files), false);
    },
    async start() {
      try {
        const info = await client.app.info({});
        about.setState({ info, engine: info.engine });
        const { exportOptions, firstView } = await settings.load();
        view.begin(firstView);
        if (exportOptions) exporting.restore(exportOptions);
        await Promise.all([sessions.refresh(), received.refresh()]);
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
    async sendResults(id, objects) {
      const exported = await exportedCase('sendResults');
      if (!exported) return false;
      const outcome = await jobs.run('sendResults', (job) =>
        servers.using(id, async () => {
          const files = await exporting.dicomObjects(exported, objects, job);
          return client.servers.store({ id, files: files.filter(({ name }) => name.endsWith('.dcm')) }, job);
        }),
      );
      if (outcome.kind !== 'done') return false;
      const stored = outcome.value.filter((result) => result.failure === null);
      if (stored.length > 0) {
        audit.record('export', 'server');
        const name = servers.store.getState().servers.find((one) => one.id === id)?.name ?? '';
        alerts.notice(words().scan.stored(stored.length, name));
      }
      for (const result of outcome.value) if (result.failure !== null) alerts.error(result.failure);
      return stored.length === outcome.value.length;
    },
    async previewShell() {
      const exported = await exportedCase(null);
      if (exported) await exporting.previewShell(exported);
    },
    async exportNow() {
      const exported = await exportedCase('export');
      if (!exported) return false;
      // What was chosen when it began; a mask or a mesh alone is no report.
      const { documents, dicomObjects } = exporting.store.getState().options;
      const isReport =
        documents.length > 0 || dicomObjects.includes('dicom-sr') || dicomObjects.includes('dicom-report');
      const isDone = await exporting.run(exported);
      if (isDone && isReport) guide.reported();
      if (isDone) audit.record('export', exporting.store.getState().options.frame);
      return isDone;
    },
    restoreSession,
    async takeOtherWindows() {
      const isDrawn = sessions.store.getState().conflict?.theirs.overview?.state === 'drawn';
      const id = sessions.takeTheirs();
      if (id === null) return;
      if (!isDrawn) {
        await restoreSession(id);
        return;
      }
      const shown = scan.getState().scan;
      const drawnScan = shown && drawnScanOf(shown);
      if (!drawnScan || drawingsId(drawnScan) !== id) return;
      annotations.restore([]);
      await flow.showDrawings();
    },
    async removeSession(id) {
      await jobs.run('removeSession', () => sessions.remove(id), { isBackground: true });
    },
    judge,
    async nameReviewer(reviewer) {
      const { awaitedVerdict } = about.getState();
      about.setState({ awaitedVerdict: null });
      await settings.change({ reviewer });
      if (awaitedVerdict !== null) judge(awaitedVerdict);
    },
    async closeAll() {
      await review.settled();
      await sessions.flush();
      jobs.cancelAll();
      // What was said of this study is not of the next.
      alerts.clear();
      studies.close();
      returnLoan();
      flow.clear();
    },
  };
}
