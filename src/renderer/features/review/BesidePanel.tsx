import { Layers, Trash2 } from 'lucide-react';
import { type ChangeEvent, useRef } from 'react';
import { useStore } from 'zustand';
import { words } from '#shared/words/words.ts';
import { Button, IconButton } from '../../ui/Button.tsx';
import type { Beside, BesideFile, BesideSegment } from './besideStore.ts';

/** Segmentations of others, listed with what they say and how far they agree with the work under review. */
export function BesidePanel({ beside }: { readonly beside: Beside }) {
  const { files, ownVolumeMl } = useStore(beside.store);
  const chooser = useRef<HTMLInputElement>(null);
  const open = async ({ target }: ChangeEvent<HTMLInputElement>): Promise<void> => {
    const chosen = [...(target.files ?? [])];
    // The same file can be chosen again.
    target.value = '';
    for (const file of chosen) await beside.open(new Uint8Array(await file.arrayBuffer()), file.name);
  };
  return (
    <section className="panel-section" aria-label="Segmentations beside this one" data-testid="beside">
      <h3>Beside this one</h3>
      <Button onClick={() => chooser.current?.click()} data-testid="beside-open">
        <Layers size={16} /> Open beside…
      </Button>
      <input
        ref={chooser}
        type="file"
        multiple
        hidden
        onChange={(event) => void open(event)}
        data-testid="beside-input"
        aria-label="DICOM Segmentations to look at beside this one"
      />
      {files.length > 0 && ownVolumeMl !== null ? (
        <p className="quiet" data-testid="beside-own">
          This one: {ownVolumeMl.toFixed(2)} mL. The others are only looked at, never saved or exported.
        </p>
      ) : null}
      {files.map((file) => (
        <OneFile key={file.id} file={file} beside={beside} />
      ))}
    </section>
  );
}

function OneFile({ file, beside }: { readonly file: BesideFile; readonly beside: Beside }) {
  const { id, fileName, maker, description, segments } = file;
  return (
    <div className="beside-file" data-testid="beside-file">
      <div className="panel-line">
        <span title={fileName}>
          {description || fileName} <span className="quiet">{maker || 'Maker not named'}</span>
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
      ? `${distances.mean.toFixed(2)} mm apart on average, 95 % within ${distances.percent95.toFixed(2)} mm`
      : '',
    shareOutside > 0.005 ? `${Math.round(100 * shareOutside)} % of it beyond this region` : '',
    problem ? words().sentence(problem) : '',
  ]
    .filter((part) => part !== '')
    .join(' · ');
}
