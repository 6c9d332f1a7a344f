import { useState } from 'react';
import { useStore } from 'zustand';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import type { Workspace } from './workspace/workspace.ts';

/** Asks once who reviews: a verdict carries the name, in the report and the Structured Report too. */
export function ReviewerDialog({ workspace }: { readonly workspace: Workspace }) {
  const { awaitedVerdict } = useStore(workspace.about);
  const [name, setName] = useState('');
  const reviewer = name.trim();
  return (
    <Dialog
      title="Who is reviewing?"
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
          Name or initials
          <input
            className="text-input"
            value={name}
            maxLength={200}
            onChange={({ target }) => setName(target.value)}
            data-testid="reviewer-name"
          />
        </label>
        <p className="quiet">
          Stands with the verdict and its time in the report and the Structured Report. Kept on this computer;
          change it in the settings.
        </p>
        <div className="button-row">
          <Button variant="primary" type="submit" disabled={reviewer === ''} data-testid="reviewer-confirm">
            {awaitedVerdict === 'rejected' ? 'Reject' : 'Accept'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
