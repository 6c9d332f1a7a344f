import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react';
import type { LumenProfile } from '#shared/contract/planning.ts';
import {
  axisTicks,
  curveRuns,
  largestOf,
  PROFILE_PLOTS,
  type ProfilePlotKind,
} from '#shared/planning/profileCurves.ts';
import { PROFILE_STEP_MM } from '#shared/planning/profileSection.ts';
import { createWheelCounter } from '../../viewer/wheelCounter.ts';
import { words } from '../../words/index.ts';
import { USUAL_LANDING_ZONE_MM } from './planningStore.ts';

interface ProfilePlotProps {
  readonly profile: LumenProfile;
  readonly sectionMm: number | null;
  readonly landingZoneMm: number | null;
  readonly onSection: (distanceMm: number) => void;
  readonly onLandingZone: (distanceMm: number) => void;
}

const WIDTH = 276;
const HEIGHT = 158;
const LEFT = 30;
const RIGHT = 8;
const TOP = 8;
const BOTTOM = 24;
/** By Page Up and Page Down, mm. */
const LONG_STEP_MM = 5;
/** How near to the landing zone's line a press takes hold of it, px. */
const HOLD_PX = 6;

/**
 * The sizes along the centre line. A press, the wheel and the arrow keys move the section; the landing zone's line is
 * dragged.
 */
export function ProfilePlot(props: ProfilePlotProps) {
  const { profile, sectionMm, landingZoneMm, onSection, onLandingZone } = props;
  const [kindId, setKindId] = useState<ProfilePlotKind['id']>('diameters');
  const kind = PROFILE_PLOTS.find(({ id }) => id === kindId) ?? PROFILE_PLOTS[0]!;
  const box = useRef<HTMLDivElement>(null);
  const held = useRef<'section' | 'landing zone' | null>(null);
  const deepestMm = Math.max(1, profile.points.length - 1) * PROFILE_STEP_MM;
  const ticks = axisTicks(largestOf(profile, kind));
  const largest = ticks.at(-1) ?? 1;
  const x = (distanceMm: number): number => LEFT + (distanceMm / deepestMm) * (WIDTH - LEFT - RIGHT);
  const y = (value: number): number => HEIGHT - BOTTOM - (value / largest) * (HEIGHT - TOP - BOTTOM);
  const zoneMm = landingZoneMm ?? USUAL_LANDING_ZONE_MM;
  const now = sectionMm ?? 0;
  const move = (distanceMm: number): void => onSection(Math.min(deepestMm, Math.max(0, distanceMm)));

  const wheel = useRef(createWheelCounter());
  useEffect(() => {
    const element = box.current;
    // React listens to the wheel passively, and the panel would scroll as well.
    const turn = (event: WheelEvent): void => {
      event.preventDefault();
      // A touch pad sends many events of a few pixels each. Up is towards the tip, as by the keys and in the pane.
      const steps = wheel.current(event.deltaY, event.deltaMode === WheelEvent.DOM_DELTA_PIXEL);
      if (steps !== 0) onSection(Math.min(deepestMm, Math.max(0, now - steps * PROFILE_STEP_MM)));
    };
    element?.addEventListener('wheel', turn, { passive: false });
    return () => element?.removeEventListener('wheel', turn);
  }, [deepestMm, now, onSection]);

  const placeOf = (event: PointerEvent<HTMLDivElement>): { readonly px: number; readonly mm: number } => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    const px = ((event.clientX - left) / width) * WIDTH;
    const mm = ((px - LEFT) / (WIDTH - LEFT - RIGHT)) * deepestMm;
    return { px, mm: Math.min(deepestMm, Math.max(0, mm)) };
  };
  const drag = (event: PointerEvent<HTMLDivElement>): void => {
    if (held.current === 'section') move(placeOf(event).mm);
    if (held.current === 'landing zone') onLandingZone(Math.max(PROFILE_STEP_MM, placeOf(event).mm));
  };
  const press = (event: PointerEvent<HTMLDivElement>): void => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    held.current = Math.abs(placeOf(event).px - x(zoneMm)) <= HOLD_PX ? 'landing zone' : 'section';
    drag(event);
  };
  const key = (event: KeyboardEvent): void => {
    const next = keyedTo(event.key, now, deepestMm);
    if (next === null) return;
    event.preventDefault();
    move(next);
  };

  return (
    <div className="plot-box">
      <fieldset className="plot-kinds" aria-label={words().plan.plot}>
        {PROFILE_PLOTS.map(({ id, title }) => (
          <button
            key={id}
            type="button"
            className="plot-kind"
            aria-pressed={id === kindId}
            onClick={() => setKindId(id)}
          >
            {words().recorded(title)}
          </button>
        ))}
      </fieldset>
      <div
        ref={box}
        className="plot-slider"
        tabIndex={0}
        role="slider"
        aria-label={words().plan.sectionAlong}
        aria-valuemin={0}
        aria-valuemax={deepestMm}
        aria-valuenow={now}
        aria-valuetext={words().plan.fromOstium(words().decimals(now, 1))}
        onPointerDown={press}
        onPointerMove={drag}
        onPointerUp={() => {
          held.current = null;
        }}
        onPointerCancel={() => {
          held.current = null;
        }}
        onKeyDown={key}
        data-testid="profile-plot"
      >
        <svg className="plot" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
          <PlotAxes kind={kind} ticks={ticks} deepestMm={deepestMm} x={x} y={y} />
          <g className="plot-landing">
            <line x1={x(zoneMm)} x2={x(zoneMm)} y1={TOP} y2={HEIGHT - BOTTOM} />
            <path d={`M ${x(zoneMm) - 5} ${TOP - 6} h 10 l -5 8 z`} />
          </g>
          {kind.curves.map(({ size, colour }) =>
            curveRuns(profile, size).map((run) => (
              <polyline
                key={`${size}${run[0]?.[0]}`}
                className="plot-curve"
                stroke={colour}
                points={run.map(([mm, value]) => `${x(mm).toFixed(1)},${y(value).toFixed(1)}`).join(' ')}
              />
            )),
          )}
          {sectionMm === null ? null : (
            <line
              className="plot-section"
              x1={x(sectionMm)}
              x2={x(sectionMm)}
              y1={TOP}
              y2={HEIGHT - BOTTOM}
              data-testid="profile-section"
            />
          )}
        </svg>
      </div>
      {kind.curves.length > 1 ? (
        <ul className="plot-key" aria-label={words().plan.curves}>
          {kind.curves.map(({ size, label, colour }) => (
            <li key={size}>
              <span style={{ background: colour }} /> {words().recorded(label)}
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}

function keyedTo(key: string, now: number, deepestMm: number): number | null {
  switch (key) {
    case 'ArrowRight':
    case 'ArrowUp':
      return now + PROFILE_STEP_MM;
    case 'ArrowLeft':
    case 'ArrowDown':
      return now - PROFILE_STEP_MM;
    case 'PageUp':
      return now + LONG_STEP_MM;
    case 'PageDown':
      return now - LONG_STEP_MM;
    case 'Home':
      return 0;
    case 'End':
      return deepestMm;
    default:
      return null;
  }
}

interface PlotAxesProps {
  readonly kind: ProfilePlotKind;
  readonly ticks: readonly number[];
  readonly deepestMm: number;
  readonly x: (distanceMm: number) => number;
  readonly y: (value: number) => number;
}

function PlotAxes({ kind, ticks, deepestMm, x, y }: PlotAxesProps) {
  return (
    <g className="plot-axes">
      {ticks.map((value) => (
        <g key={value}>
          <line x1={LEFT} x2={WIDTH - RIGHT} y1={y(value)} y2={y(value)} />
          <text x={LEFT - 5} y={y(value) + 3.5} textAnchor="end">
            {value}
          </text>
        </g>
      ))}
      {axisTicks(deepestMm)
        .filter((mm) => mm <= deepestMm)
        .map((mm) => (
          <text key={mm} x={x(mm)} y={HEIGHT - BOTTOM + 12} textAnchor="middle">
            {mm}
          </text>
        ))}
      <text x={WIDTH - RIGHT} y={HEIGHT - 1} textAnchor="end">
        {words().plan.axis}
      </text>
      <text x={LEFT + 4} y={TOP + 6}>
        {kind.unit}
      </text>
    </g>
  );
}
