import type { Annotation } from '#shared/contract/annotations.ts';
import { NO_LETTERHEAD } from '#shared/contract/letterhead.ts';
import type { MenuCommand } from '#shared/contract/services/app.ts';
import { type AuricleConnection, isDisconnection } from '../../connection/index.ts';
import { type Annotations, createAnnotations } from '../../features/annotations/index.ts';
import { createExporting, downloadFile, type Exporting } from '../../features/export/index.ts';
import { createPhases, type Phases } from '../../features/phases/index.ts';
import { correctedNumbers, createLookingAround, type LookingAround } from '../../features/planning/index.ts';
import { createRegions, type Regions } from '../../features/region/index.ts';
import {
  type Beside,
  type Comparison,
  createBeside,
  createComparison,
  createReview,
  PUT_BACK,
  type Review,
} from '../../features/review/index.ts';
import {
  createReceivedStudies,
  createServers,
  type ReceivedStudies,
  type Servers,
} from '../../features/servers/index.ts';
import { createStudies, type Studies, type StudyReader } from '../../features/studies/index.ts';
import { type Alerts, createAlerts } from '../../jobs/alertStore.ts';
import { createJobs, type Jobs } from '../../jobs/jobStore.ts';
import { pageKeys, soundKeys } from '../../ui/pageKeys.ts';
import type { CreateViewer } from '../../viewer/types.ts';
import { languageFor, speak } from '../../words/index.ts';
import type { SessionArchiver } from '../../workers/sessionArchiver.ts';
import { createGuide, type Guide } from '../guide/guideStore.ts';
import { noteUnsaved } from '../sessions/noteUnsaved.ts';
import type { Sessions } from '../sessions/sessionStore.ts';
import { createSettings, type SettingsHolder } from '../settings/settingsStore.ts';
import { type AboutStore, createAboutStore, followLink } from './aboutStore.ts';
import { createAuditTrail } from './auditTrail.ts';
import { type Commands, createCommands } from './commands.ts';
import { createPlanningStores, type PlanningStores } from './planningStores.ts';
import { createSavedWork } from './savedWork.ts';
import { createScanFlow } from './scanFlow.ts';
import { createScanStore, type ScanStore } from './scanStore.ts';
import { segmentRegion } from './segmentScan.ts';
import { createShownScene } from './shownScene.ts';
import { showStep } from './showStep.ts';
import { createUndoing, type Undoing } from './undoing.ts';
import type { ViewerSlot } from './viewerSlot.ts';
import { viewOfAnnotation } from './viewOfAnnotation.ts';
import { createView, type View } from './viewStore.ts';

/** What a workspace needs from its surroundings. */
export interface WorkspaceHost {
  readonly rpc: AuricleConnection;
  readonly reader: StudyReader;
  readonly createViewer: CreateViewer;
  readonly archiver: SessionArchiver;
}

/** All stores, which outlive what is drawn, and the commands that concern several of them. */
export interface Workspace extends Commands, PlanningStores {
  readonly alerts: Alerts;
  readonly jobs: Jobs;
  readonly about: AboutStore;
  readonly view: View;
  readonly scan: ScanStore;
  readonly studies: Studies;
  readonly regions: Regions;
  readonly phases: Phases;
  readonly review: Review;
  readonly beside: Beside;
  readonly comparison: Comparison;
  readonly annotations: Annotations;
  readonly lookingAround: LookingAround;
  readonly guide: Guide;
  readonly undoing: Undoing;
  readonly exporting: Exporting;
  readonly sessions: Sessions;
  readonly settings: SettingsHolder;
  readonly servers: Servers;
  readonly received: ReceivedStudies;
  readonly viewer: ViewerSlot;
  /** Calls back for what a person chose in the desktop's menu. @returns what ends that */
  onMenu(listener: (command: MenuCommand) => void): () => void;
  /** Shows the plane of what is drawn, with it in the middle. */
  showAnnotation(annotation: Annotation): void;
  /** Tries at once to connect again. */
  reconnect(): void;
}

/** Makes all stores and connects them; what each does is in its own file. */
export function createWorkspace(host: WorkspaceHost): Workspace {
  const { rpc, reader, createViewer, archiver } = host;
  const client = rpc.services;
  const alerts = createAlerts();
  const jobs = createJobs(alerts);
  const about = createAboutStore();
  const view = createView();
  const scan = createScanStore();

  const regions = createRegions(client, jobs, (step) => undoing.record(step));
  const annotations = createAnnotations({
    volume: () => scan.getState().scan?.volume ?? null,
    record: (step) => undoing.recordAnnotations(step),
  });
  const nameOfSeries = (uid: string): string | undefined =>
    studies.store.getState().study?.series.find(({ seriesInstanceUid }) => seriesInstanceUid === uid)
      ?.description;
  const review = createReview({
    client,
    onTouched: (lowIjk, highIjk) => viewer.viewer()?.touchLabels(lowIjk, highIjk),
    onRegion: regions.restore,
    onAnnotations: annotations.replace,
    onProblem: alerts.error,
    onNothingChanged: alerts.notice,
    onWarning: alerts.notice,
    onPlaneMoves: () => alerts.withdraw(PUT_BACK),
    nameOfSeries,
  });
  const beside = createBeside({ client, review: review.store, onProblem: alerts.error, nameOfSeries });
  const comparison = createComparison({
    client,
    review: review.store,
    loadSession: (id) => sessions.load(id),
  });
  const planningStores = createPlanningStores({
    client,
    review,
    view,
    alerts,
  });
  const { planning, landmarks, device, lineCorrection, outlineCorrection, cArm, slideSection } =
    planningStores;
  const lookingAround = createLookingAround({ client, review, jobs, alerts });
  const guide = createGuide({
    review: review.store,
    planning: planning.store,
    onStep: (step) => showStep(step, { view, review, planning, cArm, flow, guide }),
  });
  // Without the tab nothing says why the 3D view turns as a C-arm does.
  guide.store.subscribe(({ tab }) => {
    if (tab !== 'plan') cArm.link(false);
  });
  const undoing = createUndoing(regions, review, annotations);
  const studies = createStudies(reader, jobs, alerts, {
    onFirstSlices: (...shown) => flow.studiesEvents.onFirstSlices(...shown),
    onMoreSlices: (volume) => flow.studiesEvents.onMoreSlices(volume),
    onLoaded: (...loaded) => flow.studiesEvents.onLoaded(...loaded),
    onLoadStopped: () => flow.studiesEvents.onLoadStopped(),
  });
  const phases = createPhases({
    studies,
    reader,
    jobs,
    region: regions.whenKnown,
    segment: (loaded, region, job) =>
      segmentRegion(
        {
          ...loaded,
          seriesInstanceUid: loaded.entry.seriesInstanceUid,
          patient: loaded.entry.patient,
          isSample: studies.store.getState().isSample,
        },
        region,
        client,
        job,
      ),
    hasWork: (id) => sessions.has(id),
    onSegmented(entry, reviewCase) {
      const { report, seriesInstanceUid } = reviewCase;
      audit.record('segment', `${report.engine.id}, ${entry.phase.label}`, seriesInstanceUid);
      // The phase on the screen waits for its result.
      const isShown = studies.store.getState().loaded?.entry.id === entry.id;
      if (!isShown || review.store.getState().current) return;
      regions.restore(reviewCase.region);
      review.start(reviewCase);
      flow.lookAtResult();
    },
  });
  const viewer = createShownScene({
    createViewer,
    view,
    scan,
    regions,
    review,
    beside,
    comparison,
    planning,
    landmarks,
    annotations,
    phases,
    device,
    cArm,
    lineCorrection,
    outlineCorrection,
    slideSection,
    about,
    alerts,
  });

  const sessions = createSavedWork({
    client,
    archiver,
    scan,
    review,
    planning,
    annotations,
    guide,
    phases,
    alerts,
  });
  /** The curves have the numbers under review, as they are reported; also of work that was there before its series. */
  const notePhase = (): void => {
    const { current } = review.store.getState();
    const { appendage, isStale } = correctedNumbers(planning.store.getState(), review.store.getState());
    if (current && appendage && !isStale) phases.note(current, appendage);
  };
  for (const store of [review.store, planning.store, studies.store]) store.subscribe(notePhase);
  // A step of the work brings the loaded scan back: nobody saw in a phase of the cine what it changed.
  review.store.subscribe((after, before) => {
    if (after.revision !== before.revision && phases.store.getState().frame) phases.stop();
  });
  // While slices arrive, areas are measured on what is there.
  scan.subscribe((after, before) => {
    if (after.scan?.extent === 'whole' && before.scan?.extent === 'arriving') annotations.remeasure();
  });
  const audit = createAuditTrail({ client, scan, review, onFailure: alerts.notice });

  const flow = createScanFlow({
    view,
    scan,
    regions,
    review,
    planning,
    annotations,
    guide,
    sessions,
    alerts,
    phases,
    onRestore(id) {
      if (!sessions.has(id)) return false;
      // Another phase may be chosen before it is there.
      const shown = scan.getState().scan;
      void commands.restoreSession(id, () => scan.getState().scan === shown);
      return true;
    },
    onOpened: () => audit.record('open', ''),
    onVolumeGrew: () => viewer.volumeGrew(),
    onCleared() {
      undoing.clear();
      exporting.clearFailure();
      const segmenting = jobs.store.getState().jobs.find(({ kind }) => kind === 'segment');
      if (segmenting) jobs.cancel(segmenting.id);
    },
    onFrame: (centreLpsMm, edgeMm) => viewer.viewer()?.frameCube(centreLpsMm, edgeMm),
  });
  const settings = createSettings(client, alerts);
  settings.store.subscribe(({ settings: known }) => {
    if (!known) return;
    speak(languageFor(known.language));
    const changed = soundKeys(known.keys);
    if (JSON.stringify(changed) !== JSON.stringify(pageKeys.getState().changed))
      pageKeys.setState({ changed });
  });
  const servers = createServers(client);
  const received = createReceivedStudies(client);
  const exporting = createExporting(
    {
      client,
      canSaveFiles: () => about.getState().info?.canSaveFiles ?? false,
      // Of the case under review, not of a phase that is played.
      pictures(withBanner) {
        phases.stop();
        return viewer.pictures(withBanner);
      },
      async plan() {
        const plan = await planning.settledPlan();
        return plan && { ...plan, virtualDevice: device.measuredNow() };
      },
      deviceMesh: () => device.store.getState().shown?.mesh ?? null,
      scanVolume(seriesInstanceUid) {
        const open = scan.getState().scan;
        const isWhole = open?.extent === 'whole' && open.seriesInstanceUid === seriesInstanceUid;
        return isWhole ? open.volume : null;
      },
      letterhead: () => settings.store.getState().settings?.letterhead ?? NO_LETTERHEAD,
      async scanFiles(seriesInstanceUid) {
        const entry = studies.store.getState().loaded?.entry;
        // Of another phase, which can be a part of the same series, only the part under review is shown.
        const isWhole = scan.getState().scan?.extent === 'whole';
        return isWhole && entry?.seriesInstanceUid === seriesInstanceUid ? reader.files(entry.id) : [];
      },
      download: downloadFile,
      packZip: archiver.zip,
      keepOptions: (exportOptions) => void settings.change({ exportOptions }),
    },
    jobs,
    alerts,
  );
  const stores = {
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
    servers,
    received,
    planning,
    annotations,
    guide,
  };
  const commands = createCommands({ ...stores, lookingAround, phases, client, flow, audit });

  rpc.on('engine', (engine) => about.setState({ engine }));
  rpc.on('notice', alerts.notice);
  rpc.on('receiving', received.show);
  rpc.on('session', sessions.noteSaved);
  rpc.on('opened', () => void commands.openOffered());
  const reportUnsaved = noteUnsaved(client, sessions);
  followLink({
    link: rpc.link,
    about,
    alerts,
    onBack() {
      reportUnsaved();
      void sessions.flush().then(commands.start);
      audit.resume();
      review.catchUp();
      lookingAround.retry();
      const { reason } = regions.store.getState();
      if (reason?.kind === 'failed' && isDisconnection(reason.failure)) commands.findRegion();
    },
  });

  return {
    ...stores,
    ...commands,
    beside,
    comparison,
    landmarks,
    lookingAround,
    phases,
    device,
    cArm,
    lineCorrection,
    outlineCorrection,
    slideSection,
    undoing,
    viewer,
    onMenu: (listener) => rpc.on('menu', ({ command }) => listener(command)),
    showAnnotation: (annotation) =>
      view.change(
        viewOfAnnotation(annotation, scan.getState().scan?.volume.grid ?? null, view.store.getState()),
      ),
    reconnect: rpc.link.retry,
  };
}
