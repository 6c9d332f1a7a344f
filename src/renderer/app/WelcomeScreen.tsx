import FlaskConical from 'lucide-react/icons/flask-conical';
import HeartPulse from 'lucide-react/icons/heart-pulse';
import Server from 'lucide-react/icons/server';
import Settings from 'lucide-react/icons/settings';
import { OpenButtons } from '../features/studies/index.ts';
import { Button } from '../ui/Button.tsx';
import { words } from '../words/index.ts';
import { Worklist } from './worklist/Worklist.tsx';
import type { Workspace } from './workspace/workspace.ts';

interface WelcomeScreenProps {
  readonly workspace: Workspace;
  readonly onServer: () => void;
  readonly onSettings: () => void;
}

/** The first screen: ways to open a scan, and the worklist. */
export function WelcomeScreen({ workspace, onServer, onSettings }: WelcomeScreenProps) {
  return (
    <main className="welcome" data-testid="welcome">
      <div className="welcome-column">
        <header className="welcome-head">
          <HeartPulse size={40} className="welcome-mark" />
          <div>
            <h1>Auricle</h1>
            <p className="quiet">{words().welcome.what}</p>
          </div>
          <Button className="welcome-settings" onClick={onSettings} data-testid="settings-open">
            <Settings size={16} /> {words().common.settings}
          </Button>
        </header>
        <section className="drop-zone" aria-label={words().welcome.openScan} data-testid="drop-zone">
          <p className="drop-words">{words().welcome.drop}</p>
          <div className="welcome-buttons">
            <OpenButtons size="large" onFiles={(files) => void workspace.open(files)} />
            <Button size="large" onClick={onServer} data-testid="open-server">
              <Server size={16} /> {words().welcome.fromServer}
            </Button>
          </div>
          <p className="quiet">{words().welcome.stays}</p>
        </section>
        <div className="welcome-sample">
          <Button
            variant="primary"
            size="large"
            onClick={() => void workspace.openSample()}
            data-testid="open-sample"
          >
            <FlaskConical size={17} /> {words().welcome.sample}
          </Button>
          <p className="quiet">{words().welcome.synthetic}</p>
        </div>
        <Worklist workspace={workspace} />
        <p className="research-use" data-testid="research-use">
          {words().welcome.researchUse}
        </p>
      </div>
    </main>
  );
}
