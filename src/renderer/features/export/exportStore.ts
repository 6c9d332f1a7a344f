import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Annotation } from '#shared/contract/annotations.ts';
import type { AuricleClient } from '#shared/contract/auricle.ts';
import type { Letterhead } from '#shared/contract/letterhead.ts';
import type { DevicePlan } from '#shared/contract/planning.ts';
import type { PlanningStep } from '#shared/contract/planningSteps.ts';
import type { ReaderMarks } from '#shared/contract/readerMarks.ts';
import { reportOfSurface, warningsBeforeEditing } from '#shared/contract/reportOfSurface.ts';
import {
  type ExportOptions,
  type Picture,
  type ReviewedBy,
  SHELL_PICTURE,
} from '#shared/contract/services/exporting.ts';
import type { MeasuredAppendage } from '#shared/contract/services/measured.ts';
import type { PhaseResult } from '#shared/contract/services/phases.ts';
import type { NamedFile } from '#shared/contract/values.ts';
import { UserError } from '#shared/errors.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { figureFrames, scanPictures, straightenedScans } from '#shared/planning/figureFrames.ts';
import type { ProjectedVolume } from '#shared/planning/simulatedProjection.ts';
import type { JobOptions } from '#shared/progress.ts';
import type { Alerts } from '../../jobs/alertStore.ts';
import { debounce, type Timer } from '../../jobs/debounce.ts';
import type { Jobs } from '../../jobs/jobStore.ts';
import { meshWithOwnBuffers } from '../../jobs/ownBuffer.ts';
import { words } from '../../words/index.ts';
import { exportedLabels, type ReviewCase, type Verdict } from '../review/index.ts';
import { anonymousFiles, anonymousRequest, createPageDeidentifier } from './anonymousExport.ts';
import { bundleForDownload, type PackZip } from './downloads.ts';
import { problemOf, USUAL_OPTIONS, wantsScan } from './exportOptions.ts';

export interface ExportState {
  readonly options: ExportOptions;
  /** Why the last export failed. */
  readonly failure: Failure | null;
  /** The printable shell's thickness in colour, PNG, as the options have it; null until it is asked for. */
  readonly shellPicture: Uint8Array | null;
}

/** What is exported: the reviewed case as it is now. */
export interface ExportedCase {
  readonly reviewCase: ReviewCase;
  readonly appendage: MeasuredAppendage;
  readonly marks: ReaderMarks;
  /** What a reader drew in the planes. */
  readonly annotations: readonly Annotation[];
  /** Every phase of its heart, in the order of the cycle. */
  readonly phases: readonly PhaseResult[];
  readonly edits: readonly string[];
  readonly verdict: Verdict;
  readonly reviewedBy: ReviewedBy | null;
  /** Planning steps that were reviewed as they are now. */
  readonly reviewedSteps: readonly PlanningStep[];
}

export interface Exporting {
  readonly store: StoreApi<ExportState>;
  change(parts: Partial<ExportOptions>): void;
  /** The options that were kept; they become the choice unless one was made meanwhile. */
  restore(options: ExportOptions): void;
  /** Another case is under review: why the last export failed does not concern it. */
  clearFailure(): void;
  /** Makes DICOM objects and nothing else, for a server. */
  dicomObjects(
    exported: ExportedCase,
    objects: ExportOptions['dicomObjects'],
    job: Required<JobOptions>,
  ): Promise<readonly NamedFile[]>;
  /** Makes the printable shell for its picture alone. */
  previewShell(exported: ExportedCase): Promise<void>;
  /** Makes the files and saves or downloads them. @returns whether it did */
  run(exported: ExportedCase): Promise<boolean>;
}

/** What exporting needs of its surroundings. */
export interface ExportHost {
  readonly client: Pick<AuricleClient, 'exporting'>;
  readonly canSaveFiles: () => boolean;
  /** With the banner that names the patient, or without. */
  readonly pictures: (withBanner: boolean) => Promise<readonly Picture[]>;
  /** What an occluder is planned by, of the surface as it is. */
  readonly plan: () => Promise<DevicePlan | null>;
  /** Of the device in the plan; null where none is placed. */
  readonly deviceMesh: () => TriangleMesh | null;
  /** The whole scan that a case was made of; null where it is not open. */
  readonly scanVolume: (seriesInstanceUid: string) => ProjectedVolume | null;
  readonly letterhead: () => Letterhead;
  /** The files of the scan that a case was made of; none where it is not open. */
  readonly scanFiles: (seriesInstanceUid: string) => Promise<readonly Blob[]>;
  readonly download: (file: NamedFile) => void;
  readonly packZip: PackZip;
  /** Keeps the chosen options for the next export. */
  readonly keepOptions: (options: ExportOptions) => void;
  readonly timer?: Timer;
}

/** A slider changes the options many times a second. */
const KEEP_DELAY_MS = 500;

const NO_FILES: ExportOptions = {
  ...USUAL_OPTIONS,
  products: [],
  meshFormats: [],
  maskFormats: [],
  documents: [],
};

/** What is not known here was checked when the export was chosen. */
const ALL_KNOWN = { hasOstium: true, isSourceKnown: true };

/** Documents, and DICOM objects that hold measurements or the report. */
const wantsPlan = ({ documents, dicomObjects }: ExportOptions): boolean =>
  documents.length > 0 || dicomObjects.includes('dicom-sr') || dicomObjects.includes('dicom-report');

/** What figures stand in. */
const wantsFigures = ({ documents, dicomObjects }: ExportOptions): boolean =>
  documents.some((document) => /html|pdf/.test(document)) || dicomObjects.includes('dicom-report');

const ownMeshOrNull = (mesh: TriangleMesh | null) => mesh && meshWithOwnBuffers(mesh);

/** The options of an export, and the export itself. */
export function createExporting(host: ExportHost, jobs: Jobs, alerts: Alerts): Exporting {
  const { client } = host;
  const store = createStore<ExportState>(() => ({
    options: USUAL_OPTIONS,
    failure: null,
    shellPicture: null,
  }));
  const keepSoon = debounce(() => host.keepOptions(store.getState().options), KEEP_DELAY_MS, host.timer);

  /** Saves or downloads the files. @returns what was done in words, null where the person cancelled */
  const deliver = async (files: readonly NamedFile[]): Promise<string | null> => {
    if (!host.canSaveFiles()) {
      const bundle = await bundleForDownload(files, 'auricle-export.zip', host.packZip);
      host.download(bundle);
      return words().exporting.downloaded(files.length, bundle.name);
    }
    const saved = await client.exporting.save({ files: [...files] });
    return saved.kind === 'saved' ? words().exporting.saved(saved.count, saved.folderName) : null;
  };

  const figuresOnScan = (
    { crop, seriesInstanceUid }: ReviewCase,
    { measurements }: MeasuredAppendage,
    plan: DevicePlan | null,
  ) => [
    ...scanPictures(figureFrames(measurements, plan), {
      around: crop,
      wide: host.scanVolume(seriesInstanceUid) ?? crop,
    }),
    ...straightenedScans(plan, crop),
  ];

  const build = async (
    {
      reviewCase,
      appendage,
      marks,
      annotations,
      phases,
      edits,
      verdict,
      reviewedBy,
      reviewedSteps,
    }: ExportedCase,
    options: ExportOptions,
    job: Required<JobOptions>,
  ): Promise<readonly NamedFile[]> => {
    job.onProgress({ stage: 'Taking pictures', fraction: 0 });
    const { documents, dicomObjects } = options;
    const wantsPictures =
      documents.length > 0 || dicomObjects.includes('dicom-sc') || dicomObjects.includes('dicom-report');
    const plan = wantsPlan(options) ? await host.plan() : null;
    const pictures = wantsPictures ? await host.pictures(!options.isAnonymous) : [];
    const request = {
      appendage,
      labels: exportedLabels(reviewCase, appendage),
      scanGrid: reviewCase.scanGrid,
      report: reportOfSurface(reviewCase, appendage),
      warningsBeforeEditing: warningsBeforeEditing(reviewCase, appendage),
      offChances: appendage === reviewCase.original ? reviewCase.offChances : null,
      plan,
      phases: [...phases],
      letterhead: host.letterhead(),
      deviceMesh: plan?.virtualDevice ? ownMeshOrNull(host.deviceMesh()) : null,
      scanPictures: wantsFigures(options) ? figuresOnScan(reviewCase, appendage, plan) : [],
      marks,
      annotations: [...annotations],
      patient: reviewCase.patient,
      sourceSeries: reviewCase.sourceSeries,
      edits: [...edits],
      review: verdict,
      reviewedBy,
      reviewedSteps: [...reviewedSteps],
      pictures: [...pictures],
      options,
    };
    if (!options.isAnonymous) return (await client.exporting.build(request, job)).files;
    const deidentifier = await createPageDeidentifier(options.keptIdentity);
    const hasFiles = problemOf({ ...options, withScan: false }, ALL_KNOWN) === null;
    const built = hasFiles
      ? (await client.exporting.build(await anonymousRequest(request, deidentifier), job)).files
      : [];
    const scan = wantsScan(options) ? await host.scanFiles(reviewCase.seriesInstanceUid) : [];
    if (wantsScan(options) && scan.length === 0) throw new UserError(failure('export.scan-not-open'));
    const { files, leftOut } = await anonymousFiles(built, scan, deidentifier, job);
    for (const reason of leftOut) alerts.notice(reason);
    return files;
  };

  /** Counts the works that were closed. */
  let closed = 0;

  return {
    store,
    change(parts) {
      const isOtherShell = parts.shellThicknessMm !== undefined || parts.shellBaseMm !== undefined;
      store.setState(({ options, shellPicture }) => ({
        options: { ...options, ...parts },
        failure: null,
        shellPicture: isOtherShell ? null : shellPicture,
      }));
      keepSoon.schedule();
    },
    restore(options) {
      if (store.getState().options === USUAL_OPTIONS) store.setState({ options });
    },
    clearFailure() {
      closed += 1;
      store.setState({ failure: null, shellPicture: null });
    },
    dicomObjects: (exported, dicomObjects, job) =>
      build(exported, { ...NO_FILES, dicomObjects: [...dicomObjects] }, job),
    async previewShell(exported) {
      const { shellThicknessMm, shellBaseMm } = store.getState().options;
      const shell: ExportOptions = {
        ...NO_FILES,
        products: ['shell'],
        meshFormats: ['stl'],
        shellThicknessMm,
        shellBaseMm,
      };
      store.setState({ failure: null, shellPicture: null });
      const before = closed;
      const outcome = await jobs.run('export', (job) => build(exported, shell, job));
      if (before !== closed) return;
      if (outcome.kind === 'failed') store.setState({ failure: outcome.failure });
      if (outcome.kind !== 'done') return;
      const picture = outcome.value.find(({ name }) => name === SHELL_PICTURE);
      if (picture) store.setState({ shellPicture: picture.bytes });
    },
    async run(exported) {
      const { options } = store.getState();
      keepSoon.flush();
      store.setState({ failure: null });
      const before = closed;
      const outcome = await jobs.run('export', async (job) => deliver(await build(exported, options, job)));
      // Where the work was closed meanwhile, the choices are another patient's.
      if (outcome.kind === 'failed' && before === closed) store.setState({ failure: outcome.failure });
      else if (outcome.kind === 'failed') alerts.error(outcome.failure);
      if (outcome.kind !== 'done' || outcome.value === null) return false;
      alerts.notice(outcome.value);
      return true;
    },
  };
}
