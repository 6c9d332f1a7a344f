import Search from 'lucide-react/icons/search';
import Trash2 from 'lucide-react/icons/trash-2';
import { useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { Button, IconButton } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { workStateInWords } from '../../ui/valuesInWords.ts';
import { words } from '../../words/index.ts';
import { thumbnailRgba } from '../sessions/sessionOverview.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { searchWorklist, type WorklistEntry, worklistEntries } from './worklist.ts';

/** Studies that were received and saved work, with patient, series, picture and state; searched and opened. */
export function Worklist({ workspace }: { readonly workspace: Workspace }) {
  const { list } = useStore(workspace.sessions.store);
  const { state: receiving } = useStore(workspace.received.store);
  const [search, setSearch] = useState('');
  const [removing, setRemoving] = useState<WorklistEntry | null>(null);
  const entries = worklistEntries(list ?? [], receiving?.series ?? []);
  const shown = searchWorklist(entries, search);
  const remove = (): void => {
    if (removing?.opens.kind === 'session') void workspace.removeSession(removing.opens.id);
    setRemoving(null);
  };
  return (
    <section className="worklist" aria-label={words().worklist.title} data-testid="saved-work">
      <div className="panel-line">
        <h2>{words().worklist.title}</h2>
        {entries.length === 0 ? null : (
          <label className="worklist-search">
            <Search size={14} />
            <input
              type="search"
              value={search}
              placeholder={words().worklist.searchHint}
              aria-label={words().worklist.search}
              onChange={({ target }) => setSearch(target.value)}
              data-testid="worklist-search"
            />
          </label>
        )}
      </div>
      {entries.length === 0 ? (
        <p className="quiet">{list ? words().worklist.empty : ' '}</p>
      ) : (
        <ul className="worklist-entries">
          {shown.map((entry) => (
            <Entry key={entry.key} entry={entry} workspace={workspace} onRemove={() => setRemoving(entry)} />
          ))}
        </ul>
      )}
      {entries.length > 0 && shown.length === 0 ? (
        <p className="quiet" role="status">
          {words().worklist.nothing}
        </p>
      ) : null}
      <Dialog
        title={words().worklist.removeTitle}
        isOpen={removing !== null}
        onClose={() => setRemoving(null)}
        testId="remove-dialog"
        foot={
          <>
            <Button onClick={() => setRemoving(null)}>{words().common.keep}</Button>
            <Button variant="danger" onClick={remove} data-testid="remove-confirm">
              {words().common.remove}
            </Button>
          </>
        }
      >
        <p>
          {words().worklist.removed(
            [removing?.patient, removing?.series, removing?.saved].filter(Boolean).join(', '),
          )}
        </p>
      </Dialog>
    </section>
  );
}

interface EntryProps {
  readonly entry: WorklistEntry;
  readonly workspace: Workspace;
  readonly onRemove: () => void;
}

function Entry({ entry, workspace, onRemove }: EntryProps) {
  const { opens, patient, series, state, isReported, reviewer, saved, thumbnail } = entry;
  const open = (): void =>
    void (opens.kind === 'session'
      ? workspace.restoreSession(opens.id)
      : workspace.openReceived(opens.seriesUid));
  return (
    <li className="worklist-entry">
      <button
        type="button"
        className="button plain worklist-open"
        onClick={open}
        data-testid={opens.kind === 'session' ? 'restore-session' : 'open-received'}
      >
        <Thumbnail thumbnail={thumbnail} />
        <span className="worklist-words">
          <span className="worklist-patient" title={patient}>
            {patient}
          </span>
          <span className="quiet worklist-series" title={series}>
            {series}
          </span>
        </span>
        <span className="worklist-status">
          {state ? (
            <span className="tag" data-state={state} data-testid="work-state">
              {[workStateInWords(state, isReported), reviewer].filter(Boolean).join(' · ')}
            </span>
          ) : null}
          <span className="quiet">{saved}</span>
        </span>
      </button>
      {opens.kind === 'session' ? (
        <IconButton
          variant="plain"
          label={words().worklist.removeLabel(patient, saved)}
          icon={<Trash2 size={15} />}
          onClick={onRemove}
          data-testid="remove-session"
        />
      ) : null}
    </li>
  );
}

/** The slice through the appendage with its outline; empty where there is none. */
function Thumbnail({ thumbnail }: Pick<WorklistEntry, 'thumbnail'>) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (!canvas.current || !thumbnail) return;
    const { sidePixels } = thumbnail;
    canvas.current.width = sidePixels;
    canvas.current.height = sidePixels;
    const picture = new ImageData(thumbnailRgba(thumbnail), sidePixels);
    canvas.current.getContext('2d')?.putImageData(picture, 0, 0);
  }, [thumbnail]);
  return <canvas ref={canvas} className="worklist-thumbnail" />;
}
