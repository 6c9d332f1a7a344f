import { FlaskConical, HeartPulse, Server } from 'lucide-react';
import { OpenButtons } from '../features/studies/index.ts';
import { Button } from '../ui/Button.tsx';
import { Worklist } from './worklist/Worklist.tsx';
import type { Workspace } from './workspace/workspace.ts';

interface WelcomeScreenProps {
  readonly workspace: Workspace;
  readonly onServer: () => void;
}

/** The first screen: ways to open a scan, and the worklist. */
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
        <Worklist workspace={workspace} />
        <p className="research-use" data-testid="research-use">
          Research use only. Not for clinical decisions.
        </p>
      </div>
    </main>
  );
}
