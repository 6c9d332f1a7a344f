import { type ReactNode, useState } from 'react';
import {
  type CArmView,
  commonViews,
  perpendicularBetaDegrees,
  perpendicularViews,
  REACHABLE_BETA_DEGREES,
  viewInWords,
  workingView,
} from '#shared/anatomy/cArmView.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import { SliderField } from '../../ui/SliderField.tsx';
import { words } from '../../words/index.ts';

const WIDTH = 276;
const HEIGHT = 170;
const LEFT = 30;
const RIGHT = 8;
const TOP = 6;
const BOTTOM = 26;
const MOST_ALPHA = 60;

const x = (alphaDegrees: number): number =>
  LEFT + ((alphaDegrees + MOST_ALPHA) / (2 * MOST_ALPHA)) * (WIDTH - LEFT - RIGHT);
const y = (betaDegrees: number): number =>
  TOP + ((REACHABLE_BETA_DEGREES - betaDegrees) / (2 * REACHABLE_BETA_DEGREES)) * (HEIGHT - TOP - BOTTOM);

interface CArmPlotProps {
  readonly axisLps: Vec3;
  /** The simulated projection at a view; null where no scan is open. */
  readonly projected: (view: CArmView) => ReactNode;
}

/** The C-arm views whose beam is perpendicular to the ostium's axis, as a curve, with the common working views. */
export function CArmPlot({ axisLps, projected }: CArmPlotProps) {
  const working = workingView(axisLps);
  const [alphaDegrees, setAlpha] = useState<number | null>(null);
  const alpha = alphaDegrees ?? working?.alphaDegrees ?? 0;
  const chosen = { alphaDegrees: alpha, betaDegrees: perpendicularBetaDegrees(axisLps, alpha) };
  const isReachable = Math.abs(chosen.betaDegrees) <= REACHABLE_BETA_DEGREES;
  const common = commonViews(axisLps);
  return (
    <section className="panel-section" aria-label={words().plan.cArm} data-testid="c-arm-plan">
      <h3>{words().plan.cArmTitle}</h3>
      <svg
        className="plot"
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={working ? words().plan.working(viewInWords(working)) : words().plan.noView}
      >
        <clipPath id="c-arm-reach">
          <rect x={LEFT} y={TOP} width={WIDTH - LEFT - RIGHT} height={HEIGHT - TOP - BOTTOM} />
        </clipPath>
        <CArmAxes />
        <g clipPath="url(#c-arm-reach)">
          <polyline
            className="plot-curve c-arm-curve"
            points={perpendicularViews(axisLps, 1)
              .map((view) => `${x(view.alphaDegrees).toFixed(1)},${y(view.betaDegrees).toFixed(1)}`)
              .join(' ')}
            data-testid="c-arm-curve"
          />
        </g>
        {common.map((view) => (
          <path
            key={viewInWords(view)}
            className="c-arm-common"
            d={`M ${x(view.alphaDegrees) - 4} ${y(view.betaDegrees)} h 8 m -4 -4 v 8`}
          >
            <title>
              {words().plan.fromPerpendicular(viewInWords(view), words().decimals(view.offDegrees, 0))}
            </title>
          </path>
        ))}
        {isReachable ? (
          <circle className="c-arm-chosen" cx={x(chosen.alphaDegrees)} cy={y(chosen.betaDegrees)} r={4.5} />
        ) : null}
      </svg>
      <SliderField
        label={words().plan.raoToLao}
        value={alpha}
        least={-MOST_ALPHA}
        most={MOST_ALPHA}
        step={1}
        shown={isReachable ? viewInWords(chosen) : words().plan.outOfReach}
        onChange={setAlpha}
        testId="c-arm-alpha"
      />
      {isReachable ? projected(chosen) : null}
      <dl className="rows">
        {common.map((view) => (
          <div key={viewInWords(view)} className="row">
            <dt>{viewInWords(view)}</dt>
            <dd>{words().plan.off(words().decimals(view.offDegrees, 0))}</dd>
          </div>
        ))}
      </dl>
      <p className="quiet">{words().plan.crosses}</p>
    </section>
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
