import ScanIcon from 'lucide-react/icons/scan';
import { Tabs } from 'radix-ui';
import { type RefObject, useLayoutEffect, useRef } from 'react';
import { useStore } from 'zustand';
import { reportOfSurface } from '#shared/contract/reportOfSurface.ts';
import { withoutAwaited } from '#shared/planning/awaitedSurroundings.ts';
import { AnnotationPanel } from '../features/annotations/index.ts';
import { MeasurePanel } from '../features/measure/index.ts';
import { PhaseCurves } from '../features/phases/index.ts';
import {
  correctedNumbers,
  DeviceSection,
  isPlanStale,
  LandmarkSection,
  OutlineSection,
  PlanPanel,
  SurroundingsSection,
} from '../features/planning/index.ts';
import { RegionPanel } from '../features/region/index.ts';
import {
  BesidePanel,
  ComparisonPanel,
  EditPanel,
  HistoryPanel,
  ReviewPanel,
} from '../features/review/index.ts';
import { Button } from '../ui/Button.tsx';
import { ProgressBar } from '../ui/ProgressBar.tsx';
import { shownKey } from '../ui/pageKeys.ts';
import { words } from '../words/index.ts';
import { RESULT_TABS } from './guide/guideStore.ts';
import { StepBar } from './StepBar.tsx';
import { whyNothingIsSegmented } from './workspace/aboutStore.ts';
import { BRUSH_RADII_MM } from './workspace/viewStore.ts';
import type { Workspace } from './workspace/workspace.ts';

/** Segmenting again has no key: pressed by mistake it would replace the work under review. */
const hintOf = (hasResult: boolean): string =>
  hasResult ? words().appendagePanel.savedFirst : words().appendagePanel.enterOr(shownKey('S'));

function SegmentSection({ workspace }: { readonly workspace: Workspace }) {
  const { scan } = useStore(workspace.scan);
  const { jobs } = useStore(workspace.jobs.store);
  const about = useStore(workspace.about);
  const { current } = useStore(workspace.review.store);
  const job = jobs.find(({ kind }) => kind === 'segment');
  const cannot =
    whyNothingIsSegmented(about) ?? (scan?.extent === 'crop' ? words().appendagePanel.reload : null);
  return (
    <section className="panel-section" aria-label={words().common.segment} data-testid="segment-section">
      <Button
        className={current ? 'wide' : 'primary large wide'}
        disabled={scan?.extent !== 'whole' || job !== undefined || cannot !== null}
        onClick={() => void workspace.segment()}
        data-testid="segment"
      >
        <ScanIcon size={17} /> {current ? words().appendagePanel.again : words().appendagePanel.segment}
      </Button>
      <div className="segment-progress">
        {job ? (
          <>
            <p className="quiet" role="status" data-testid="segment-stage">
              {words().recorded(job.progress.stage) || words().jobs[job.kind]}
            </p>
            <ProgressBar label={words().jobs[job.kind]} fraction={job.progress.fraction} />
          </>
        ) : (
          <p className="quiet">{cannot ?? hintOf(current !== null)}</p>
        )}
      </div>
    </section>
  );
}

function RegionSection({ workspace }: { readonly workspace: Workspace }) {
  const { scan } = useStore(workspace.scan);
  return (
    <RegionPanel
      regions={workspace.regions}
      onPlaceAtCrosshair={workspace.placeRegionAtCrosshair}
      onFind={scan?.coarse ? workspace.findRegion : null}
    />
  );
}

/** In low windows the panel scrolls as one: another tab begins at its beginning, not as far down as the last one was read. */
function useBeginOfTab(tab: string): RefObject<HTMLDivElement | null> {
  const tabs = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: with each other tab, and only then.
  useLayoutEffect(() => {
    const panel = tabs.current?.parentElement;
    const list = tabs.current?.querySelector('.tabs-list');
    if (!panel || !list) return;
    const scale = panel.getBoundingClientRect().height / panel.offsetHeight || 1;
    // As far as the list of tabs has been kept from scrolling along, so far the tab was read.
    const read = list.getBoundingClientRect().top - (tabs.current?.getBoundingClientRect().top ?? 0);
    if (read > 2) panel.scrollTop -= read / scale;
  }, [tab]);
  return tabs;
}

function ResultTabs({ workspace }: { readonly workspace: Workspace }) {
  const state = useStore(workspace.review.store);
  // Selected parts only: the crosshair moves many times a second.
  const tool = useStore(workspace.view.store, (view) => view.tool);
  const { tab, step } = useStore(workspace.guide.store);
  const volume = useStore(workspace.scan, ({ scan }) => scan?.volume ?? null);
  const sessions = useStore(workspace.sessions.store, ({ list }) => list);
  const brushRadiusMm = useStore(workspace.view.store, (view) => view.brushRadiusMm);
  const huWindow = useStore(workspace.view.store, (view) => view.window);
  const planning = useStore(workspace.planning.store);
  const isLooking = useStore(workspace.lookingAround.store, ({ kind }) => kind === 'looking');
  const { current, marks, edits, position, isRemaking, problem, planeHint } = state;
  const { appendage, isStale: isLineStale } = correctedNumbers(planning, state);
  const isStale = isRemaking || problem !== null || planeHint !== null;
  const tabs = useBeginOfTab(tab);
  if (!current || !appendage) return null;
  const report = reportOfSurface(current, appendage);
  return (
    <Tabs.Root
      ref={tabs}
      className="result-tabs"
      value={tab}
      onValueChange={(chosen) => {
        const known = RESULT_TABS.find((each) => each === chosen);
        if (known) workspace.guide.chooseTab(known);
      }}
    >
      {/* Made anew with each step: else Tab would lead to the tab that had the focus last, and open it. */}
      <Tabs.List key={step} className="tabs-list" aria-label={words().appendagePanel.result}>
        <Tabs.Trigger className="tab" value="measures" data-testid="tab-measures">
          {words().appendagePanel.measurements}
        </Tabs.Trigger>
        <Tabs.Trigger className="tab" value="plan" data-testid="tab-plan">
          {words().appendagePanel.plan}
        </Tabs.Trigger>
        <Tabs.Trigger className="tab" value="edit" data-testid="tab-edit">
          {words().appendagePanel.edit}
        </Tabs.Trigger>
        <Tabs.Trigger className="tab" value="history" data-testid="tab-history">
          {words().appendagePanel.history}
          {position > 0 ? ` ${position}` : ''}
        </Tabs.Trigger>
      </Tabs.List>
      <Tabs.Content className="tab-content" value="measures" tabIndex={-1}>
        <MeasurePanel
          appendage={appendage}
          report={isLooking ? { ...report, warnings: withoutAwaited(report.warnings) } : report}
          isCut={current.isCut}
          edits={edits}
          isStale={isStale || isLineStale}
        />
      </Tabs.Content>
      <Tabs.Content className="tab-content" value="plan" tabIndex={-1}>
        <PhaseCurves phases={workspace.phases} reviewed={current} />
        <PlanPanel
          planning={workspace.planning}
          appendage={appendage}
          landmarks={
            <LandmarkSection
              landmarks={workspace.landmarks}
              review={workspace.review}
              crosshairLpsMm={() => workspace.view.store.getState().crosshairLpsMm}
            />
          }
          surroundings={<SurroundingsSection review={workspace.review} looking={workspace.lookingAround} />}
          outlines={
            <OutlineSection
              correction={workspace.outlineCorrection}
              planning={workspace.planning}
              review={workspace.review}
            />
          }
          device={
            <DeviceSection
              device={workspace.device}
              planning={workspace.planning}
              review={workspace.review}
            />
          }
          placedDevice={workspace.device}
          cArm={workspace.cArm}
          volume={volume}
          huWindow={huWindow}
          asked={step === 'landingZone' || step === 'device' || step === 'cArm' ? step : null}
          lineCorrection={workspace.lineCorrection}
          isLineCorrected={marks.centreLine !== null}
          isStale={isStale || isPlanStale(planning, state)}
        />
      </Tabs.Content>
      <Tabs.Content className="tab-content" value="edit" tabIndex={-1}>
        <EditPanel
          review={workspace.review}
          tool={tool}
          onTool={(chosen) => workspace.view.change({ tool: chosen })}
          radiusMm={brushRadiusMm}
          radiusRange={BRUSH_RADII_MM}
          onRadius={(radiusMm) => workspace.view.change({ brushRadiusMm: radiusMm })}
        />
        <BesidePanel beside={workspace.beside}>
          <ComparisonPanel comparison={workspace.comparison} sessions={sessions} ownSessionId={current.id} />
        </BesidePanel>
        <RegionSection workspace={workspace} />
      </Tabs.Content>
      <Tabs.Content className="tab-content" value="history" tabIndex={-1}>
        <HistoryPanel review={workspace.review} />
      </Tabs.Content>
    </Tabs.Root>
  );
}

/** The cine is shown, at whatever phase: its scans are averaged. */
const otherImagesInWords = (shown: string, own: string | undefined): string =>
  words().reviewPanel.otherImages(
    words().recorded(shown),
    own === undefined ? undefined : words().recorded(own),
  );

interface AppendagePanelProps {
  readonly workspace: Workspace;
  readonly onReport: () => void;
}

/** The right side: region, surface, measurements. */
export function AppendagePanel({ workspace, onReport }: AppendagePanelProps) {
  const { current } = useStore(workspace.review.store);
  const frame = useStore(workspace.phases.store, (state) => state.frame);
  return (
    <aside className="panel right-panel" aria-label={words().common.appendage} data-testid="appendage-panel">
      <SegmentSection workspace={workspace} />
      {current ? <StepBar workspace={workspace} onReport={onReport} /> : null}
      {current ? (
        <ReviewPanel
          review={workspace.review}
          onJudge={workspace.judge}
          otherImages={frame && otherImagesInWords(frame.label, current.report.source.heartPhase?.label)}
          onShowOwn={workspace.phases.stop}
        />
      ) : null}
      <AnnotationPanel annotations={workspace.annotations} onJump={workspace.showAnnotation} />
      {current ? <ResultTabs workspace={workspace} /> : <RegionSection workspace={workspace} />}
    </aside>
  );
}
