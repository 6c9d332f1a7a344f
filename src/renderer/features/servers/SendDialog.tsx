import { Upload } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { words } from '#shared/words/words.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { ServerChoice } from './ServerChoice.tsx';
import type { Servers } from './serversStore.ts';

export interface SendChoice<T extends string> {
  readonly value: T;
  readonly label: string;
  readonly hint: string;
}

interface SendDialogProps<T extends string> {
  readonly servers: Servers;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly choices: readonly SendChoice<T>[];
  readonly usual: readonly T[];
  readonly onSend: (serverId: string, objects: readonly T[]) => void;
  readonly onSettings: () => void;
  readonly isRunning: boolean;
  readonly onCancel: () => void;
  readonly isAccepted: boolean;
}

/** Stores the result under review on a DICOM server. */
export function SendDialog<T extends string>(props: SendDialogProps<T>) {
  const { servers, isOpen, onClose, choices, usual, onSend, onSettings, isRunning, onCancel } = props;
  const { servers: configured, chosenId, problem } = useStore(servers.store);
  const [chosen, setChosen] = useState<readonly T[]>(usual);
  useEffect(() => {
    if (isOpen) void servers.refresh();
  }, [isOpen, servers]);
  const needsSecret = configured.find(({ id }) => id === chosenId)?.needsSecret ?? false;
  const say = problem
    ? words().sentence(problem)
    : isRunning
      ? 'Sending…'
      : props.isAccepted
        ? ''
        : 'Not accepted in review: the objects will say so.';
  return (
    <Dialog
      title="Send results to a server"
      isOpen={isOpen}
      onClose={onClose}
      testId="send-dialog"
      foot={
        <>
          <p className="quiet foot-words" role="status">
            {say}
          </p>
          <Button onClick={isRunning ? onCancel : onClose}>{isRunning ? 'Cancel' : 'Close'}</Button>
          <Button
            variant="primary"
            disabled={chosenId === null || chosen.length === 0 || isRunning || needsSecret}
            onClick={() => chosenId !== null && onSend(chosenId, chosen)}
            data-testid="send-run"
          >
            <Upload size={16} /> Send
          </Button>
        </>
      }
    >
      {configured.length === 0 ? (
        <>
          <p>No DICOM server is configured. Auricle speaks to none unless you add it.</p>
          <Button onClick={onSettings}>Add a server…</Button>
        </>
      ) : (
        <ServerChoice servers={servers} />
      )}
      <fieldset className="choices" data-columns={2}>
        <legend>Objects</legend>
        {choices.map(({ value, label, hint }) => (
          <label key={value} className="check">
            <input
              type="checkbox"
              checked={chosen.includes(value)}
              onChange={({ target }) =>
                setChosen(target.checked ? [...chosen, value] : chosen.filter((other) => other !== value))
              }
              data-testid={`send-${value}`}
            />
            <span>
              {label} <span className="quiet">{hint}</span>
            </span>
          </label>
        ))}
      </fieldset>
    </Dialog>
  );
}
