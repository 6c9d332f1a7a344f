import { useStore } from 'zustand';
import type { ExportOptions } from '#shared/contract/services/exporting.ts';
import { DICOM_CHOICES } from '../features/export/index.ts';
import { SendDialog } from '../features/servers/index.ts';
import type { Workspace } from './workspace/workspace.ts';

/** What archives and their viewers read. */
const USUAL_OBJECTS: ExportOptions['dicomObjects'] = ['dicom-seg', 'dicom-sr'];

interface SendWindowProps {
  readonly workspace: Workspace;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onSettings: () => void;
}

/** Sends what is under review now to a DICOM server. */
export function SendWindow({ workspace, isOpen, onClose, onSettings }: SendWindowProps) {
  const { current, verdict } = useStore(workspace.review.store);
  const runningId = useStore(
    workspace.jobs.store,
    ({ jobs }) => jobs.find(({ kind }) => kind === 'sendResults')?.id,
  );
  return (
    <SendDialog
      servers={workspace.servers}
      isOpen={isOpen && current !== null}
      onClose={onClose}
      choices={DICOM_CHOICES}
      usual={USUAL_OBJECTS}
      onSend={(id, objects) =>
        void workspace.sendResults(id, [...objects]).then((isDone) => isDone && onClose())
      }
      onSettings={onSettings}
      isRunning={runningId !== undefined}
      onCancel={() => runningId !== undefined && workspace.jobs.cancel(runningId)}
      isAccepted={verdict === 'accepted'}
    />
  );
}
