import { useState } from 'react';
import { useStore } from 'zustand';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { words } from '../words/index.ts';
import type { Workspace } from './workspace/workspace.ts';

/** Asks once who reviews: a verdict carries the name, in the report and the Structured Report too. */
export function ReviewerDialog({ workspace }: { readonly workspace: Workspace }) {
  const { awaitedVerdict } = useStore(workspace.about);
  const [name, setName] = useState('');
  const reviewer = name.trim();
  return (
    <Dialog
      title={words().reviewer.title}
      isOpen={awaitedVerdict !== null}
      onClose={() => workspace.about.setState({ awaitedVerdict: null })}
      testId="reviewer-dialog"
    >
      <form
        className="reviewer-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (reviewer !== '') void workspace.nameReviewer(reviewer);
        }}
      >
        <label className="text-field">
          {words().common.nameOrInitials}
          <input
            className="text-input"
            value={name}
            maxLength={200}
            onChange={({ target }) => setName(target.value)}
            data-testid="reviewer-name"
          />
        </label>
        <p className="quiet">{words().reviewer.stands}</p>
        <div className="button-row">
          <Button variant="primary" type="submit" disabled={reviewer === ''} data-testid="reviewer-confirm">
            {awaitedVerdict === 'rejected' ? words().common.reject : words().common.accept}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
