import { Redo2, Undo2 } from 'lucide-react';
import { useStore } from 'zustand';
import { Button } from '../../ui/Button.tsx';
import type { Review } from './reviewStore.ts';

/** All steps by name; a click goes back or forward to one. */
export function HistoryPanel({ review }: { readonly review: Review }) {
  const { steps, amounts, position } = useStore(review.store);
  const named = steps.map((name, at) => [name, amounts[at]].filter(Boolean).join(' '));
  const undone = named[position - 1];
  const redone = named[position];
  return (
    <section className="panel-section" aria-label="Edits" data-testid="history-panel">
      <div className="button-row">
        <Button
          onClick={review.undo}
          disabled={!undone}
          title={undone && `Undo: ${undone}`}
          data-testid="undo"
        >
          <Undo2 size={16} /> Undo
        </Button>
        <Button
          onClick={review.redo}
          disabled={!redone}
          title={redone && `Redo: ${redone}`}
          data-testid="redo"
        >
          <Redo2 size={16} /> Redo
        </Button>
      </div>
      <ol className="history" data-testid="history">
        {['Automatic segmentation', ...named].map((name, at) => (
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
