import { useStore } from 'zustand';
import type { SessionOverview } from '#shared/contract/services/app.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { momentInWords, workStateInWords } from '../ui/valuesInWords.ts';
import { words } from '../words/index.ts';
import type { Workspace } from './workspace/workspace.ts';

const inWords = (overview: SessionOverview | undefined): string =>
  overview ? workStateInWords(overview.state, overview.isReported) : words().conflict.unknown;

/** Two windows changed the same work: a person chooses which of the two is kept. */
export function ConflictDialog({ workspace }: { readonly workspace: Workspace }) {
  const { conflict } = useStore(workspace.sessions.store);
  return (
    <Dialog
      title={words().conflict.title}
      isOpen={conflict !== null}
      onClose={workspace.sessions.decideLater}
      testId="conflict-dialog"
      foot={
        <>
          <Button onClick={workspace.sessions.decideLater} data-testid="conflict-later">
            {words().conflict.later}
          </Button>
          <Button onClick={() => void workspace.takeOtherWindows()} data-testid="conflict-theirs">
            {words().conflict.theirs}
          </Button>
          <Button
            variant="danger"
            onClick={() => void workspace.sessions.keepMine()}
            data-testid="conflict-mine"
          >
            {words().conflict.mine}
          </Button>
        </>
      }
    >
      {conflict ? (
        <>
          <dl className="rows conflict" data-testid="conflict-versions">
            <div className="row">
              <dt>{words().conflict.otherWindow(momentInWords(conflict.theirs.savedAt))}</dt>
              <dd>{inWords(conflict.theirs.overview)}</dd>
            </div>
            <div className="row">
              <dt>{words().conflict.thisWindow}</dt>
              <dd>{conflict.mine ? inWords(conflict.mine) : words().conflict.nothing}</dd>
            </div>
          </dl>
          <p className="quiet">{words().conflict.onlyOne}</p>
        </>
      ) : null}
    </Dialog>
  );
}
