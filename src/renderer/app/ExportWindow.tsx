import { useStore } from 'zustand';
import { ExportDialog } from '../features/export/index.ts';
import { scanGridOf } from './workspace/scanGrid.ts';
import type { Workspace } from './workspace/workspace.ts';

interface ExportWindowProps {
  readonly workspace: Workspace;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** The export of what is under review now. */
export function ExportWindow({ workspace, isOpen, onClose }: ExportWindowProps) {
  const { current, appendage, verdict, isRemaking, problem } = useStore(workspace.review.store);
  const { scan } = useStore(workspace.scan);
  const runningId = useStore(
    workspace.jobs.store,
    ({ jobs }) => jobs.find(({ kind }) => kind === 'export')?.id,
  );
  return (
    <ExportDialog
      exporting={workspace.exporting}
      isOpen={isOpen && current !== null}
      onClose={onClose}
      onExport={() => void workspace.exportNow().then((isDone) => isDone && onClose())}
      onPreviewShell={() => void workspace.previewShell()}
      onCancel={() => runningId !== undefined && workspace.jobs.cancel(runningId)}
      hasOstium={appendage?.wall != null}
      isSourceKnown={current?.sourceSeries != null && scanGridOf(current, scan) !== null}
      isScanKnown={current !== null && scanGridOf(current, scan) !== null}
      isRemaking={isRemaking}
      blocked={problem}
      isRunning={runningId !== undefined}
      isAccepted={verdict === 'accepted'}
    />
  );
}
