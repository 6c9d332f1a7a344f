import { useEffect, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import { FromServerDialog } from '../features/servers/index.ts';
import { pageKeys } from '../ui/pageKeys.ts';
import { TipProvider } from '../ui/Tip.tsx';
import { pageLanguage } from '../words/index.ts';
import { AlertArea } from './AlertArea.tsx';
import { ConflictDialog } from './ConflictDialog.tsx';
import { DropTarget } from './DropTarget.tsx';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import { ExportWindow } from './ExportWindow.tsx';
import { KeysDialog } from './keyboard/KeysDialog.tsx';
import { useKeyboard } from './keyboard/useKeyboard.ts';
import { useMenu } from './keyboard/useMenu.ts';
import { NoticeDialog } from './NoticeDialog.tsx';
import { ReviewerDialog } from './ReviewerDialog.tsx';
import { SendWindow } from './SendWindow.tsx';
import { StatusBar } from './StatusBar.tsx';
import { holdUnsaved } from './sessions/sessionStore.ts';
import { SettingsDialog } from './settings/SettingsDialog.tsx';
import { WelcomeScreen } from './WelcomeScreen.tsx';
import { Workbench } from './Workbench.tsx';
import type { Workspace } from './workspace/workspace.ts';

type OpenDialog = 'keys' | 'export' | 'settings' | 'server' | 'send' | null;

function Screens({ workspace }: AppProps) {
  const [dialog, setDialog] = useState<OpenDialog>(null);
  const { study } = useStore(workspace.studies.store);
  const { scan } = useStore(workspace.scan);
  const { info, engine } = useStore(workspace.about);
  const screen = useMemo(
    () => ({ openKeys: () => setDialog('keys'), openExport: () => setDialog('export') }),
    [],
  );
  useKeyboard(workspace, screen);
  useMenu(workspace, screen);
  const close = (): void => setDialog(null);
  return (
    <DropTarget workspace={workspace}>
      {study || scan ? (
        <Workbench
          workspace={workspace}
          onExport={screen.openExport}
          onSettings={() => setDialog('settings')}
          onServer={() => setDialog('server')}
          onSend={() => setDialog('send')}
          onKeys={screen.openKeys}
        />
      ) : (
        <div className="start">
          <WelcomeScreen
            workspace={workspace}
            onServer={() => setDialog('server')}
            onSettings={() => setDialog('settings')}
          />
          <AlertArea alerts={workspace.alerts} />
          <StatusBar workspace={workspace} />
        </div>
      )}
      <KeysDialog isOpen={dialog === 'keys'} onClose={close} />
      <ExportWindow workspace={workspace} isOpen={dialog === 'export'} onClose={close} />
      <SettingsDialog
        settings={workspace.settings}
        servers={workspace.servers}
        received={workspace.received}
        planning={workspace.planning}
        engine={engine}
        version={info?.version ?? ''}
        isOpen={dialog === 'settings'}
        onFirstView={workspace.view.begin}
        onClose={close}
      />
      <SendWindow
        workspace={workspace}
        isOpen={dialog === 'send'}
        onClose={close}
        onSettings={() => setDialog('settings')}
      />
      <FromServerDialog
        servers={workspace.servers}
        received={workspace.received}
        isOpen={dialog === 'server'}
        onClose={close}
        onOpen={(id, series) => void workspace.openFromServer(id, series)}
        onOpenReceived={(seriesUid) => void workspace.openReceived(seriesUid)}
        onSettings={() => setDialog('settings')}
      />
      <ConflictDialog workspace={workspace} />
      <ReviewerDialog workspace={workspace} />
      <NoticeDialog workspace={workspace} />
    </DropTarget>
  );
}

interface AppProps {
  readonly workspace: Workspace;
}

/** The whole application, drawn over stores that outlive it. */
export function App({ workspace }: AppProps) {
  // All below is drawn anew in another language, and with other keys.
  useStore(pageLanguage);
  useStore(pageKeys);
  useEffect(() => {
    const hold = (event: BeforeUnloadEvent): void => holdUnsaved(workspace.sessions, event);
    window.addEventListener('beforeunload', hold);
    return () => window.removeEventListener('beforeunload', hold);
  }, [workspace]);
  return (
    <TipProvider delayDuration={500}>
      <ErrorBoundary onBroken={() => void workspace.sessions.flush()}>
        <Screens workspace={workspace} />
      </ErrorBoundary>
    </TipProvider>
  );
}
