import { NO_LETTERHEAD } from '#shared/contract/letterhead.ts';
import type { SegmentationReport } from '#shared/contract/report.ts';
import {
  type EngineStatus,
  type SessionSummary,
  type Settings,
  USUAL_FIRST_VIEW,
} from '#shared/contract/services/app.ts';
import { measured } from '#shared/contract/testing/values.ts';
import { exampleReport, exampleReviewCase } from '../../../features/review/testing/exampleCase.ts';
import type { Job } from '../../../jobs/jobStore.ts';
import { volume, workspaceInMemory } from '../../workspace/testing/workspaceInMemory.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import { LONG_DESCRIPTION, LONG_NAME } from './preview.ts';

const READY: EngineStatus = { state: 'ready', id: 'onnx', device: 'CPU, 2 threads', remarks: [] };

/** A workspace without an engine and without work; a preview sets its stores to the state that it shows. */
export function previewWorkspace(change: (workspace: Workspace) => void = () => {}): Workspace {
  const { workspace } = workspaceInMemory();
  workspace.about.setState({
    engine: READY,
    info: { version: '0.1.0', target: 'web', notice: NOTICE, canSaveFiles: false, engine: READY },
    graphics: { name: 'Example graphics', isSoftware: false },
  });
  workspace.settings.store.setState({ settings: DEFAULTS });
  workspace.sessions.store.setState({ list: [] });
  change(workspace);
  return workspace;
}

const DEFAULTS: Settings = {
  language: 'en',
  engine: 'auto',
  resolution: 128,
  fieldModel: null,
  exportOptions: null,
  acknowledgedNotice: '',
  reviewer: 'Dr Roe',
  letterhead: NO_LETTERHEAD,
  firstView: USUAL_FIRST_VIEW,
  keys: {},
};

const NOTICE =
  'Auricle is a research program. It is no medical device and must not be used for clinical decisions.';

export function openScan(workspace: Workspace): void {
  const { patient } = exampleReviewCase({ crop: volume, labels });
  workspace.scan.setState({
    scan: {
      volume,
      seriesInstanceUid: '1.2.3',
      patient,
      isSample: false,
      extent: 'whole',
      coarse: () => Promise.resolve(volume),
      source: exampleReport().source,
      sourceSeries: null,
      warnings: [],
    },
  });
  workspace.regions.restore({ centreLpsMm: [0, 0, 0], edgeMm: 70, confidence: 0.93 });
}

const labels = { grid: volume.grid, data: new Uint8Array(volume.data.length) };

/** A segmentation with every number, on an open scan. */
export function openResult(workspace: Workspace, report: Partial<SegmentationReport> = {}): void {
  openScan(workspace);
  const original = { ...measured, warnings: report.warnings ?? [] };
  workspace.review.start(
    exampleReviewCase({ crop: volume, labels }, { original, report: exampleReport(report) }),
  );
}

export const job = (parts: Partial<Job> = {}): Job => ({
  id: 1,
  kind: 'segment',

  progress: { stage: 'Evaluating the fields', fraction: 0.42 },
  isBackground: false,
  ...parts,
});

/** Two data sets of one day that differ by patient and series alone, long names, and work of an earlier version. */
export const SAVED_WORK: readonly SessionSummary[] = [
  ...(
    [
      ['DOE, JANE', '1017', 'CTA 75 %', 'accepted'],
      ['ROE, RICHARD', '1018', 'CTA 40 %', 'rejected'],
      [LONG_NAME, '1019', LONG_DESCRIPTION, 'edited'],
      ['DOE, JOHN', '1020', '', 'segmented'],
    ] as const
  ).map(([patientName, patientId, seriesDescription, state], at) => ({
    ...saved(at),
    overview: {
      patientName,
      patientId,
      studyDate: '2020-01-01',
      seriesDescription,
      state,
      thumbnail: { sidePixels: 4, valuesBase64: btoa('\0\x40\x80\xc0'.repeat(4)) },
    },
  })),
  ...[4, 5, 6].map(saved),
];

/** Without a zone: the local time everywhere. */
function saved(at: number): SessionSummary {
  return {
    id: `case-${at}`,
    title: '2020-01-01 · CTA',
    seriesInstanceUid: `1.2.${at}`,
    savedAt: `2026-03-0${9 - at}T10:2${at}:00`,
  };
}
