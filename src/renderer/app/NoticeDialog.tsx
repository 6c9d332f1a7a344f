import { useState } from 'react';
import { useStore } from 'zustand';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import type { Workspace } from './workspace/workspace.ts';

const SEEN_KEY = 'auricle.noticeSeen';

interface NoticeDialogProps {
  readonly workspace: Workspace;
  readonly memory: Pick<Storage, 'getItem' | 'setItem'>;
}

/** The research-use notice, shown once for each version of its text. */
export function NoticeDialog({ workspace, memory }: NoticeDialogProps) {
  const { info } = useStore(workspace.about);
  const [seen, setSeen] = useState(() => memory.getItem(SEEN_KEY));
  if (!info) return null;
  const close = (): void => {
    memory.setItem(SEEN_KEY, info.notice);
    setSeen(info.notice);
  };
  return (
    <Dialog
      title="Research use only"
      isOpen={seen !== info.notice}
      onClose={close}
      testId="notice-dialog"
      foot={
        <Button variant="primary" onClick={close} data-testid="notice-accept">
          I understand
        </Button>
      }
    >
      <p>{info.notice}</p>
      <p className="quiet">Check every surface and every number yourself before you rely on it.</p>
    </Dialog>
  );
}
