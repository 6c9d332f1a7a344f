import { createRoot } from 'react-dom/client';
import { failureOf } from '#shared/errors.ts';
import { type AuricleConnection, connectAuricle } from '../connection/index.ts';
import { createStudyReader } from '../features/studies/index.ts';
import { createViewer } from '../viewer/index.ts';
import { createSessionArchiver } from '../workers/sessionArchiver.ts';
import { serveViewerGraphics } from '../workers/viewerGraphics.ts';
import { App } from './App.tsx';
import { createWorkspace } from './workspace/workspace.ts';
import '../ui/theme.css';
import '../ui/controls.css';
import './layout.css';
import './panels.css';
import { languageFor, speak, words } from '../words/index.ts';

/** Connects to the main side and draws the application; without a connection, the reason. */
export async function showApp(): Promise<void> {
  const element = document.getElementById('root');
  if (!element) throw new Error('The page has no element with the id root.');
  // Before the settings are known, and where they cannot be read.
  speak(languageFor('automatic'));
  const root = createRoot(element);
  let reportBug = (_message: string): void => {};
  let rpc: AuricleConnection;
  try {
    rpc = await connectAuricle((error) => reportBug(error.message), serveViewerGraphics);
  } catch (thrown) {
    root.render(
      <main className="broken" data-testid="no-connection">
        <h1>{words().broken.noConnection}</h1>
        <p>{words().sentence(failureOf(thrown))}</p>
      </main>,
    );
    return;
  }
  const workspace = createWorkspace({
    rpc,
    reader: createStudyReader(),
    createViewer,
    archiver: createSessionArchiver(),
  });
  reportBug = workspace.alerts.error;
  root.render(<App workspace={workspace} />);
  await workspace.start();
}
