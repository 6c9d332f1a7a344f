import Upload from 'lucide-react/icons/upload';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { type Catalogue, words } from '../../words/index.ts';
import { ServerChoice } from './ServerChoice.tsx';
import type { Servers } from './serversStore.ts';

interface SendDialogProps<T extends keyof Catalogue['exportChoices']> {
  readonly servers: Servers;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly choices: readonly T[];
  readonly usual: readonly T[];
  readonly onSend: (serverId: string, objects: readonly T[]) => void;
  readonly onSettings: () => void;
  readonly isRunning: boolean;
  readonly onCancel: () => void;
  readonly isAccepted: boolean;
}

/** Stores the result under review on a DICOM server. */
export function SendDialog<T extends keyof Catalogue['exportChoices']>(props: SendDialogProps<T>) {
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
      ? words().servers.sending
      : props.isAccepted
        ? ''
        : words().servers.notAccepted;
  return (
    <Dialog
      title={words().header.send}
      isOpen={isOpen}
      onClose={onClose}
      testId="send-dialog"
      foot={
        <>
          <p className="quiet foot-words" role="status">
            {say}
          </p>
          <Button onClick={isRunning ? onCancel : onClose}>
            {isRunning ? words().common.cancel : words().common.close}
          </Button>
          <Button
            variant="primary"
            disabled={chosenId === null || chosen.length === 0 || isRunning || needsSecret}
            onClick={() => chosenId !== null && onSend(chosenId, chosen)}
            data-testid="send-run"
          >
            <Upload size={16} /> {words().servers.send}
          </Button>
        </>
      }
    >
      {configured.length === 0 ? (
        <>
          <p>{words().servers.noServer}</p>
          <Button onClick={onSettings}>{words().servers.add}</Button>
        </>
      ) : (
        <ServerChoice servers={servers} />
      )}
      <fieldset className="choices" data-columns={2}>
        <legend>{words().servers.objects}</legend>
        {choices.map((value) => (
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
              {words().exportChoices[value].label}{' '}
              <span className="quiet">{words().exportChoices[value].hint}</span>
            </span>
          </label>
        ))}
      </fieldset>
    </Dialog>
  );
}
