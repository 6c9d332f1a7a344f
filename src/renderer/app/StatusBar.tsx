import { useStore } from 'zustand';
import type { EngineStatus } from '#shared/contract/services/app.ts';
import type { LinkState } from '../connection/index.ts';
import { Button } from '../ui/Button.tsx';
import { ProgressBar } from '../ui/ProgressBar.tsx';
import { clockInWords, engineInWords } from '../ui/valuesInWords.ts';
import { words } from '../words/index.ts';
import type { SaveState } from './sessions/saveLifecycle.ts';
import type { Workspace } from './workspace/workspace.ts';

function engineState(engine: EngineStatus | null): string {
  if (!engine) return words().status.connecting;
  switch (engine.state) {
    case 'starting':
      return words().status.starting;
    case 'ready':
      return engineInWords(engine);
    case 'failed':
      return words().status.failed;
  }
}

function saveInWords(save: SaveState): string {
  switch (save.kind) {
    case 'nothing':
      return '';
    case 'unsaved':
      return words().status.unsaved;
    case 'saving':
      return words().status.saving;
    case 'saved':
      return words().status.saved(clockInWords(save.savedAt));
    case 'failed':
      return words().status.notSaved(words().sentence(save.failure));
  }
}

/** The newest running job, with its stage and a way to cancel it. */
function JobStrip({ workspace }: { readonly workspace: Workspace }) {
  const { jobs } = useStore(workspace.jobs.store);
  const job = jobs.findLast(({ isBackground }) => !isBackground) ?? jobs.at(-1);
  if (!job) return <div className="job" data-testid="job-idle" />;
  const { stage, fraction } = job.progress;
  const title = words().jobs[job.kind];
  const text = stage === '' ? title : `${title}: ${words().recorded(stage)}`;
  return (
    <div className="job" data-testid="job" data-background={job.isBackground}>
      <span className="job-words" role="status" title={text} data-testid="job-words">
        {text}
      </span>
      <ProgressBar label={title} fraction={fraction} />
      <span className="job-share">{fraction > 0 ? `${Math.round(fraction * 100)} %` : ''}</span>
      <Button variant="plain" onClick={() => workspace.jobs.cancel(job.id)} data-testid="job-cancel">
        {words().common.cancel} {job.isBackground ? null : <kbd>Esc</kbd>}
      </Button>
    </div>
  );
}

/** There is no connection to the engine; the page tries again by itself, and at once on a click. */
function LinkStatus({ link, onRetry }: { readonly link: LinkState['kind']; readonly onRetry: () => void }) {
  return (
    <>
      {words().status.disconnected}
      <Button
        className="status-retry"
        variant="plain"
        // Not `disabled`: the focus stays on it while an attempt is under way.
        aria-disabled={link === 'trying'}
        onClick={onRetry}
        data-testid="link-retry"
      >
        {link === 'trying' ? words().status.trying : words().status.tryAgain}
      </Button>
    </>
  );
}

/** What the program is doing: engine or connection, graphics, work under way, saving. */
export function StatusBar({ workspace }: { readonly workspace: Workspace }) {
  const { engine, graphics, link } = useStore(workspace.about);
  const { save } = useStore(workspace.sessions.store);
  const { inUse } = useStore(workspace.servers.store);
  const listening = useStore(workspace.received.store, ({ state }) => state?.address ?? null);
  return (
    <footer className="status-bar" data-testid="status-bar">
      <span
        className="status-engine"
        data-state={link === 'connected' ? (engine?.state ?? 'starting') : 'failed'}
        title={engine?.remarks.map(words().sentence).join(' ')}
        data-testid="status-engine"
      >
        {link === 'connected' ? (
          engineState(engine)
        ) : (
          <LinkStatus link={link} onRetry={workspace.reconnect} />
        )}
      </span>
      <span
        className="quiet status-graphics"
        title={graphics?.isSoftware ? words().status.drawnBySoftware(graphics.name) : graphics?.name}
        data-testid="status-graphics"
      >
        {graphics ? (graphics.isSoftware ? words().status.software : words().status.gpu) : ''}
      </span>
      {inUse === null ? null : (
        <span className="status-server" title={inUse} data-testid="status-server">
          {words().status.serverInUse(inUse)}
        </span>
      )}
      {listening === null ? null : (
        <span className="status-server" title={listening} data-testid="status-receiving">
          {words().status.receivingAs(listening)}
        </span>
      )}
      <JobStrip workspace={workspace} />
      <span className="status-save" data-kind={save.kind} role="status" data-testid="save-state">
        {saveInWords(save)}
      </span>
      <span className="research-use" data-testid="research-use-bar">
        {words().welcome.researchUse}
      </span>
    </footer>
  );
}
