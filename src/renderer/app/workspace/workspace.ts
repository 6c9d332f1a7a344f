import type { AuditEvent } from '#shared/contract/services/app.ts';
import { messageOf } from '#shared/errors.ts';
import { CONNECTION_LOST, NOT_CONNECTED } from '#shared/rpc/failures.ts';
import type { AuricleConnection } from '../../connection/index.ts';
import { createExporting, downloadFile, type Exporting } from '../../features/export/index.ts';
import { createRegions, type Regions } from '../../features/region/index.ts';
import { createReview, type Review } from '../../features/review/index.ts';
import {
  createStudies,
  type OpenedFile,
  type Studies,
  type StudyReader,
} from '../../features/studies/index.ts';
import { type Alerts, createAlerts } from '../../jobs/alertStore.ts';
import { createJobs, type Jobs } from '../../jobs/jobStore.ts';
import type { CreateViewer, ViewerEvents } from '../../viewer/types.ts';
import type { SessionArchiver } from '../../workers/sessionArchiver.ts';
import { createSessions, type Sessions } from '../sessions/sessionStore.ts';
import { createSettings, type SettingsHolder } from '../settings/settingsStore.ts';
import { type AboutStore, createAboutStore } from './aboutStore.ts';
import { createAuditTrail } from './auditTrail.ts';
import { followLink } from './followLink.ts';
import { createScanFlow } from './scanFlow.ts';
import { scanGridOf } from './scanGridOf.ts';
import { createScanStore, type ScanStore } from './scanStore.ts';
import { sceneOf } from './sceneOf.ts';
import { segmentScan } from './segmentScan.ts';
import { createUndoing, type Undoing } from './undoing.ts';
import { createViewerSlot, type ViewerSlot } from './viewerSlot.ts';
import { createView, type View } from './viewStore.ts';

/** What a face of the program brings along. */
export interface WorkspaceHost {
  readonly rpc: AuricleConnection;
  readonly reader: StudyReader;
  readonly createViewer: CreateViewer;
  readonly archiver: SessionArchiver;
  readonly memory: Pick<Storage, 'getItem' | 'setItem'>;
}

/** Everything that outlives a drawn screen, and what a person can ask of all of it together. */
export interface Workspace {
  readonly alerts: Alerts;
  readonly jobs: Jobs;
  readonly about: AboutStore;
  readonly view: View;
  readonly scan: ScanStore;
  readonly studies: Studies;
  readonly regions: Regions;
  readonly review: Review;
  readonly undoing: Undoing;
  readonly exporting: Exporting;
  readonly sessions: Sessions;
  readonly settings: SettingsHolder;
  readonly viewer: ViewerSlot;
  /** Asks the main side what it is, at the start and when a lost connection is back. */
  start(): Promise<void>;
  /** Tries at once to connect again. */
  reconnect(): void;
  open(files: readonly OpenedFile[]): Promise<void>;
  openSample(): Promise<void>;
  findRegion(): void;
  placeRegionAtCrosshair(): void;
  segment(): Promise<void>;
  exportNow(): Promise<boolean>;
  restoreSession(id: string): Promise<void>;
  removeSession(id: string): Promise<void>;
  /** Saves and closes what is open: the welcome screen again. */
  closeAll(): Promise<void>;
}

export function createWorkspace(host: WorkspaceHost): Workspace {
  const { rpc, reader, archiver } = host;
  const client = rpc.services;
  const alerts = createAlerts();
  const jobs = createJobs(alerts);
  const about = createAboutStore();
  const view = createView();
  const scan = createScanStore();
  const regions = createRegions(client, jobs, (step) => undoing.note(step));
  const review = createReview({
    client,
    onTouched: (lowIjk, highIjk) => viewer.viewer()?.touchLabels(lowIjk, highIjk),
    onRegion: regions.restore,
    onProblem: alerts.error,
    onNothingChanged: alerts.notice,
  });
  const undoing = createUndoing(regions, review);
  const sessions = createSessions({
    client,
    archiver,
    isDrawing: review.isDrawing,
    current() {
      const { current } = review.store.getState();
      const saved = review.saved();
      return current && saved && { reviewCase: current, saved };
    },
  });

  const trail = createAuditTrail(client, alerts.notice);
  const audit = (kind: AuditEvent['kind'], detail: string): void =>
    trail.record({ kind, seriesInstanceUid: scan.getState().scan?.seriesInstanceUid ?? '', detail });

  const flow = createScanFlow({
    view,
    scan,
    regions,
    review,
    sessions,
    audit,
    alerts,
    onVolumeGrew: () => viewer.volumeGrew(),
    onCleared() {
      undoing.clear();
      const segmenting = jobs.store.getState().jobs.find(({ kind }) => kind === 'segment');
      if (segmenting) jobs.cancel(segmenting.id);
    },
    onFrame: (centreLpsMm, edgeMm) => viewer.viewer()?.frameCube(centreLpsMm, edgeMm),
  });
  const studies = createStudies(reader, jobs, alerts, flow.studiesEvents);

  const events: ViewerEvents = {
    onCrosshair: (crosshairLpsMm) => view.change({ crosshairLpsMm }),
    onWindow: (window) => view.change({ window }),
    onAxes: (axes) => view.change({ axes }),
    onRegion: regions.change,
    onOstiumPlane: (plane, isFinal) => review.movePlane(plane, isFinal),
    onStroke: (stroke) => review.stroke(stroke, view.store.getState().brushRadiusMm),
    onPaneToggle: view.togglePane,
  };
  const currentScene = () =>
    sceneOf({
      view: view.store.getState(),
      scan: scan.getState(),
      region: regions.store.getState(),
      review: review.store.getState(),
    });
  const viewer = createViewerSlot(host.createViewer, events, currentScene(), {
    onGraphics: (graphics) => about.setState({ graphics }),
    onFailure: (message) => alerts.error(`The images cannot be drawn: ${message}`),
  });
  const showScene = (): void => viewer.show(currentScene());
  for (const store of [view.store, scan, regions.store, review.store]) store.subscribe(showScene);

  review.store.subscribe((after, before) => {
    if (after.current && after.revision !== before.revision) sessions.changed();
    if (after.position !== before.position && after.current === before.current && after.current) {
      audit('edit', after.position > before.position ? (after.steps[after.position - 1] ?? '') : 'Undo');
    }
    if (after.verdict !== before.verdict && after.current === before.current) audit('review', after.verdict);
  });

  const exporting = createExporting(
    {
      client,
      canSaveFiles: () => about.getState().info?.canSaveFiles ?? false,
      pictures: viewer.pictures,
      download: downloadFile,
      packZip: archiver.pack,
      memory: host.memory,
    },
    jobs,
    alerts,
  );

  rpc.on('engine', (engine) => about.setState({ engine }));
  rpc.on('notice', ({ message }) => alerts.notice(message));

  /** Work under way is saved before something else takes its place. */
  const openFiles = async (files: readonly OpenedFile[], isSample: boolean): Promise<void> => {
    await sessions.flush();
    alerts.clear();
    await studies.open(files, isSample);
  };

  const start = async (): Promise<void> => {
    try {
      const info = await client.app.info({});
      about.setState({ info, engine: info.engine });
      await sessions.refresh();
    } catch (thrown) {
      alerts.error(messageOf(thrown));
    }
  };

  const findRegion = (): void => {
    const coarse = scan.getState().scan?.coarse;
    if (coarse) void regions.find(coarse).then(flow.lookAtRegion);
  };

  followLink({
    link: rpc.link,
    about,
    alerts,
    onBack() {
      void sessions.flush().then(start);
      trail.resume();
      review.catchUp();
      const { reason } = regions.store.getState();
      if (reason === CONNECTION_LOST || reason === NOT_CONNECTED) findRegion();
    },
  });

  return {
    alerts,
    jobs,
    about,
    view,
    scan,
    studies,
    regions,
    review,
    undoing,
    exporting,
    sessions,
    settings: createSettings(client, alerts),
    viewer,
    start,
    reconnect: rpc.link.retry,
    open: (files) => openFiles(files, false),
    async openSample() {
      const outcome = await jobs.run('sample', (job) => client.app.sample({}, job));
      if (outcome.kind !== 'done') return;
      const files = outcome.value.files.map(({ name, bytes }) => ({
        path: name,
        blob: new Blob([bytes]),
      }));
      await openFiles(files, true);
    },
    findRegion,
    placeRegionAtCrosshair: () => regions.placeAt(view.store.getState().crosshairLpsMm),
    async segment() {
      const shown = scan.getState().scan;
      if (shown?.extent !== 'whole') return;
      const reviewCase = await segmentScan(shown, { client, jobs, alerts, regions });
      if (!reviewCase || scan.getState().scan !== shown) return;
      await sessions.flush();
      review.start(reviewCase);
      audit('segment', reviewCase.report.engine.id);
      flow.lookAtResult();
    },
    async exportNow() {
      await review.settled();
      const { current, appendage, edits, verdict, problem } = review.store.getState();
      if (!current || !appendage || problem !== null) return false;
      const reviewCase = { ...current, scanGrid: scanGridOf(current, scan.getState().scan) };
      const isDone = await exporting.run({ reviewCase, appendage, edits, verdict });
      if (isDone) audit('export', exporting.store.getState().options.frame);
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
