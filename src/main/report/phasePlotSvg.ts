import type { PhaseResult } from '#shared/contract/services/phases.ts';
import { sizingPhase } from '#shared/phases/phaseCycle.ts';
import { PHASE_PLOTS, type PhasePlot, phasePlot } from '#shared/phases/phasePlot.ts';
import { words } from '#shared/words/words.ts';
import {
  at,
  BOTTOM,
  HEIGHT,
  LEFT,
  line,
  MARK,
  type Plot,
  polyline,
  RIGHT,
  svg,
  TOP,
  text,
  valueRules,
  WIDTH,
} from './svgParts.ts';

/** Each of the curves over the heart cycle as SVG with its caption; none where there are fewer than two phases. */
export function phasePlots(results: readonly PhaseResult[]): Plot[] {
  if (results.length < 2) return [];
  const sizedAt = sizingPhase(results)?.result.phase.place;
  return PHASE_PLOTS.flatMap((kind) => {
    const plot = phasePlot(results, kind);
    return plot ? [{ svg: plotSvg(plot, sizedAt), caption: captionOf(plot, results) }] : [];
  });
}

function plotSvg({ kind, axis, valueTicks, curves, gaps }: PhasePlot, sizedAt: number | undefined): string {
  const x = (place: number): number =>
    LEFT + ((place - axis.from) / (axis.to - axis.from)) * (WIDTH - LEFT - RIGHT);
  const largest = valueTicks.at(-1) ?? 1;
  const y = (value: number): number => HEIGHT - BOTTOM - (value / largest) * (HEIGHT - TOP - BOTTOM);
  return svg([
    ...valueRules(valueTicks, y),
    ...axis.ticks.map((place) => text(x(place), HEIGHT - BOTTOM + 9, 'middle', String(place))),
    text(WIDTH - RIGHT, HEIGHT - 4, 'end', axis.title),
    text(LEFT, HEIGHT - 4, 'start', kind.unit),
    sizedAt === undefined
      ? ''
      : line([x(sizedAt), TOP], [x(sizedAt), HEIGHT - BOTTOM], `stroke="${MARK}" stroke-dasharray="3 2"`),
    ...curves.flatMap(({ colour, runs }) =>
      runs.flatMap((run) => [
        run.length > 1
          ? polyline(
              run.map((point) => [x(point.x), y(point.value)]),
              colour,
            )
          : '',
        ...run.map(
          (point) => `<circle cx="${at(x(point.x))}" cy="${at(y(point.value))}" r="2" fill="${colour}"/>`,
        ),
      ]),
    ),
    ...gaps.map((gap) => text(x(gap.x), HEIGHT - BOTTOM - 3, 'middle', '×', MARK)),
    ...curves.map(({ label, colour }, row) =>
      curves.length === 1
        ? ''
        : text(LEFT + 3, HEIGHT - BOTTOM - 12 - 9 * (curves.length - 1 - row), 'start', label, colour),
    ),
  ]);
}

function captionOf({ kind, gaps }: PhasePlot, results: readonly PhaseResult[]): string {
  const sizing = sizingPhase(results);
  const dashed = sizing ? `; dashed: ${sizing.result.phase.label}, the largest ostium` : '';
  const missing = gaps.map(({ phase, reason }) => `${phase} (${words().clause(reason)})`).join(', ');
  const crosses = missing === '' ? '' : `; ×: not given at ${missing}`;
  return `${kind.title} over the heart cycle, ${kind.unit}${dashed}${crosses}`;
}

const GAP = 14;
const CAPTION_HEIGHT = 16;
const COLUMNS = 2;

/** All plots in one SVG, two in a row, each with its title above it. */
export function phaseCurvesSvg(results: readonly PhaseResult[]): string {
  const plots = PHASE_PLOTS.flatMap((kind) => phasePlot(results, kind) ?? []);
  const sizedAt = sizingPhase(results)?.result.phase.place;
  const rows = Math.ceil(plots.length / COLUMNS);
  const width = COLUMNS * WIDTH + (COLUMNS + 1) * GAP;
  const height = rows * (HEIGHT + CAPTION_HEIGHT) + (rows + 1) * GAP;
  const body = plots.map((plot, index) => {
    const left = GAP + (index % COLUMNS) * (WIDTH + GAP);
    const top = GAP + Math.floor(index / COLUMNS) * (HEIGHT + CAPTION_HEIGHT + GAP);
    const title = `<text x="${LEFT}" y="10" font-size="9" fill="#1c2530">${plot.kind.title}, ${plot.kind.unit}</text>`;
    return `<g transform="translate(${left} ${top})">${title}<g transform="translate(0 ${CAPTION_HEIGHT})">${plotSvg(plot, sizedAt)}</g></g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${2 * width}" height="${2 * height}" viewBox="0 0 ${width} ${height}" font-family="NotoSans, sans-serif"><rect width="100%" height="100%" fill="#ffffff"/>${body.join('')}</svg>\n`;
}
