import { useStore } from 'zustand';
import type { SessionOverview } from '#shared/contract/services/app.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { momentInWords, workStateInWords } from '../ui/valuesInWords.ts';
import type { Workspace } from './workspace/workspace.ts';

const inWords = (overview: SessionOverview | undefined): string =>
  overview ? workStateInWords(overview.state, overview.isReported) : 'State unknown';

/** Two windows changed the same work: a person chooses which of the two is kept. */
export function ConflictDialog({ workspace }: { readonly workspace: Workspace }) {
  const { conflict } = useStore(workspace.sessions.store);
  return (
    <Dialog
      title="This work was changed in another window"
      isOpen={conflict !== null}
      onClose={workspace.sessions.decideLater}
      testId="conflict-dialog"
      foot={
        <>
          <Button onClick={workspace.sessions.decideLater} data-testid="conflict-later">
            Decide later
          </Button>
          <Button onClick={() => void workspace.takeOtherWindows()} data-testid="conflict-theirs">
            Load the other version
          </Button>
          <Button
            variant="danger"
            onClick={() => void workspace.sessions.keepMine()}
            data-testid="conflict-mine"
          >
            Replace it by this one
          </Button>
        </>
      }
    >
      {conflict ? (
        <>
          <dl className="rows conflict" data-testid="conflict-versions">
            <div className="row">
              <dt>Other window, saved {momentInWords(conflict.theirs.savedAt)}</dt>
              <dd>{inWords(conflict.theirs.overview)}</dd>
            </div>
            <div className="row">
              <dt>This window, not saved</dt>
              <dd>{inWords(conflict.mine)}</dd>
            </div>
          </dl>
          <p className="quiet">Only one version can be kept. Nothing is overwritten until you choose.</p>
        </>
      ) : null}
    </Dialog>
  );
}
