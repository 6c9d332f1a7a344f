import { type ChangeEvent, useRef } from 'react';
import { useStore } from 'zustand';
import { colourAt, DIVERGING } from '#shared/colourScale.ts';
import type { SessionSummary } from '#shared/contract/services/app.ts';
import { Button } from '../../ui/Button.tsx';
import { words } from '../../words/index.ts';
import type { Comparison, ComparisonResult } from './comparisonStore.ts';
import { sessionName } from './sessionName.ts';

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
  const others = (sessions ?? []).filter(
    ({ id, overview }) => id !== ownSessionId && overview?.state !== 'drawn',
  );
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
        {words().comparison.compareWith}
        <select className="select" value="" onChange={choose} data-testid="comparison-choose">
          <option value="" disabled>
            {other ? words().recorded(other.name) : words().comparison.nothing}
          </option>
          {other ? <option value="none">{words().comparison.nothing}</option> : null}
          <option value="original">{words().comparison.firstSegmented}</option>
          <option value="folder">{words().comparison.folder}</option>
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
        aria-label={words().comparison.folderInput}
      />
      {problem ? (
        <p className="quiet" role="status" data-testid="comparison-problem">
          {words().sentence(problem)}
        </p>
      ) : null}
      {other && !result && !problem ? <p className="quiet">{words().comparison.comparing}</p> : null}
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
            <span>{words().comparison.inColour}</span>
          </label>
          {isColoured ? <Legend result={result} /> : null}
          <label className="check">
            <input
              type="checkbox"
              checked={isSideBySide}
              onChange={({ target }) => comparison.change({ isSideBySide: target.checked })}
              data-testid="comparison-apart"
            />
            <span>{words().comparison.sideBySide}</span>
          </label>
          <Differences result={result} />
          <Button onClick={() => comparison.stop()} data-testid="comparison-stop">
            {words().comparison.end}
          </Button>
        </>
      ) : null}
    </div>
  );
}

function distancesInWords({ dice, meanMm, percentile95Mm, largestMm, ostium }: ComparisonResult): string {
  const { comparison, decimals } = words();
  return [
    dice === null ? '' : `Dice ${decimals(dice, 3)}`,
    comparison.meanDistance(decimals(meanMm, 2)),
    comparison.percentile95(decimals(percentile95Mm, 2)),
    comparison.largest(decimals(largestMm, 2)),
    ostium ? comparison.ostia(decimals(ostium.centresMm, 1), decimals(ostium.planesDegrees, 1)) : '',
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

const STEPS = 12;

/** What the colours mean, in mm. */
function Legend({ result: { rangeMm, beyond } }: { readonly result: ComparisonResult }) {
  const { comparison, decimals, plain } = words();
  const range = plain(rangeMm);
  const stops = Array.from(
    { length: STEPS + 1 },
    (_, step) => `rgb(${colourAt(DIVERGING, step / STEPS).join(' ')})`,
  );
  return (
    <div className="comparison-legend" data-testid="comparison-legend">
      <div style={{ background: `linear-gradient(to right, ${stops.join(', ')})` }} />
      <p className="quiet">
        <span>{comparison.inside(`${beyond.insideMm === null ? '' : '≤ '}−${range}`)}</span>
        <span>0</span>
        <span>{comparison.outside(`${beyond.outsideMm === null ? '' : '≥ '}+${range}`)}</span>
      </p>
      {beyond.share > 0 ? (
        <p className="quiet" data-testid="comparison-beyond">
          {comparison.beyond(
            beyond.share < 0.001 ? `< ${decimals(0.1, 1)}` : decimals(100 * beyond.share, 1),
            [
              beyond.insideMm === null ? '' : `−${decimals(beyond.insideMm, 2)}`,
              beyond.outsideMm === null ? '' : `+${decimals(beyond.outsideMm, 2)}`,
            ].filter((end) => end !== ''),
          )}
        </p>
      ) : null}
    </div>
  );
}

function Differences({ result }: { readonly result: ComparisonResult }) {
  const shown = (value: number | null, digits: number): string =>
    value === null ? '–' : words().decimals(value, digits);
  return (
    <table className="comparison-measures" data-testid="comparison-measures">
      <thead>
        <tr>
          <th>{words().comparison.measure}</th>
          <th>{words().comparison.current}</th>
          <th>{words().comparison.other}</th>
          <th>{words().comparison.difference}</th>
        </tr>
      </thead>
      <tbody>
        {result.measures.map(({ key, label, unit, digits, first, second, difference }) => (
          <tr key={key}>
            <td>
              {words().recorded(label)}
              {unit === '' ? '' : `, ${unit}`}
            </td>
            <td>{shown(first, digits)}</td>
            <td>{shown(second, digits)}</td>
            <td>{difference === null ? '–' : words().signed(difference, digits)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
