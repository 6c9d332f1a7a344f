import type { SegmentationReport } from '#shared/contract/report.ts';
import type { EngineStatus, SessionSummary, Settings } from '#shared/contract/services/app.ts';
import { measured } from '#shared/contract/testing/values.ts';
import { exampleReport, exampleReviewCase } from '../../../features/review/testing/exampleCase.ts';
import type { Job } from '../../../jobs/jobStore.ts';
import { volume, workspaceInMemory } from '../../workspace/testing/workspaceInMemory.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import { LONG_DESCRIPTION } from './preview.ts';

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
  engine: 'auto',
  resolution: 128,
  fieldModel: null,
  exportOptions: null,
  acknowledgedNotice: '',
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
      coarse: volume,
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
  title: 'Segmenting the appendage',
  progress: { stage: 'Evaluating the fields', fraction: 0.42 },
  isBackground: false,
  ...parts,
});

/** More saved work than the list shows, one of it with a long title. Without a zone: the local time everywhere. */
export const SAVED_WORK: readonly SessionSummary[] = [
  'Sample study',
  `2024-01-02 · ${LONG_DESCRIPTION}`,
  '2023-11-30 · CTA heart',
  'CT series',
  '2020-05-06 · CTA thorax',
].map((title, at) => ({
  id: `case-${at}`,
  title,
  seriesInstanceUid: `1.2.${at}`,
  savedAt: `2026-03-0${9 - at}T10:2${at}:00`,
}));
