import Redo2 from 'lucide-react/icons/redo-2';
import Undo2 from 'lucide-react/icons/undo-2';
import { useStore } from 'zustand';
import { Button } from '../../ui/Button.tsx';
import { words } from '../../words/index.ts';
import type { Review } from './reviewStore.ts';

/** All steps by name; a click goes back or forward to one. */
export function HistoryPanel({ review }: { readonly review: Review }) {
  const { steps, amounts, position } = useStore(review.store);
  const named = steps.map((name, at) => words().recorded([name, amounts[at]].filter(Boolean).join(' ')));
  const undone = named[position - 1];
  const redone = named[position];
  return (
    <section className="panel-section" aria-label={words().historyPanel.edits} data-testid="history-panel">
      <div className="button-row">
        <Button
          onClick={review.undo}
          disabled={!undone}
          title={undone && words().common.undoNamed(undone)}
          data-testid="undo"
        >
          <Undo2 size={16} /> {words().common.undo}
        </Button>
        <Button
          onClick={review.redo}
          disabled={!redone}
          title={redone && words().common.redoNamed(redone)}
          data-testid="redo"
        >
          <Redo2 size={16} /> {words().common.redo}
        </Button>
      </div>
      <ol className="history" data-testid="history">
        {[words().historyPanel.automatic, ...named].map((name, at) => (
          // Steps are only added at the end: their index identifies them.
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          <li key={at}>
            <button
              type="button"
              className="history-step"
              aria-current={at === position ? 'step' : undefined}
              data-undone={at > position}
              onClick={() => at !== position && review.goTo(at)}
              data-testid="history-step"
            >
              <span className="quiet">{at}</span> {name}
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}
