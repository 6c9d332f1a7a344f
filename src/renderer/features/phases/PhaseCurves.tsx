import { type KeyboardEvent, useState } from 'react';
import { useStore } from 'zustand';
import { changeInWords, changeOf, sizingInWords, sizingPhase } from '#shared/phases/phaseCycle.ts';
import { PHASE_PLOTS, type PhasePlot, phasePlot } from '#shared/phases/phasePlot.ts';
import { words } from '#shared/words/words.ts';
import { Button } from '../../ui/Button.tsx';
import type { ReviewCase } from '../review/index.ts';
import { type Phases, resultsBeside } from './phasesStore.ts';
import './phases.css';

interface PhaseCurvesProps {
  readonly phases: Phases;
  /** The case whose numbers are under review. */
  readonly reviewed: Pick<ReviewCase, 'seriesInstanceUid' | 'report'>;
}

const WIDTH = 276;
const HEIGHT = 150;
const LEFT = 30;
const RIGHT = 10;
const TOP = 8;
const BOTTOM = 28;

/** The sizes over the heart cycle, and the phase to size in; nothing where fewer than two phases are known. */
export function PhaseCurves({ phases, reviewed }: PhaseCurvesProps) {
  const state = useStore(phases.store);
  const [kindId, setKindId] = useState('area');
  const results = resultsBeside(state, reviewed.seriesInstanceUid);
  const reviewedLabel = reviewed.report.source.heartPhase?.label ?? null;
  const isOpen = results.some(({ seriesId }) => state.phases.some(({ id }) => id === seriesId));
  if (results.length < 2) return null;
  const kind = PHASE_PLOTS.find(({ id }) => id === kindId) ?? PHASE_PLOTS[0]!;
  const plot = phasePlot(results, kind);
  const sizing = sizingPhase(results);
  const isOther =
    sizing !== undefined && reviewedLabel !== null && sizing.result.phase.label !== reviewedLabel;
  const changes = kind.curves.flatMap(({ size }) => changeOf(results, size) ?? []);
  return (
    <section className="panel-section" aria-label="Over the heart cycle" data-testid="phase-curves">
      <h3>Over the heart cycle</h3>
      <p className={isOther ? 'withheld' : 'quiet'} data-testid="sizing-phase">
        {sizingInWords(results)}
        {reviewedLabel === null ? '' : ` The numbers below are those of ${reviewedLabel}.`}
      </p>
      {sizing && isOther && isOpen ? (
        <Button
          className="wide"
          onClick={() => void phases.choose(sizing.result.seriesId)}
          data-testid="size-by-largest"
        >
          Size at {sizing.result.phase.label}
        </Button>
      ) : null}
      {isOpen ? null : <p className="quiet">Open the study to work on another phase.</p>}
      <fieldset className="plot-kinds" aria-label="Plot">
        {PHASE_PLOTS.map(({ id, title }) => (
          <button
            key={id}
            type="button"
            className="plot-kind"
            aria-pressed={id === kind.id}
            onClick={() => setKindId(id)}
          >
            {SHORT[id] ?? title}
          </button>
        ))}
      </fieldset>
      {plot ? (
        <CyclePlot
          plot={plot}
          sizedAt={sizing?.result.phase.place}
          selected={results.findIndex(({ seriesId, phase }) =>
            isOpen ? seriesId === (state.frame?.seriesId ?? state.selectedId) : phase.label === reviewedLabel,
          )}
          labels={results.map(({ phase }) => phase.label)}
          onPhase={
            isOpen
              ? (index) => {
                  const result = results[index];
                  if (result) void phases.choose(result.seriesId);
                }
              : null
          }
        />
      ) : (
        <p className="withheld">No phase gives it.</p>
      )}
      <ul className="phase-changes quiet">
        {changes.map((change) => (
          <li key={change.size.key}>
            {change.size.label}: {changeInWords(change)}
          </li>
        ))}
        {plot?.gaps.map(({ index, phase, reason }) => (
          <li key={`gap ${index}`}>
            Not given at {phase}: {words().sentence(reason)}
          </li>
        ))}
      </ul>
    </section>
  );
}

const SHORT: Readonly<Record<string, string>> = {
  volume: 'Volume',
  area: 'Area',
  ostium: 'Ostium',
  landingZone: 'Landing zone',
};

/** SVG has no button; the list of phases offers the same with real ones. */
const pressed = (onPress: () => void) => ({
  role: 'button',
  tabIndex: 0,
  onClick: onPress,
  onKeyDown(event: KeyboardEvent) {
    if (event.key === 'Enter') onPress();
  },
});

interface CyclePlotProps {
  readonly plot: PhasePlot;
  readonly sizedAt: number | undefined;
  /** The phase that is shown, by its place among the results; −1 for none. */
  readonly selected: number;
  readonly labels: readonly string[];
  /** null where no other phase can be shown. */
  readonly onPhase: ((index: number) => void) | null;
}

function CyclePlot({ plot, sizedAt, selected, labels, onPhase }: CyclePlotProps) {
  const { axis, valueTicks, curves, gaps, kind } = plot;
  const x = (place: number): number =>
    LEFT + ((place - axis.from) / (axis.to - axis.from)) * (WIDTH - LEFT - RIGHT);
  const y = (value: number): number =>
    HEIGHT - BOTTOM - (value / (valueTicks.at(-1) ?? 1)) * (HEIGHT - TOP - BOTTOM);
  return (
    <>
      <svg className="plot" viewBox={`0 0 ${WIDTH} ${HEIGHT}`}>
        <title>{kind.title}</title>
        <g className="plot-axes">
          {valueTicks.map((value) => (
            <g key={value}>
              <line x1={LEFT} x2={WIDTH - RIGHT} y1={y(value)} y2={y(value)} />
              <text x={LEFT - 4} y={y(value) + 3} textAnchor="end">
                {value}
              </text>
            </g>
          ))}
          {axis.ticks.map((place) => (
            <text key={place} x={x(place)} y={HEIGHT - BOTTOM + 12} textAnchor="middle">
              {place}
            </text>
          ))}
          <text x={LEFT} y={HEIGHT - 3}>
            {kind.unit}
          </text>
          <text x={WIDTH - RIGHT} y={HEIGHT - 3} textAnchor="end">
            {axis.title}
          </text>
        </g>
        {sizedAt === undefined ? null : (
          <g className="plot-landing">
            <line x1={x(sizedAt)} x2={x(sizedAt)} y1={TOP} y2={HEIGHT - BOTTOM} />
          </g>
        )}
        {curves.map(({ label, colour, runs }) =>
          runs.map((run) => (
            <polyline
              key={`${label} ${run[0]?.index}`}
              className="plot-curve"
              stroke={colour}
              points={run.map((point) => `${x(point.x).toFixed(1)},${y(point.value).toFixed(1)}`).join(' ')}
            />
          )),
        )}
        {gaps.map((gap) => (
          <text
            key={gap.index}
            className="phase-gap"
            x={x(gap.x)}
            y={HEIGHT - BOTTOM - 3}
            textAnchor="middle"
          >
            ×
          </text>
        ))}
        {curves.map(({ label, colour, runs }) =>
          runs
            .flat()
            .map(({ index, x: place, value }) => (
              <circle
                key={`${label} ${index}`}
                className="phase-point"
                data-selected={index === selected}
                cx={x(place)}
                cy={y(value)}
                r={index === selected ? 5 : 3.5}
                fill={colour}
                aria-label={`${labels[index]}: ${value.toFixed(1)} ${kind.unit}`}
                {...(onPhase ? pressed(() => onPhase(index)) : { role: 'img' })}
                data-testid="phase-point"
              />
            )),
        )}
      </svg>
      {curves.length > 1 ? (
        <ul className="plot-key" aria-label="Curves">
          {curves.map(({ label, colour }) => (
            <li key={label}>
              <span style={{ background: colour }} /> {label}
            </li>
          ))}
        </ul>
      ) : null}
    </>
  );
}
