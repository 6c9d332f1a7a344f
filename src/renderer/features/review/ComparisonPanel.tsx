import { type ChangeEvent, useRef } from 'react';
import { useStore } from 'zustand';
import { colourAt, DIVERGING } from '#shared/colourScale.ts';
import type { SessionSummary } from '#shared/contract/services/app.ts';
import { fixedDecimals } from '#shared/fixedDecimals.ts';
import { words } from '#shared/words/words.ts';
import { Button } from '../../ui/Button.tsx';
import type { Comparison, ComparisonResult } from './comparisonStore.ts';

interface ComparisonPanelProps {
  readonly comparison: Comparison;
  /** Saved work that can be compared with; null until it is known. */
  readonly sessions: readonly SessionSummary[] | null;
  /** The saved work that is under review itself. */
  readonly ownSessionId: string | null;
}

/** The files of a result that are read. */
const READ = ['laa-closed.stl', 'report.json'];

/** The surface under review against another result: choice, numbers, colours, the difference of every measure. */
export function ComparisonPanel({ comparison, sessions, ownSessionId }: ComparisonPanelProps) {
  const { other, result, problem, isColoured, isSideBySide } = useStore(comparison.store);
  const chooser = useRef<HTMLInputElement>(null);
  const others = (sessions ?? []).filter(({ id }) => id !== ownSessionId);
  const choose = ({ target }: ChangeEvent<HTMLSelectElement>): void => {
    const { value } = target;
    if (value === 'none') comparison.stop();
    else if (value === 'original') void comparison.withOriginal();
    else if (value === 'folder') chooser.current?.click();
    else {
      const session = others.find(({ id }) => id === value);
      if (session) void comparison.withSession(session.id, sessionName(session));
    }
  };
  const openFolder = async ({ target }: ChangeEvent<HTMLInputElement>): Promise<void> => {
    const chosen = [...(target.files ?? [])].filter(({ name }) => READ.includes(name));
    const folder = target.files?.[0]?.webkitRelativePath.split('/')[0] || 'results';
    // The same folder can be chosen again.
    target.value = '';
    const files = await Promise.all(
      chosen.map(async (file) => ({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) })),
    );
    await comparison.withFolder(folder, files);
  };
  return (
    <div className="comparison" data-testid="comparison">
      <label className="switch-row">
        Compare surface with
        <select className="select" value="" onChange={choose} data-testid="comparison-choose">
          <option value="" disabled>
            {other?.name ?? 'nothing'}
          </option>
          {other ? <option value="none">nothing</option> : null}
          <option value="original">as first segmented</option>
          <option value="folder">results folder…</option>
          {others.map((session) => (
            <option key={session.id} value={session.id}>
              {sessionName(session)}
            </option>
          ))}
        </select>
      </label>
      <input
        ref={(input) => {
          chooser.current = input;
          // React knows no property for it.
          input?.setAttribute('webkitdirectory', '');
        }}
        type="file"
        multiple
        hidden
        onChange={(event) => void openFolder(event)}
        data-testid="comparison-folder"
        aria-label="Results folder to compare with"
      />
      {problem ? (
        <p className="quiet" role="status" data-testid="comparison-problem">
          {words().sentence(problem)}
        </p>
      ) : null}
      {other && !result && !problem ? <p className="quiet">Comparing…</p> : null}
      {other && result ? (
        <>
          <p data-testid="comparison-numbers">{distancesInWords(result)}</p>
          <label className="check">
            <input
              type="checkbox"
              checked={isColoured}
              onChange={({ target }) => comparison.change({ isColoured: target.checked })}
              data-testid="comparison-coloured"
            />
            <span>Distance in colour</span>
          </label>
          {isColoured ? <Legend rangeMm={result.rangeMm} /> : null}
          <label className="check">
            <input
              type="checkbox"
              checked={isSideBySide}
              onChange={({ target }) => comparison.change({ isSideBySide: target.checked })}
              data-testid="comparison-apart"
            />
            <span>Side by side in 3D</span>
          </label>
          <Differences result={result} />
          <Button onClick={() => comparison.stop()} data-testid="comparison-stop">
            End comparison
          </Button>
        </>
      ) : null}
    </div>
  );
}

const sessionName = ({ title, savedAt }: SessionSummary): string =>
  `${title}, saved ${savedAt.slice(0, 16).replace('T', ' ')}`;

function distancesInWords({ dice, meanMm, percentile95Mm, largestMm, ostium }: ComparisonResult): string {
  return [
    dice === null ? '' : `Dice ${fixedDecimals(dice, 3)}`,
    `mean distance ${fixedDecimals(meanMm, 2)} mm`,
    `95th percentile ${fixedDecimals(percentile95Mm, 2)} mm`,
    `largest ${fixedDecimals(largestMm, 2)} mm`,
    ostium
      ? `ostia ${fixedDecimals(ostium.centresMm, 1)} mm and ${fixedDecimals(ostium.planesDegrees, 1)}° apart`
      : '',
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

const STEPS = 12;

/** What the colours mean, in mm. */
function Legend({ rangeMm }: { readonly rangeMm: number }) {
  const stops = Array.from(
    { length: STEPS + 1 },
    (_, step) => `rgb(${colourAt(DIVERGING, step / STEPS).join(' ')})`,
  );
  return (
    <div className="comparison-legend" data-testid="comparison-legend">
      <div style={{ background: `linear-gradient(to right, ${stops.join(', ')})` }} />
      <p className="quiet">
        <span>−{rangeMm} mm, inside the other</span>
        <span>0</span>
        <span>+{rangeMm} mm, outside</span>
      </p>
    </div>
  );
}

function Differences({ result }: { readonly result: ComparisonResult }) {
  const shown = (value: number | null, digits: number): string =>
    value === null ? '–' : fixedDecimals(value, digits);
  return (
    <table className="comparison-measures" data-testid="comparison-measures">
      <thead>
        <tr>
          <th>Measure</th>
          <th>Current</th>
          <th>Other</th>
          <th>Difference</th>
        </tr>
      </thead>
      <tbody>
        {result.measures.map(({ key, label, unit, digits, first, second, difference }) => (
          <tr key={key}>
            <td>
              {label}
              {unit === '' ? '' : `, ${unit}`}
            </td>
            <td>{shown(first, digits)}</td>
            <td>{shown(second, digits)}</td>
            <td>
              {difference !== null && difference > 0 ? '+' : ''}
              {shown(difference, digits)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
