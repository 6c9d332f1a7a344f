import { Layers, Trash2 } from 'lucide-react';
import { type ChangeEvent, type ReactNode, useRef } from 'react';
import { useStore } from 'zustand';
import { words } from '#shared/words/words.ts';
import { Button, IconButton } from '../../ui/Button.tsx';
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
    <section className="panel-section" aria-label="Comparison with other segmentations" data-testid="beside">
      <h3>Comparison</h3>
      <Button onClick={() => chooser.current?.click()} data-testid="beside-open">
        <Layers size={16} /> Open other segmentation…
      </Button>
      <input
        ref={chooser}
        type="file"
        multiple
        hidden
        onChange={(event) => void open(event)}
        data-testid="beside-input"
        aria-label="DICOM Segmentations to compare with"
      />
      {files.length > 0 && ownVolumeMl !== null ? (
        <p className="quiet" data-testid="beside-own">
          Current: {ownVolumeMl.toFixed(2)} mL. The others are display only: never saved or exported.
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
  const { id, fileName, maker, description, segments } = file;
  return (
    <div className="beside-file" data-testid="beside-file">
      <div className="panel-line">
        <span title={fileName}>
          {description || fileName} <span className="quiet">{maker || 'Author not named'}</span>
        </span>
        <IconButton
          variant="plain"
          label={`Remove ${description || fileName}`}
          icon={<Trash2 size={15} />}
          onClick={() => beside.remove(id)}
          data-testid="beside-remove"
        />
      </div>
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
  const distances = agreement?.distancesMm;
  return [
    `${volumeMl.toFixed(2)} mL`,
    agreement ? `Dice ${agreement.dice.toFixed(3)}` : '',
    distances
      ? `mean distance ${distances.mean.toFixed(2)} mm, 95th percentile ${distances.percent95.toFixed(2)} mm`
      : '',
    shareOutside > 0.005 ? `${Math.round(100 * shareOutside)} % outside this region` : '',
    problem ? words().sentence(problem) : '',
  ]
    .filter((part) => part !== '')
    .join(' · ');
}
