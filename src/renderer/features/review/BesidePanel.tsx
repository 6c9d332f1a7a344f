import Layers from 'lucide-react/icons/layers';
import Trash2 from 'lucide-react/icons/trash-2';
import { type ChangeEvent, type ReactNode, useRef } from 'react';
import { useStore } from 'zustand';
import { Button, IconButton } from '../../ui/Button.tsx';
import { words } from '../../words/index.ts';
import type { Beside, BesideFile, BesideSegment } from './besideStore.ts';

interface BesidePanelProps {
  readonly beside: Beside;
  /** What else is compared. */
  readonly children?: ReactNode;
}

/** Segmentations of others, listed with what they say and how far they agree with the work under review. */
export function BesidePanel({ beside, children }: BesidePanelProps) {
  const { files, ownVolumeMl } = useStore(beside.store);
  const chooser = useRef<HTMLInputElement>(null);
  const open = async ({ target }: ChangeEvent<HTMLInputElement>): Promise<void> => {
    const chosen = [...(target.files ?? [])];
    // The same file can be chosen again.
    target.value = '';
    for (const file of chosen) await beside.open(new Uint8Array(await file.arrayBuffer()), file.name);
  };
  return (
    <section className="panel-section" aria-label={words().beside.label} data-testid="beside">
      <h3>{words().beside.title}</h3>
      <Button onClick={() => chooser.current?.click()} data-testid="beside-open">
        <Layers size={16} /> {words().beside.open}
      </Button>
      <input
        ref={chooser}
        type="file"
        multiple
        hidden
        onChange={(event) => void open(event)}
        data-testid="beside-input"
        aria-label={words().beside.input}
      />
      {files.length > 0 && ownVolumeMl !== null ? (
        <p className="quiet" data-testid="beside-own">
          {words().beside.own(words().decimals(ownVolumeMl, 2))}
        </p>
      ) : null}
      {files.map((file) => (
        <OneFile key={file.id} file={file} beside={beside} />
      ))}
      {children}
    </section>
  );
}

function OneFile({ file, beside }: { readonly file: BesideFile; readonly beside: Beside }) {
  const { id, fileName, maker, description, segments, warnings } = file;
  return (
    <div className="beside-file" data-testid="beside-file">
      <div className="panel-line">
        <span title={fileName}>
          {description || fileName} <span className="quiet">{maker || words().beside.noAuthor}</span>
        </span>
        <IconButton
          variant="plain"
          label={words().beside.remove(description || fileName)}
          icon={<Trash2 size={15} />}
          onClick={() => beside.remove(id)}
          data-testid="beside-remove"
        />
      </div>
      {warnings.length > 0 ? (
        <ul className="warnings" data-testid="beside-warnings">
          {warnings.map((warning) => (
            <li key={warning.code}>{words().sentence(warning)}</li>
          ))}
        </ul>
      ) : null}
      {segments.map((segment) => (
        <label key={segment.id} className="check beside-segment">
          <input
            type="checkbox"
            checked={segment.isShown}
            onChange={({ target }) => beside.show(segment.id, target.checked)}
            data-testid="beside-show"
          />
          <span className="beside-colour" style={{ background: segment.colour }} />
          <span>
            {segment.name}
            <span className="quiet" data-testid="beside-numbers">
              {' '}
              {numbersInWords(segment)}
            </span>
          </span>
        </label>
      ))}
    </div>
  );
}

function numbersInWords({ volumeMl, agreement, shareOutside, problem }: BesideSegment): string {
  const { beside, comparison, decimals } = words();
  const distances = agreement?.distancesMm;
  return [
    `${decimals(volumeMl, 2)} mL`,
    agreement ? `Dice ${decimals(agreement.dice, 3)}` : '',
    distances
      ? `${comparison.meanDistance(decimals(distances.mean, 2))}, ${comparison.percentile95(decimals(distances.percent95, 2))}`
      : '',
    shareOutside > 0.005 ? beside.outside(Math.round(100 * shareOutside)) : '',
    problem ? words().sentence(problem) : '',
  ]
    .filter((part) => part !== '')
    .join(' · ');
}
