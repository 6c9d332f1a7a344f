import { type ReactNode, useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import type { ProfilePoint } from '#shared/contract/planning.ts';
import type { MeasuredAppendage } from '#shared/contract/services/measured.ts';
import { landingAdvice } from '#shared/planning/landingAdvice.ts';
import { isMeasured, PROFILE_STEP_MM, sectionAt } from '#shared/planning/profileSection.ts';
import { Button } from '../../ui/Button.tsx';
import { SliderField } from '../../ui/SliderField.tsx';
import type { HuWindow, ViewedVolume } from '../../viewer/types.ts';
import { CArmPlot } from './CArmPlot.tsx';
import type { CArm } from './cArm.ts';
import { DeviceList } from './DeviceList.tsx';
import { LinePoints } from './LinePoints.tsx';
import type { LineCorrection } from './lineCorrection.ts';
import { ProfilePlot } from './ProfilePlot.tsx';
import { ProjectionPicture } from './ProjectionPicture.tsx';
import type { PlacedDevice } from './placedDevice.ts';
import { type Planning, USUAL_LANDING_ZONE_MM } from './planningStore.ts';
import { StraightenedPicture } from './StraightenedPicture.tsx';
import { scrollToPart } from './scrollToPart.ts';
import './planning.css';
import { words } from '../../words/index.ts';

interface PlanPanelProps {
  readonly planning: Planning;
  readonly appendage: MeasuredAppendage;
  /** The ostium by its landmarks. */
  readonly landmarks: ReactNode;
  /** The ostium's distances to what surrounds it. */
  readonly surroundings: ReactNode;
  /** Outlines of sections that are corrected. */
  readonly outlines: ReactNode;
  /** The virtual device's section, and what the simulated projection shows of it. */
  readonly device: ReactNode;
  readonly placedDevice: Pick<PlacedDevice, 'store'>;
  readonly cArm: CArm;
  /** For the straightened reformat and the simulated projection; null where no scan is open. */
  readonly volume: ViewedVolume | null;
  readonly huWindow: HuWindow;
  /** The part that is brought into view. */
  readonly asked: 'landingZone' | 'device' | 'cArm' | null;
  readonly lineCorrection: LineCorrection;
  /** The reader's points hold. */
  readonly isLineCorrected: boolean;
  /** The sizes are those before the last change of surface or centre line. */
  readonly isStale: boolean;
}

/** What an occluder is planned by: sizes along the centre line, landing zone, devices, C-arm. */
export function PlanPanel(props: PlanPanelProps) {
  const {
    planning,
    appendage,
    landmarks,
    surroundings,
    outlines,
    lineCorrection,
    isLineCorrected,
    device,
    placedDevice,
    cArm,
  } = props;
  const { volume, huWindow, asked, isStale } = props;
  const state = useStore(planning.store);
  const { profile, problem } = state;
  const { ostium } = appendage.measurements;
  const shownDevice = useStore(placedDevice.store, ({ shown, isVisible }) => (isVisible ? shown : null));
  useEffect(() => planning.open(), [planning]);
  const panel = useRef<HTMLDivElement>(null);
  const isMeasured = profile !== null;
  // The sizes of a section stand above the slider, and push it down.
  const hasSection = state.sectionMm !== null;
  // Its slider, which is there once the line is measured, with as much of the plot above it as there is room for.
  useEffect(() => {
    if (asked !== 'landingZone' || !isMeasured || !hasSection) return;
    const slider = panel.current?.querySelector('.plan-landing .field');
    const scrolled = panel.current?.closest('.tab-content');
    if (!slider || !scrolled) return;
    const below = slider.getBoundingClientRect().bottom - scrolled.getBoundingClientRect().bottom;
    scrolled.scrollTop += below + ROOM_BELOW_PX;
  }, [asked, isMeasured, hasSection]);
  return (
    <div
      ref={panel}
      className="plan selectable"
      data-testid="plan-panel"
      data-stale={isStale}
      aria-busy={isStale || (!profile && !problem)}
    >
      <p className="plan-notice" role="note">
        {words().plan.notice}
      </p>
      <section className="panel-section" aria-label={words().plan.centreLine}>
        <h3>{words().plan.alongCentreLine}</h3>
        <CentreLineSection planning={planning} isAsked={asked === 'landingZone'} />
        <LinePoints planning={planning} correction={lineCorrection} isCorrected={isLineCorrected} />
      </section>
      {outlines}
      {volume && state.shown ? (
        <section className="panel-section" aria-label={words().plan.reformat}>
          <h3>{words().plan.straightenedTitle}</h3>
          <StraightenedPicture
            lineLpsMm={state.shown.centreLineLpsMm}
            volume={volume}
            appendage={appendage}
            window={huWindow}
            sectionMm={state.sectionMm}
            landingZoneMm={state.landingZoneMm ?? USUAL_LANDING_ZONE_MM}
            onSection={planning.moveSection}
          />
        </section>
      ) : null}
      {landmarks}
      {surroundings}
      {profile ? (
        <Part isAsked={asked === 'device'}>
          <DeviceList state={state} appendage={appendage} />
          {device}
        </Part>
      ) : null}
      {ostium ? (
        <Part isAsked={asked === 'cArm'}>
          <CArmPlot
            cArm={cArm}
            axisLps={ostium.normal}
            projected={(view) =>
              volume && (
                <ProjectionPicture
                  view={view}
                  volume={volume}
                  appendage={appendage}
                  centreLpsMm={ostium.centreLpsMm}
                  plan={state.shown}
                  device={shownDevice}
                />
              )
            }
          />
        </Part>
      ) : null}
    </div>
  );
}

/** Between a slider that is asked for and the panel's lower edge. */
const ROOM_BELOW_PX = 12;

/** A part of the panel that scrolls into view when it is asked for. */
function Part({ isAsked, children }: { readonly isAsked: boolean; readonly children: ReactNode }) {
  const part = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isAsked && part.current) scrollToPart(part.current);
  }, [isAsked]);
  return (
    <div className="panel-part" ref={part} data-asked={isAsked} tabIndex={-1}>
      {children}
    </div>
  );
}

interface CentreLineSectionProps {
  readonly planning: Planning;
  /** Whether the step at hand asks for the landing zone. */
  readonly isAsked: boolean;
}

function CentreLineSection({ planning, isAsked }: CentreLineSectionProps) {
  const { profile, problem, sectionMm, landingZoneMm } = useStore(planning.store);
  if (problem) return <p className="withheld">{words().sentence(problem)}</p>;
  if (!profile) {
    return (
      <p className="quiet" role="status">
        {words().plan.measuring}
      </p>
    );
  }
  const zoneMm = landingZoneMm ?? USUAL_LANDING_ZONE_MM;
  if (profile.withheld) {
    const advice = landingAdvice(profile, zoneMm);
    return (
      <p className="withheld" data-testid="landing-advice">
        {words().sentence(profile.withheld)} {advice ? words().sentence(advice) : ''}
      </p>
    );
  }
  return (
    <>
      <ProfilePlot
        profile={profile}
        sectionMm={sectionMm}
        landingZoneMm={landingZoneMm}
        onSection={planning.moveSection}
        onLandingZone={planning.setLandingZone}
      />
      {sectionMm === null ? (
        <p className="quiet">{words().plan.clickPlot}</p>
      ) : (
        <SectionSizes
          title={words().plan.sectionAt(words().decimals(sectionMm, 1))}
          point={sectionAt(profile, sectionMm)}
          id="section"
        />
      )}
      <LandingZone planning={planning} isAsked={isAsked} />
    </>
  );
}

function LandingZone({ planning, isAsked }: { readonly planning: Planning; readonly isAsked: boolean }) {
  const { profile, sectionMm, landingZoneMm } = useStore(planning.store);
  if (!profile) return null;
  const zoneMm = landingZoneMm ?? USUAL_LANDING_ZONE_MM;
  const advice = landingAdvice(profile, zoneMm);
  return (
    <div className="plan-landing" data-asked={isAsked} tabIndex={-1}>
      <SliderField
        label={words().common.landingZone}
        value={zoneMm}
        least={PROFILE_STEP_MM}
        most={Math.max(zoneMm, (profile.points.length - 1) * PROFILE_STEP_MM)}
        step={PROFILE_STEP_MM}
        shown={
          landingZoneMm === null
            ? words().plan.asInTheirTables(words().decimals(zoneMm, 1))
            : `${words().decimals(zoneMm, 1)} mm`
        }
        onChange={planning.setLandingZone}
        testId="landing-zone-depth"
      />
      <SectionSizes
        title={words().plan.landingZoneAt(words().decimals(zoneMm, 1))}
        point={sectionAt(profile, zoneMm)}
        id="landing"
      />
      {advice ? (
        <p className="withheld" data-testid="landing-advice">
          {words().sentence(advice)}
        </p>
      ) : null}
      <div className="plan-buttons">
        <Button
          disabled={
            sectionMm === null || sectionMm === landingZoneMm || !isMeasured(sectionAt(profile, sectionMm))
          }
          onClick={() => sectionMm !== null && planning.setLandingZone(sectionMm)}
          data-testid="landing-at-section"
        >
          {words().plan.setToSection}
        </Button>
        <Button onClick={() => planning.moveSection(zoneMm)} data-testid="show-landing-zone">
          {words().plan.show}
        </Button>
        <Button
          disabled={landingZoneMm === null}
          onClick={() => planning.setLandingZone(null)}
          data-testid="landing-as-tables"
        >
          {words().plan.asInTables}
        </Button>
      </div>
    </div>
  );
}

const SIZES = [
  ['maxDiameterMm', 'minDiameterMm', 'mm', 1],
  ['areaDerivedDiameterMm', null, 'mm', 1],
  ['perimeterDerivedDiameterMm', null, 'mm', 1],
  ['areaMm2', null, 'mm²', 0],
  ['perimeterMm', null, 'mm', 1],
] as const;

interface SectionSizesProps {
  readonly title: string;
  readonly point: ProfilePoint | undefined;
  readonly id: string;
}

function SectionSizes({ title, point, id }: SectionSizesProps) {
  const why = point?.withheld.section;
  if (!point || why) {
    return (
      <p className="withheld" data-testid={`${id}-withheld`}>
        {title}: {why ? words().clause(why) : words().plan.beyondTip}.
      </p>
    );
  }
  return (
    <dl className="rows" aria-label={title} data-testid={`${id}-sizes`}>
      <div className="row">
        <dt>{title}</dt>
      </div>
      {SIZES.map(([key, other, unit, digits]) => {
        const [value, second] = [point[key], other === null ? null : point[other]];
        const reason = point.withheld[key];
        return (
          <div key={key} className="row" data-testid={`${id}-${key}`}>
            <dt>{other === null ? words().sizes[key] : words().plan.bothDiameters}</dt>
            {value === null ? (
              <dd className="withheld">{reason ? words().clause(reason) : words().plan.notMeasurable}</dd>
            ) : (
              <dd>
                <span className="number-value">
                  {words().decimals(value, digits)}
                  {second === null ? '' : ` × ${words().decimals(second, digits)}`}
                </span>{' '}
                <span className="unit">{unit}</span>
              </dd>
            )}
          </div>
        );
      })}
    </dl>
  );
}
