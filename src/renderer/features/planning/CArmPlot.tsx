import { type PointerEvent, type ReactNode, useRef } from 'react';
import { useStore } from 'zustand';
import {
  type CArmView,
  commonViews,
  offPerpendicularDegrees,
  PLANNED_ALPHA_DEGREES,
  perpendicularBetaDegrees,
  perpendicularViews,
  REACHABLE_BETA_DEGREES,
  rotationInWords,
  tiltInWords,
  viewInWords,
  workingView,
} from '#shared/anatomy/cArmView.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import { Button } from '../../ui/Button.tsx';
import { SliderField } from '../../ui/SliderField.tsx';
import { SwitchField } from '../../ui/SwitchField.tsx';
import { words } from '../../words/index.ts';
import type { CArm } from './cArm.ts';

const WIDTH = 276;
const HEIGHT = 170;
const LEFT = 30;
const RIGHT = 8;
const TOP = 6;
const BOTTOM = 26;

const x = (alphaDegrees: number): number =>
  LEFT + ((alphaDegrees + PLANNED_ALPHA_DEGREES) / (2 * PLANNED_ALPHA_DEGREES)) * (WIDTH - LEFT - RIGHT);
const y = (betaDegrees: number): number =>
  TOP + ((REACHABLE_BETA_DEGREES - betaDegrees) / (2 * REACHABLE_BETA_DEGREES)) * (HEIGHT - TOP - BOTTOM);

/** The view at a place of the plot, in its own units, kept within it. */
function viewAtPlace(px: number, py: number): CArmView {
  const within = (value: number, most: number): number => Math.round(Math.min(most, Math.max(-most, value)));
  const alpha = ((px - LEFT) / (WIDTH - LEFT - RIGHT)) * 2 * PLANNED_ALPHA_DEGREES - PLANNED_ALPHA_DEGREES;
  const beta = REACHABLE_BETA_DEGREES - ((py - TOP) / (HEIGHT - TOP - BOTTOM)) * 2 * REACHABLE_BETA_DEGREES;
  return {
    alphaDegrees: within(alpha, PLANNED_ALPHA_DEGREES),
    betaDegrees: within(beta, REACHABLE_BETA_DEGREES),
  };
}

interface CArmPlotProps {
  readonly cArm: CArm;
  readonly axisLps: Vec3;
  /** The simulated projection at a view; null where no scan is open. */
  readonly projected: (view: CArmView) => ReactNode;
}

/**
 * The C-arm views whose beam is perpendicular to the ostium's axis, as a curve, with the common working views. The view
 * is chosen in the plot, by the sliders, or by turning the 3D view.
 */
export function CArmPlot({ cArm, axisLps, projected }: CArmPlotProps) {
  const { view, isLinked, isChosen } = useStore(cArm.store);
  const isHeld = useRef(false);
  if (!view) return null;
  const working = workingView(axisLps);
  const isReachable = Math.abs(view.betaDegrees) <= REACHABLE_BETA_DEGREES;
  const common = commonViews(axisLps);
  const choose = (event: PointerEvent<SVGSVGElement>): void => {
    if (!isHeld.current) return;
    const { left, top, width, height } = event.currentTarget.getBoundingClientRect();
    const px = ((event.clientX - left) / width) * WIDTH;
    cArm.turnTo(viewAtPlace(px, ((event.clientY - top) / height) * HEIGHT));
  };
  return (
    <section className="panel-section" aria-label={words().plan.cArm} data-testid="c-arm-plan">
      <h3>{words().plan.cArmTitle}</h3>
      <svg
        className="plot c-arm-plot"
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={working ? words().plan.working(viewInWords(working)) : words().plan.noView}
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          isHeld.current = true;
          choose(event);
        }}
        onPointerMove={choose}
        onPointerUp={() => {
          isHeld.current = false;
        }}
        onPointerCancel={() => {
          isHeld.current = false;
        }}
        data-testid="c-arm-plot"
      >
        <clipPath id="c-arm-reach">
          <rect x={LEFT} y={TOP} width={WIDTH - LEFT - RIGHT} height={HEIGHT - TOP - BOTTOM} />
        </clipPath>
        <CArmAxes />
        <g clipPath="url(#c-arm-reach)">
          <polyline
            className="plot-curve c-arm-curve"
            points={perpendicularViews(axisLps, 1)
              .map((each) => `${x(each.alphaDegrees).toFixed(1)},${y(each.betaDegrees).toFixed(1)}`)
              .join(' ')}
            data-testid="c-arm-curve"
          />
        </g>
        {common.map((each) => (
          <path
            key={viewInWords(each)}
            className="c-arm-common"
            d={`M ${x(each.alphaDegrees) - 4} ${y(each.betaDegrees)} h 8 m -4 -4 v 8`}
          >
            <title>
              {words().plan.fromPerpendicular(viewInWords(each), words().decimals(each.offDegrees, 0))}
            </title>
          </path>
        ))}
        {isReachable ? (
          <circle className="c-arm-chosen" cx={x(view.alphaDegrees)} cy={y(view.betaDegrees)} r={4.5} />
        ) : null}
      </svg>
      <ViewField axisLps={axisLps} view={view} isReachable={isReachable} />
      <SliderField
        label={words().plan.raoToLao}
        value={Math.round(view.alphaDegrees)}
        least={-PLANNED_ALPHA_DEGREES}
        most={PLANNED_ALPHA_DEGREES}
        step={1}
        shown={rotationInWords(view.alphaDegrees)}
        onChange={cArm.turnAlong}
        testId="c-arm-alpha"
      />
      <SliderField
        label={words().plan.caudalToCranial}
        value={Math.round(view.betaDegrees)}
        least={-REACHABLE_BETA_DEGREES}
        most={REACHABLE_BETA_DEGREES}
        step={1}
        shown={tiltInWords(view.betaDegrees)}
        onChange={(betaDegrees) => cArm.turnTo({ ...view, betaDegrees })}
        testId="c-arm-beta"
      />
      <SwitchField
        label={words().plan.cArmFollows}
        isOn={isLinked}
        onChange={cArm.link}
        testId="c-arm-link"
      />
      <p className="quiet">{words().plan.cArmHint}</p>
      <div className="plan-buttons">
        <Button
          disabled={Math.abs(perpendicularBetaDegrees(axisLps, view.alphaDegrees)) > REACHABLE_BETA_DEGREES}
          onClick={() => cArm.turnAlong(view.alphaDegrees)}
          data-testid="c-arm-perpendicular"
        >
          {words().plan.perpendicularHere}
        </Button>
        <Button disabled={!isChosen} onClick={cArm.reset} data-testid="c-arm-reset">
          {words().plan.workingView}
        </Button>
      </div>
      {isReachable ? projected(view) : null}
      <dl className="rows">
        {common.map((each) => (
          <div key={viewInWords(each)} className="row">
            <dt>{viewInWords(each)}</dt>
            <dd>{words().plan.off(words().decimals(each.offDegrees, 0))}</dd>
          </div>
        ))}
      </dl>
      <p className="quiet">{words().plan.crosses}</p>
    </section>
  );
}

/** From here on a view is said to be off the perpendicular, degrees. */
const OFF_DEGREES = 0.5;

/** The chosen view, and how far it is from perpendicular to the axis. */
function ViewField({
  axisLps,
  view,
  isReachable,
}: {
  readonly axisLps: Vec3;
  readonly view: CArmView;
  readonly isReachable: boolean;
}) {
  const off = offPerpendicularDegrees(axisLps, view);
  const shown = off < OFF_DEGREES ? words().plan.isPerpendicular : words().plan.off(words().decimals(off, 0));
  return (
    <dl className="rows">
      <div className="row" data-testid="c-arm-view">
        <dt>{isReachable ? viewInWords(view) : words().plan.outOfReach}</dt>
        <dd>{shown}</dd>
      </div>
    </dl>
  );
}

function CArmAxes() {
  return (
    <g className="plot-axes">
      {[-40, -20, 0, 20, 40].map((beta) => (
        <g key={beta}>
          <line x1={LEFT} x2={WIDTH - RIGHT} y1={y(beta)} y2={y(beta)} />
          <text x={LEFT - 5} y={y(beta) + 3.5} textAnchor="end">
            {Math.abs(beta)}
          </text>
        </g>
      ))}
      {[-60, -30, 0, 30, 60].map((alpha) => (
        <g key={alpha}>
          <line x1={x(alpha)} x2={x(alpha)} y1={TOP} y2={HEIGHT - BOTTOM} />
          <text x={x(alpha)} y={HEIGHT - BOTTOM + 11} textAnchor="middle">
            {Math.abs(alpha)}
          </text>
        </g>
      ))}
      <text x={LEFT} y={HEIGHT - 2}>
        RAO
      </text>
      <text x={WIDTH - RIGHT} y={HEIGHT - 2} textAnchor="end">
        LAO
      </text>
      <text x={LEFT + 4} y={TOP + 11}>
        {words().plan.cranial}
      </text>
      <text x={LEFT + 4} y={HEIGHT - BOTTOM - 5}>
        {words().plan.caudal}
      </text>
    </g>
  );
}
