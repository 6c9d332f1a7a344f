import { FlaskConical, HeartPulse, History, Server, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import type { SessionSummary } from '#shared/contract/services/app.ts';
import { OpenButtons } from '../features/studies/index.ts';
import { Button, IconButton } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { momentInWords } from '../ui/valuesInWords.ts';
import type { Workspace } from './workspace/workspace.ts';

/** More would not fit a small screen; older ones appear as newer ones are removed. */
const MOST_SHOWN = 4;

function SavedWork({ workspace }: { readonly workspace: Workspace }) {
  const { list } = useStore(workspace.sessions.store);
  const [removing, setRemoving] = useState<SessionSummary | null>(null);
  const remove = (): void => {
    if (removing) void workspace.removeSession(removing.id);
    setRemoving(null);
  };
  return (
    <section className="saved-work" aria-label="Saved work" data-testid="saved-work">
      <h2>Continue where you stopped</h2>
      {list?.length ? (
        <ul>
          {list.slice(0, MOST_SHOWN).map((summary) => (
            <li key={summary.id} className="saved-item">
              <button
                type="button"
                className="button plain saved-open"
                onClick={() => void workspace.restoreSession(summary.id)}
                data-testid="restore-session"
              >
                <History size={16} />
                <span className="saved-title">{summary.title}</span>
                <span className="quiet">{momentInWords(summary.savedAt)}</span>
              </button>
              <IconButton
                variant="plain"
                label={`Remove saved work: ${summary.title}`}
                icon={<Trash2 size={15} />}
                onClick={() => setRemoving(summary)}
                data-testid="remove-session"
              />
            </li>
          ))}
        </ul>
      ) : (
        <p className="quiet">{list ? 'Work is saved automatically and will be listed here.' : ' '}</p>
      )}
      <Dialog
        title="Remove saved work?"
        isOpen={removing !== null}
        onClose={() => setRemoving(null)}
        testId="remove-dialog"
        foot={
          <>
            <Button onClick={() => setRemoving(null)}>Keep</Button>
            <Button variant="danger" onClick={remove} data-testid="remove-confirm">
              Remove
            </Button>
          </>
        }
      >
        <p>
          {removing?.title}, {removing ? momentInWords(removing.savedAt) : ''}: its surface, edits and review
          cannot be brought back.
        </p>
      </Dialog>
    </section>
  );
}

interface WelcomeScreenProps {
  readonly workspace: Workspace;
  readonly onServer: () => void;
}

/** The first screen: ways to open a scan, and saved work to continue. */
export function WelcomeScreen({ workspace, onServer }: WelcomeScreenProps) {
  return (
    <main className="welcome" data-testid="welcome">
      <div className="welcome-column">
        <header className="welcome-head">
          <HeartPulse size={40} className="welcome-mark" />
          <div>
            <h1>Auricle</h1>
            <p className="quiet">The left atrial appendage in cardiac CT: segment, check, measure, export.</p>
          </div>
        </header>
        <section className="drop-zone" aria-label="Open a scan" data-testid="drop-zone">
          <p className="drop-words">Drop a folder, DICOM files or a ZIP here</p>
          <div className="welcome-buttons">
            <OpenButtons size="large" onFiles={(files) => void workspace.open(files)} />
            <Button size="large" onClick={onServer} data-testid="open-server">
              <Server size={16} /> From a server…
            </Button>
          </div>
          <p className="quiet">Everything stays on this computer, unless you send it to a server.</p>
        </section>
        <div className="welcome-sample">
          <Button
            variant="primary"
            size="large"
            onClick={() => void workspace.openSample()}
            data-testid="open-sample"
          >
            <FlaskConical size={17} /> Try the sample study
          </Button>
          <p className="quiet">A synthetic scan, made on this computer; no patient.</p>
        </div>
        <SavedWork workspace={workspace} />
        <p className="research-use" data-testid="research-use">
          Research use only. Not for clinical decisions.
        </p>
      </div>
    </main>
  );
}
