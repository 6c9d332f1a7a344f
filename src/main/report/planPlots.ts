import {
  commonViews,
  perpendicularViews,
  REACHABLE_BETA_DEGREES,
  viewInWords,
  workingView,
} from '#shared/anatomy/cArmView.ts';
import type { LumenProfile } from '#shared/contract/planning.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import { axisTicks, curveRuns, largestOf, PROFILE_PLOTS } from '#shared/planning/profileCurves.ts';
import {
  at,
  BOTTOM,
  HEIGHT,
  INK,
  LEFT,
  line,
  MARK,
  type Plot,
  polyline,
  RIGHT,
  RULE,
  svg,
  TOP,
  text,
  valueRules,
  WIDTH,
} from './svgParts.ts';

/** Each of the sizes along the centre line, with the landing zone; none where there is no profile. */
export function profilePlots(profile: LumenProfile, landingZonesMm: readonly number[]): Plot[] {
  const deepestMm = profile.points.at(-1)?.distanceMm ?? 0;
  if (profile.withheld || deepestMm === 0) return [];
  return PROFILE_PLOTS.map((kind) => {
    const ticks = axisTicks(largestOf(profile, kind));
    const largest = ticks.at(-1) ?? 1;
    const x = (mm: number): number => LEFT + (mm / deepestMm) * (WIDTH - LEFT - RIGHT);
    const y = (value: number): number => HEIGHT - BOTTOM - (value / largest) * (HEIGHT - TOP - BOTTOM);
    const body = [
      ...valueRules(ticks, y),
      ...axisTicks(deepestMm)
        .filter((mm) => mm <= deepestMm)
        .map((mm) => text(x(mm), HEIGHT - BOTTOM + 9, 'middle', String(mm))),
      text(WIDTH - RIGHT, HEIGHT - 4, 'end', 'mm from the ostium'),
      ...landingZonesMm.map((mm) =>
        line([x(mm), TOP], [x(mm), HEIGHT - BOTTOM], `stroke="${MARK}" stroke-dasharray="3 2"`),
      ),
      ...kind.curves.flatMap(({ size, colour }) =>
        curveRuns(profile, size).map((run) =>
          polyline(
            run.map(([mm, value]) => [x(mm), y(value)]),
            colour,
          ),
        ),
      ),
      ...kind.curves.map(({ label, colour }, row) =>
        kind.curves.length === 1
          ? ''
          : text(LEFT + 3, HEIGHT - BOTTOM - 6 - 9 * (kind.curves.length - 1 - row), 'start', label, colour),
      ),
    ];
    const zones = landingZonesMm.map((mm) => `${mm} mm`).join(' and ');
    return {
      svg: svg(body),
      caption: `${kind.title} along the centre line, ${kind.unit}; dashed: landing zone at ${zones}`,
    };
  });
}

const MOST_ALPHA = 60;

/** The views perpendicular to an axis as a curve of LAO/RAO against cranial/caudal, with the common views. */
export function cArmPlot(axisLps: Vec3): Plot {
  const x = (alpha: number): number =>
    LEFT + ((alpha + MOST_ALPHA) / (2 * MOST_ALPHA)) * (WIDTH - LEFT - RIGHT);
  const most = REACHABLE_BETA_DEGREES;
  const y = (beta: number): number => TOP + ((most - beta) / (2 * most)) * (HEIGHT - TOP - BOTTOM);
  const runs: (readonly [number, number])[][] = [[]];
  for (const { alphaDegrees, betaDegrees } of perpendicularViews(axisLps, 1)) {
    if (Math.abs(betaDegrees) <= most) runs.at(-1)!.push([x(alphaDegrees), y(betaDegrees)]);
    else runs.push([]);
  }
  const working = workingView(axisLps);
  const body = [
    ...[-40, -20, 0, 20, 40].flatMap((beta) => [
      line([LEFT, y(beta)], [WIDTH - RIGHT, y(beta)], `stroke="${RULE}"`),
      text(LEFT - 4, y(beta) + 2.5, 'end', String(Math.abs(beta))),
    ]),
    ...[-60, -30, 0, 30, 60].flatMap((alpha) => [
      line([x(alpha), TOP], [x(alpha), HEIGHT - BOTTOM], `stroke="${RULE}"`),
      text(x(alpha), HEIGHT - BOTTOM + 9, 'middle', String(Math.abs(alpha))),
    ]),
    text(LEFT, HEIGHT - 4, 'start', 'RAO'),
    text(WIDTH - RIGHT, HEIGHT - 4, 'end', 'LAO'),
    text(LEFT + 3, TOP + 9, 'start', 'cranial'),
    text(LEFT + 3, HEIGHT - BOTTOM - 4, 'start', 'caudal'),
    ...runs.filter((run) => run.length > 1).map((run) => polyline(run, '#3f8fd6')),
    ...commonViews(axisLps).flatMap(({ alphaDegrees: alpha, betaDegrees: beta }) => [
      line([x(alpha) - 3, y(beta)], [x(alpha) + 3, y(beta)], `stroke="${MARK}" stroke-width="1.2"`),
      line([x(alpha), y(beta) - 3], [x(alpha), y(beta) + 3], `stroke="${MARK}" stroke-width="1.2"`),
    ]),
    working
      ? `<circle cx="${at(x(working.alphaDegrees))}" cy="${at(y(working.betaDegrees))}" r="3" fill="${INK}"/>`
      : '',
  ];
  const dot = working ? `dot: ${viewInWords(working)}; ` : '';
  return { svg: svg(body), caption: `Views perpendicular to the ostium’s axis; ${dot}crosses: common views` };
}
