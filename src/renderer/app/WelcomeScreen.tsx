import { FlaskConical, HeartPulse, History, Trash2 } from 'lucide-react';
import { useStore } from 'zustand';
import { OpenButtons } from '../features/studies/index.ts';
import { Button, IconButton } from '../ui/Button.tsx';
import type { Workspace } from './workspace/workspace.ts';

const when = (savedAt: string): string =>
  new Date(savedAt).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** More would push the list off a small screen; older ones are reached as newer ones go. */
const MOST_SHOWN = 4;

function SavedWork({ workspace }: { readonly workspace: Workspace }) {
  const { list } = useStore(workspace.sessions.store);
  return (
    <section className="saved-work" aria-label="Saved work" data-testid="saved-work">
      <h2>Continue where you stopped</h2>
      {list?.length ? (
        <ul>
          {list.slice(0, MOST_SHOWN).map(({ id, title, savedAt }) => (
            <li key={id} className="saved-item">
              <button
                type="button"
                className="button plain saved-open"
                onClick={() => void workspace.restoreSession(id)}
                data-testid="restore-session"
              >
                <History size={16} />
                <span className="saved-title">{title}</span>
                <span className="quiet">{when(savedAt)}</span>
              </button>
              <IconButton
                variant="plain"
                label={`Remove saved work: ${title}`}
                icon={<Trash2 size={15} />}
                onClick={() => void workspace.removeSession(id)}
                data-testid="remove-session"
              />
            </li>
          ))}
        </ul>
      ) : (
        <p className="quiet">{list ? 'Work is saved by itself and will be listed here.' : ' '}</p>
      )}
    </section>
  );
}

/** The first screen: ways to open a scan, and the work that was left. */
export function WelcomeScreen({ workspace }: { readonly workspace: Workspace }) {
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
          </div>
          <p className="quiet">Everything stays on this computer.</p>
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
