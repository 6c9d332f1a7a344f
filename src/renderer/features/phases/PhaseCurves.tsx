import { type KeyboardEvent, useState } from 'react';
import { useStore } from 'zustand';
import type { PhaseResult } from '#shared/contract/services/phases.ts';
import { changeOf, type SizeChange, sizingPhase } from '#shared/phases/phaseCycle.ts';
import { PHASE_PLOTS, type PhasePlot, phasePlot } from '#shared/phases/phasePlot.ts';
import { Button } from '../../ui/Button.tsx';
import type { ReviewCase } from '../review/index.ts';
import { resultsBeside } from './phasesState.ts';
import type { Phases } from './phasesStore.ts';
import './phases.css';
import { words } from '../../words/index.ts';

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
    <section className="panel-section" aria-label={words().phases.title} data-testid="phase-curves">
      <h3>{words().phases.title}</h3>
      <p className={isOther ? 'withheld' : 'quiet'} data-testid="sizing-phase">
        {sizingOf(results)}
        {reviewedLabel === null ? '' : ` ${words().phases.numbersOf(words().recorded(reviewedLabel))}`}
      </p>
      {sizing && isOther && isOpen ? (
        <Button
          className="wide"
          onClick={() => void phases.choose(sizing.result.seriesId)}
          data-testid="size-by-largest"
        >
          {words().phases.sizeHere(words().recorded(sizing.result.phase.label))}
        </Button>
      ) : null}
      {isOpen ? null : <p className="quiet">{words().phases.openToChange}</p>}
      <fieldset className="plot-kinds" aria-label={words().plan.plot}>
        {PHASE_PLOTS.map(({ id, title }) => (
          <button
            key={id}
            type="button"
            className="plot-kind"
            aria-pressed={id === kind.id}
            onClick={() => setKindId(id)}
          >
            {shortTitle(id) ?? words().recorded(title)}
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
        <p className="withheld">{words().phases.noneGives}</p>
      )}
      <ul className="phase-changes quiet">
        {changes.map((change) => (
          <li key={change.size.key}>
            {words().recorded(change.size.label)}: {changeOnPage(change)}
          </li>
        ))}
        {plot?.gaps.map(({ index, phase, reason }) => (
          <li key={`gap ${index}`}>
            {words().phases.notGiven(words().recorded(phase), words().sentence(reason))}
          </li>
        ))}
      </ul>
    </section>
  );
}

const shortTitle = (id: string): string | undefined => {
  const known: Readonly<Record<string, string>> = words().phasePlots;
  return known[id];
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
/** The phase to size in; as `sizingInWords` says it in files. */
function sizingOf(results: readonly PhaseResult[]): string {
  const { phases, decimals, recorded } = words();
  const sizing = sizingPhase(results);
  if (sizing === undefined) return phases.noSizing;
  const missing = sizing.missing.map(({ phase }) => recorded(phase.label));
  const unsure = missing.length === 0 ? '' : ` ${phases.notGivenBy(missing.join(', '), missing.length)}`;
  return `${phases.sizeAt(recorded(sizing.result.phase.label), decimals(sizing.areaMm2, 0))}${unsure}`;
}

/** "6.1 mL (90 %) to 7.6 mL (40 %), −20 %". */
function changeOnPage({ size, smallest, largest, changePercent }: SizeChange): string {
  const { phases, decimals, recorded } = words();
  const value = (of: SizeChange['largest']): string =>
    `${decimals(of.value, size.digits)} ${size.unit} (${recorded(of.at.phase.label)})`;
  return phases.change(value(largest), value(smallest), decimals(changePercent, 0));
}

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
        <title>{words().recorded(kind.title)}</title>
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
            {words().recorded(axis.title)}
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
                aria-label={`${words().recorded(labels[index] ?? '')}: ${words().decimals(value, 1)} ${kind.unit}`}
                {...(onPhase ? pressed(() => onPhase(index)) : { role: 'img' })}
                data-testid="phase-point"
              />
            )),
        )}
      </svg>
      {curves.length > 1 ? (
        <ul className="plot-key" aria-label={words().plan.curves}>
          {curves.map(({ label, colour }) => (
            <li key={label}>
              <span style={{ background: colour }} /> {words().recorded(label)}
            </li>
          ))}
        </ul>
      ) : null}
    </>
  );
}
