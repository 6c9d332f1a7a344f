import type { ReactNode } from 'react';
import { EXAMPLE_ANNOTATIONS } from '#shared/annotations/testing/exampleAnnotations.ts';
import type { LumenProfile } from '#shared/contract/planning.ts';
import { deviceTable, lumenProfile } from '#shared/contract/testing/values.ts';
import { failure } from '#shared/failures/failure.ts';
import { LandmarkSection, PlanPanel, SurroundingsSection } from '../../../features/planning/index.ts';
import { EditPanel, HistoryPanel, ReviewPanel } from '../../../features/review/index.ts';
import { type SeriesEntry, StudyPanel } from '../../../features/studies/index.ts';
import { AppendagePanel } from '../../AppendagePanel.tsx';
import { SavedOnSeries } from '../../SavedOnSeries.tsx';
import type { AboutState } from '../../workspace/aboutStore.ts';
import { BRUSH_RADII_MM } from '../../workspace/viewStore.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import { ignore, LONG_DESCRIPTION, LONG_NAME, type Preview } from './preview.ts';
import { job, openResult, openScan, previewWorkspace, SAVED_WORK } from './previewWorkspace.ts';

/** As wide as the workbench's right panel. */
const RIGHT_PIXELS = 304;
const LEFT_PIXELS = 232;

const inRightPanel = (content: ReactNode): ReactNode => (
  <aside className="panel right-panel">{content}</aside>
);

function appendage(name: string, heightPixels: number, change: (workspace: Workspace) => void): Preview {
  return {
    name,
    widthPixels: RIGHT_PIXELS,
    heightPixels,
    render: () => <AppendagePanel workspace={previewWorkspace(change)} onReport={() => {}} />,
  };
}

const NO_ENGINE: Partial<AboutState> = {
  engine: {
    state: 'failed',
    id: '',
    device: '',
    remarks: [failure('stored.sentence', { sentence: 'The model file is damaged.' })],
  },
};

const REGIONS: readonly Preview[] = [
  appendage('region-empty', 330, ignore),
  appendage('region-searching', 330, (workspace) => {
    openScan(workspace);
    workspace.regions.store.setState({ status: 'searching', region: null });
  }),
  appendage('region-found', 330, openScan),
  appendage('region-not-found', 370, (workspace) => {
    openScan(workspace);
    workspace.regions.store.setState({ status: 'notFound', region: null, reason: null });
  }),
  appendage('segmenting', 330, (workspace) => {
    openScan(workspace);
    workspace.jobs.store.setState({ jobs: [job()] });
  }),
  appendage('annotations', 660, (workspace) => {
    openScan(workspace);
    workspace.annotations.restore(EXAMPLE_ANNOTATIONS);
    workspace.annotations.select({ id: 'a3', handle: null });
    workspace.annotations.askName('a2');
  }),
  appendage('segment-impossible', 330, (workspace) => {
    openScan(workspace);
    workspace.about.setState(NO_ENGINE);
  }),
];

const WARNINGS = [
  failure('series.slices-thick', { thicknessMm: 3 }),
  failure('series.gaps-between-slices', { thicknessMm: 1, stepMm: 1.5 }),
];

function plan(name: string, heightPixels: number, profile: LumenProfile): Preview {
  return {
    name,
    widthPixels: RIGHT_PIXELS,
    heightPixels,
    render: () => {
      const workspace = previewWorkspace(openResult);
      const { planning, review, landmarks, lookingAround, lineCorrection, device, cArm } = workspace;
      const { appendage } = review.store.getState();
      planning.store.setState({ profile, tables: [deviceTable], sectionMm: 14, landingZoneMm: 10 });
      return (
        appendage &&
        inRightPanel(
          <PlanPanel
            planning={planning}
            appendage={appendage}
            landmarks={
              <LandmarkSection landmarks={landmarks} review={review} crosshairLpsMm={() => [0, 0, 0]} />
            }
            surroundings={<SurroundingsSection review={review} looking={lookingAround} />}
            outlines={null}
            device={null}
            placedDevice={device}
            cArm={cArm}
            lineCorrection={lineCorrection}
            isLineCorrected={false}
            volume={null}
            huWindow={{ centreHu: 200, widthHu: 900, inverted: false }}
            asked={null}
            isStale={false}
          />,
        )
      );
    },
  };
}

/** Two found, one of them where nothing nearer could be hidden; the vein not. */
const surroundings: Preview = {
  name: 'plan-surroundings',
  widthPixels: RIGHT_PIXELS,
  heightPixels: 420,
  render: () => {
    const { review, landmarks, lookingAround } = previewWorkspace((workspace) => openResult(workspace));
    review.store.setState(({ current, appendage: surface }) => {
      const rimLpsMm = surface?.rimLpsMm ?? null;
      const [x, y, z] = [rimLpsMm?.[0] ?? 0, rimLpsMm?.[1] ?? 0, rimLpsMm?.[2] ?? 0];
      return {
        current: current && {
          ...current,
          report: {
            ...current.report,
            surroundings: {
              seenLpsMm: { low: [x - 60, y - 60, z - 60], high: [x + 60, y + 60, z + 60] },
              lookedFor: ['circumflex', 'leftSuperiorVein', 'mitralAnnulus'],
              structures: [
                {
                  name: 'circumflex',
                  pointsLpsMm: [[x + 2, y, z - 3]],
                  doubtfulLpsMm: [],
                  uncertaintyMm: 1.4,
                },
                {
                  name: 'mitralAnnulus',
                  pointsLpsMm: [[x, y, z - 12]],
                  doubtfulLpsMm: [],
                  uncertaintyMm: 2.2,
                },
              ],
            },
          },
        },
      };
    });
    return inRightPanel(
      <>
        <LandmarkSection landmarks={landmarks} review={review} crosshairLpsMm={() => [0, 0, 0]} />
        <SurroundingsSection review={review} looking={lookingAround} />
      </>,
    );
  },
};

const RESULTS: readonly Preview[] = [
  appendage('measures', 1110, openResult),
  appendage('measures-withheld', 1210, (workspace) => {
    openResult(workspace, {
      warnings: WARNINGS,
      volumeMl: null,
      depthMm: null,
      depthToFirstBendMm: null,
      ostium: null,
      landingZones: [],
      contrast: { atriumHu: 180, appendageHu: null },
    });
    workspace.review.store.setState(({ current, appendage: surface }) => ({
      current: current && { ...current, isCut: true },
      appendage: surface && {
        ...surface,
        measurements: {
          ...surface.measurements,
          ostium: null,
          landingZones: [],
          volumeMl: null,
          depthMm: null,
          depthToFirstBendMm: null,
        },
      },
    }));
  }),
  plan('plan', 1500, lumenProfile),
  surroundings,
  plan('plan-withheld', 760, {
    centreLineLpsMm: [],
    computedLineLpsMm: null,
    points: [],
    withheld: failure('measure.appendage-cut'),
  }),
  {
    name: 'review-problem',
    widthPixels: RIGHT_PIXELS,
    heightPixels: 230,
    render: () => {
      const { review } = previewWorkspace(openResult);
      review.store.setState({
        problem: failure('stored.sentence', {
          sentence: 'The surface could not follow the last edit: nothing is left.',
        }),
      });
      return inRightPanel(<ReviewPanel review={review} onJudge={ignore} />);
    },
  },
  {
    name: 'review-accepted',
    widthPixels: RIGHT_PIXELS,
    heightPixels: 230,
    render: () => {
      const { review } = previewWorkspace(openResult);
      // Without a zone: the local time everywhere.
      review.judge('accepted', { reviewer: 'Dr Roe', at: '2026-03-04T05:06:07' });
      return inRightPanel(<ReviewPanel review={review} onJudge={ignore} />);
    },
  },
  {
    name: 'edit',
    widthPixels: RIGHT_PIXELS,
    heightPixels: 600,
    render: () =>
      inRightPanel(
        <EditPanel
          review={previewWorkspace(openResult).review}
          tool="scissors"
          onTool={ignore}
          radiusMm={3}
          radiusRange={BRUSH_RADII_MM}
          onRadius={ignore}
        />,
      ),
  },
  {
    name: 'history',
    widthPixels: RIGHT_PIXELS,
    heightPixels: 260,
    render: () => {
      const { review } = previewWorkspace(openResult);
      review.store.setState({
        steps: ['Brush', 'Move ostium', 'Keep largest component', 'Accept'],
        position: 2,
      });
      return inRightPanel(<HistoryPanel review={review} />);
    },
  },
  {
    name: 'history-empty',
    widthPixels: RIGHT_PIXELS,
    heightPixels: 120,
    render: () => inRightPanel(<HistoryPanel review={previewWorkspace(openResult).review} />),
  },
];

const PATIENT = {
  name: 'Doe^Jane',
  id: '7',
  birthDate: '19500102',
  sex: 'F',
  studyDate: '20240102',
  studyDescription: 'Cardiac CT',
} as const;

const series = (id: string, parts: Partial<SeriesEntry> = {}): SeriesEntry => ({
  id,
  seriesInstanceUid: `1.2.3.${id}`,
  studyInstanceUid: '1.2',
  description: 'CTA heart 0.6 mm',
  details: 'Bv40 · 75 %',
  sliceCount: 280,
  spacingMm: [0.41, 0.41, 0.5],
  patient: PATIENT,
  refusal: null,
  warnings: [],
  canResample: false,
  isPreselected: false,
  phase: null,
  ...parts,
});

const REFUSED: readonly SeriesEntry[] = [
  series('good'),
  series('localiser', {
    description: 'Topogram',
    details: '',
    sliceCount: 1,
    spacingMm: null,
    refusal: failure('series.localiser'),
  }),
  series('uneven', {
    description: LONG_DESCRIPTION,
    refusal: failure('series.steps-uneven', { leastMm: 1, mostMm: 2.5 }),
    canResample: true,
  }),
  series('without-name', { description: '', details: '', sliceCount: 64 }),
];

function studies(name: string, heightPixels: number, entries: readonly SeriesEntry[]): Preview {
  return {
    name,
    widthPixels: LEFT_PIXELS,
    heightPixels,
    render: () => {
      const workspace = previewWorkspace((changed) => {
        openScan(changed);
        changed.sessions.store.setState({
          list: SAVED_WORK.map((summary) => ({ ...summary, seriesInstanceUid: '1.2.3' })).slice(0, 2),
        });
        changed.studies.store.setState({
          study: {
            series: entries,
            skippedFiles: 3,
            problems: [
              failure('studies.problem-in-files', {
                files: 2,
                fileName: 'IM0046',
                reason: failure('dicom.file-shrank'),
              }),
            ],
          },
          selectedId: 'good',
          thumbnails: { localiser: 'failed', good: new ImageData(64, 64) },
        });
      });
      return (
        <nav className="panel left-panel" aria-label="Series">
          <StudyPanel studies={workspace.studies} />
          <SavedOnSeries workspace={workspace} />
        </nav>
      );
    },
  };
}

/** The panels at the sides of the workbench. */
export const PANEL_PREVIEWS: readonly Preview[] = [
  ...REGIONS,
  ...RESULTS,
  studies('studies-refused', 760, REFUSED),
  studies('studies-mixed', 560, [
    series('good'),
    series('other', { studyInstanceUid: '9', patient: { ...PATIENT, name: LONG_NAME } }),
  ]),
];
