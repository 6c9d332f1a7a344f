import { useState } from 'react';
import { useStore } from 'zustand';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { words } from '../words/index.ts';
import type { Workspace } from './workspace/workspace.ts';

/** The research-use notice, shown once for each version of its text; that it was seen is kept with the settings. */
export function NoticeDialog({ workspace }: { readonly workspace: Workspace }) {
  const { info } = useStore(workspace.about);
  const { settings } = useStore(workspace.settings.store);
  /** Also where it could not be kept; then it is shown again at the next start. */
  const [isClosed, setIsClosed] = useState(false);
  if (!info || !settings) return null;
  const close = (): void => {
    setIsClosed(true);
    void workspace.settings.change({ acknowledgedNotice: info.notice });
  };
  return (
    <Dialog
      title={words().notice.title}
      isOpen={!isClosed && settings.acknowledgedNotice !== info.notice}
      onClose={close}
      testId="notice-dialog"
      foot={
        <Button variant="primary" onClick={close} data-testid="notice-accept">
          {words().notice.understand}
        </Button>
      }
    >
      <p>{words().recorded(info.notice)}</p>
      <p className="quiet">{words().notice.check}</p>
    </Dialog>
  );
}
