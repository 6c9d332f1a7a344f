import { useState } from 'react';
import { useStore } from 'zustand';
import { StudyPanel } from '../features/studies/index.ts';
import { words } from '../words/index.ts';
import { AlertArea } from './AlertArea.tsx';
import { AppendagePanel } from './AppendagePanel.tsx';
import { Header } from './Header.tsx';
import { PhaseSection } from './PhaseSection.tsx';
import { SavedOnSeries } from './SavedOnSeries.tsx';
import { StatusBar } from './StatusBar.tsx';
import { Toolbar } from './toolbar/Toolbar.tsx';
import { ViewerArea } from './ViewerArea.tsx';
import type { Workspace } from './workspace/workspace.ts';

interface WorkbenchProps {
  readonly workspace: Workspace;
  readonly onExport: () => void;
  readonly onSettings: () => void;
  readonly onServer: () => void;
  readonly onSend: () => void;
  readonly onKeys: () => void;
}

/** The screen to work on: series, images, appendage. */
export function Workbench(props: WorkbenchProps) {
  const { workspace, onExport, onSettings, onServer, onSend, onKeys } = props;
  // Where there is little room the list lies over the images.
  const [isListOpen, setIsListOpen] = useState(() => window.innerWidth > 1000);
  const { study } = useStore(workspace.studies.store);
  const showsList = isListOpen && study !== null;
  const reset = (): void => {
    workspace.view.straighten();
    workspace.viewer.viewer()?.resetCameras();
  };
  return (
    <div className="workbench" data-testid="workbench">
      <Header
        workspace={workspace}
        isListOpen={showsList}
        onToggleList={() => setIsListOpen(!isListOpen)}
        onExport={onExport}
        onSettings={onSettings}
        onServer={onServer}
        onSend={onSend}
        onKeys={onKeys}
      />
      <div className="workbench-body" data-list={showsList}>
        {showsList ? (
          <nav className="panel left-panel" aria-label={words().common.series} data-testid="study-panel">
            <PhaseSection workspace={workspace} />
            <StudyPanel studies={workspace.studies} />
            <SavedOnSeries workspace={workspace} />
          </nav>
        ) : null}
        <main className="centre">
          <Toolbar view={workspace.view} onReset={reset} />
          <ViewerArea workspace={workspace} />
          <AlertArea alerts={workspace.alerts} />
        </main>
        <AppendagePanel workspace={workspace} onReport={onExport} />
      </div>
      <StatusBar workspace={workspace} />
    </div>
  );
}
