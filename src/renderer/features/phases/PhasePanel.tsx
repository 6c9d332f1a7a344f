import ChevronLeft from 'lucide-react/icons/chevron-left';
import ChevronRight from 'lucide-react/icons/chevron-right';
import Pause from 'lucide-react/icons/pause';
import Play from 'lucide-react/icons/play';
import { useStore } from 'zustand';
import { OSTIUM_AREA, sizeIn, VOLUME } from '#shared/phases/phaseSizes.ts';
import { howKnown } from '#shared/phases/phaseTable.ts';
import type { Jobs } from '../../jobs/jobStore.ts';
import { Button } from '../../ui/Button.tsx';
import { ProgressBar } from '../../ui/ProgressBar.tsx';
import { SliderField } from '../../ui/SliderField.tsx';
import { SPEEDS } from './cine.ts';
import type { PhaseEntry, PhasesState } from './phasesState.ts';
import type { Phases } from './phasesStore.ts';
import './phases.css';
import { shownKey } from '../../ui/pageKeys.ts';
import { words } from '../../words/index.ts';

interface PhasePanelProps {
  readonly phases: Phases;
  readonly jobs: Jobs;
  /** Why no phase can be segmented now; null where it can. */
  readonly cannotSegment: string | null;
}

/** The phases of the heart that is open; nothing where there is but one. */
export function PhasePanel({ phases, jobs, cannotSegment }: PhasePanelProps) {
  const state = useStore(phases.store);
  const running = useStore(jobs.store, (all) =>
    all.jobs.find(({ kind }) => kind === 'segmentPhases' || kind === 'readPhases'),
  );
  if (state.phases.length === 0) return null;
  const { frame, isPlaying, framesPerSecond } = state;
  return (
    <section className="panel-section" aria-label={words().phases.panel} data-testid="phase-panel">
      <h3>{words().phases.count(state.phases.length)}</h3>
      <p className="quiet">
        {words().phases.by(
          [...new Set(state.phases.map(({ phase }) => words().recorded(howKnown(phase))))].join('; '),
        )}
      </p>
      <ul className="phase-list">
        {state.phases.map((entry) => (
          <PhaseRow
            key={entry.id}
            entry={entry}
            state={state}
            onChoose={() => void phases.choose(entry.id)}
          />
        ))}
      </ul>
      <div className="phase-cine">
        <Button
          onClick={() => void phases.step(-1)}
          aria-label={words().phases.previous}
          title={words().phases.previousKey}
        >
          <ChevronLeft size={16} />
        </Button>
        <Button
          onClick={() => void phases.togglePlay()}
          data-testid="cine"
          title={words().phases.key(shownKey('/'))}
        >
          {isPlaying ? <Pause size={16} /> : <Play size={16} />}{' '}
          {isPlaying ? words().phases.pause : words().phases.play}
        </Button>
        <Button
          onClick={() => void phases.step(1)}
          aria-label={words().phases.next}
          title={words().phases.nextKey}
        >
          <ChevronRight size={16} />
        </Button>
        {frame ? (
          <Button onClick={phases.stop} data-testid="cine-end" title="Esc">
            {words().phases.showLoaded}
          </Button>
        ) : null}
      </div>
      <SliderField
        label={words().phases.speed}
        value={framesPerSecond}
        least={SPEEDS.least}
        most={SPEEDS.most}
        step={1}
        shown={words().phases.perSecond(framesPerSecond)}
        onChange={phases.setSpeed}
        testId="cine-speed"
      />
      {frame ? (
        <p className="quiet" data-testid="cine-frame">
          {words().phases.shown(words().recorded(frame.label), frame.appendage != null)}
        </p>
      ) : null}
      <Button
        className="wide"
        disabled={running !== undefined || cannotSegment !== null}
        onClick={() => void phases.segmentAll()}
        data-testid="segment-phases"
      >
        {words().phases.segmentAll}
      </Button>
      {running ? (
        <div className="phase-progress">
          <p className="quiet" role="status">
            {words().recorded(running.progress.stage) || words().jobs[running.kind]}
          </p>
          <ProgressBar label={words().jobs[running.kind]} fraction={running.progress.fraction} />
          <Button onClick={() => jobs.cancel(running.id)}>{words().common.cancel}</Button>
        </div>
      ) : cannotSegment ? (
        <p className="quiet">{cannotSegment}</p>
      ) : null}
    </section>
  );
}

interface PhaseRowProps {
  readonly entry: PhaseEntry;
  readonly state: PhasesState;
  readonly onChoose: () => void;
}

function PhaseRow({ entry, state, onChoose }: PhaseRowProps) {
  const { id, phase, refusal } = entry;
  const result = state.results[id];
  const volumeMl = result && sizeIn(result, VOLUME);
  const areaMm2 = result && sizeIn(result, OSTIUM_AREA);
  const why = result?.refusal ?? refusal;
  const numbers = [
    volumeMl == null ? '' : `${words().decimals(volumeMl, 1)} mL`,
    areaMm2 == null ? '' : `${words().decimals(areaMm2, 0)} mm²`,
  ].filter((text) => text !== '');
  return (
    <li>
      <button
        type="button"
        className="phase"
        aria-pressed={id === state.selectedId}
        data-shown={id === (state.frame?.seriesId ?? state.selectedId)}
        disabled={refusal !== null}
        title={why ? words().sentence(why) : entry.description}
        onClick={onChoose}
        data-testid="phase"
      >
        <span>{words().recorded(phase.label)}</span>
        <span className="quiet">
          {why
            ? words().phases.refused
            : result && numbers.length === 0
              ? words().phases.withheld
              : numbers.join(', ')}
        </span>
      </button>
    </li>
  );
}
