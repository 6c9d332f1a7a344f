import History from 'lucide-react/icons/history';
import { useStore } from 'zustand';
import { Button } from '../ui/Button.tsx';
import { momentInWords, workStateInWords } from '../ui/valuesInWords.ts';
import { words } from '../words/index.ts';
import type { Workspace } from './workspace/workspace.ts';

/** Earlier saved work on the series that is on the screen, to continue in the whole scan. */
export function SavedOnSeries({ workspace }: { readonly workspace: Workspace }) {
  const { list } = useStore(workspace.sessions.store);
  const { scan } = useStore(workspace.scan);
  const { current } = useStore(workspace.review.store);
  const saved = (list ?? []).filter(
    ({ seriesInstanceUid, id, overview }) =>
      seriesInstanceUid === scan?.seriesInstanceUid &&
      id !== current?.id &&
      // Drawings come by themselves.
      overview?.state !== 'drawn',
  );
  if (scan?.extent !== 'whole' || saved.length === 0) return null;
  return (
    <section className="panel-section" aria-label={words().worklist.onSeries} data-testid="saved-on-series">
      <h3>{words().worklist.onSeries}</h3>
      {saved.slice(0, 5).map(({ id, savedAt, overview }) => (
        <Button
          key={id}
          size="wide"
          onClick={() => void workspace.restoreSession(id)}
          data-testid="restore-here"
        >
          <History size={15} />
          {momentInWords(savedAt)}
          {overview ? (
            <span className="quiet">{workStateInWords(overview.state, overview.isReported)}</span>
          ) : null}
        </Button>
      ))}
    </section>
  );
}
