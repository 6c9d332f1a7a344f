import type { ReactNode } from 'react';
import { failure } from '#shared/failures/failure.ts';
import { AlertArea } from '../../AlertArea.tsx';
import { ExportWindow } from '../../ExportWindow.tsx';
import { Header } from '../../Header.tsx';
import { KeysDialog } from '../../keyboard/KeysDialog.tsx';
import { NoticeDialog } from '../../NoticeDialog.tsx';
import { StatusBar } from '../../StatusBar.tsx';
import { SettingsDialog } from '../../settings/SettingsDialog.tsx';
import { WelcomeScreen } from '../../WelcomeScreen.tsx';
import type { Workspace } from '../../workspace/workspace.ts';
import { ignore, LONG_DESCRIPTION, LONG_NAME, type Preview } from './preview.ts';
import { job, openResult, openScan, previewWorkspace, SAVED_WORK } from './previewWorkspace.ts';

interface Size {
  readonly widthPixels: number;
  readonly heightPixels: number;
}

const of = (
  name: string,
  size: Size,
  render: (workspace: Workspace) => ReactNode,
  change: (workspace: Workspace) => void = ignore,
): Preview => ({ name, ...size, render: () => render(previewWorkspace(change)) });

const BAR: Size = { widthPixels: 1180, heightPixels: 30 };
const statusBar = (name: string, change: (workspace: Workspace) => void): Preview =>
  of(name, BAR, (workspace) => <StatusBar workspace={workspace} />, change);

const STATUS_BARS: readonly Preview[] = [
  statusBar('status-idle', (workspace) =>
    workspace.sessions.store.setState({ save: { kind: 'saved', savedAt: '2026-03-04T05:06:07' } }),
  ),
  statusBar('status-busy', (workspace) => {
    workspace.jobs.store.setState({ jobs: [job()] });
    workspace.sessions.store.setState({ save: { kind: 'unsaved' } });
  }),
  statusBar('status-background', (workspace) =>
    workspace.jobs.store.setState({
      jobs: [
        job({
          kind: 'findRegion',
          progress: { stage: 'Finding the appendage', fraction: 0.1 },
          isBackground: true,
        }),
      ],
    }),
  ),
  statusBar('status-failed', (workspace) => {
    workspace.about.setState({
      engine: {
        state: 'failed',
        id: '',
        device: '',
        remarks: [failure('stored.sentence', { sentence: 'The model file is damaged.' })],
      },
    });
    workspace.sessions.store.setState({
      save: { kind: 'failed', failure: failure('stored.sentence', { sentence: 'The disk is full.' }) },
    });
  }),
  statusBar('status-disconnected', (workspace) => workspace.about.setState({ link: 'waiting' })),
];

const HEADER: Size = { widthPixels: 1180, heightPixels: 46 };
const header = (workspace: Workspace): ReactNode => (
  <Header
    workspace={workspace}
    isListOpen
    onToggleList={ignore}
    onExport={ignore}
    onSettings={ignore}
    onServer={ignore}
    onSend={ignore}
    onKeys={ignore}
  />
);

function renamePatient(workspace: Workspace): void {
  openResult(workspace);
  workspace.scan.setState(({ scan }) => ({
    scan: scan && { ...scan, extent: 'crop', patient: { ...scan.patient, name: LONG_NAME } },
  }));
  workspace.sessions.store.setState({ save: { kind: 'unsaved' } });
}

const ALERTS: Size = { widthPixels: 760, heightPixels: 260 };
const alerts = (name: string, shown: readonly (readonly ['error' | 'notice', string])[]): Preview =>
  of(
    name,
    ALERTS,
    (workspace) => <AlertArea alerts={workspace.alerts} />,
    (workspace) =>
      workspace.alerts.store.setState({
        alerts: shown.map(([kind, message], id) => ({ id, kind, message })),
      }),
  );

const DIALOG: Size = { widthPixels: 1024, heightPixels: 720 };
const exportDialog = (name: string, change: (workspace: Workspace) => void): Preview =>
  of(
    name,
    DIALOG,
    (workspace) => <ExportWindow workspace={workspace} isOpen onClose={ignore} />,
    (workspace) => {
      openResult(workspace);
      change(workspace);
    },
  );

const DIALOGS: readonly Preview[] = [
  exportDialog('export', (workspace) => workspace.review.judge('accepted')),
  exportDialog('export-running', (workspace) =>
    workspace.jobs.store.setState({ jobs: [job({ kind: 'export' })] }),
  ),
  exportDialog('export-failed', (workspace) =>
    workspace.exporting.store.setState({
      failure: failure('stored.sentence', {
        sentence: 'The folder cannot be written to. Choose another one.',
      }),
    }),
  ),
  exportDialog('export-blocked', (workspace) => workspace.review.store.setState({ isRemaking: true })),
  of('keys', DIALOG, () => <KeysDialog isOpen onClose={ignore} />),
  of('notice', { widthPixels: 1024, heightPixels: 320 }, (workspace) => (
    <NoticeDialog workspace={workspace} />
  )),
  of('settings', { widthPixels: 1024, heightPixels: 480 }, (workspace) => (
    <SettingsDialog
      settings={workspace.settings}
      servers={workspace.servers}
      received={workspace.received}
      planning={workspace.planning}
      engine={workspace.about.getState().engine}
      version="0.1.0"
      isOpen
      onFirstView={ignore}
      onClose={ignore}
    />
  )),
];

const WELCOME: Size = { widthPixels: 900, heightPixels: 640 };
const welcome = (name: string, change: (workspace: Workspace) => void): Preview =>
  of(
    name,
    WELCOME,
    (workspace) => (
      <div className="start">
        <WelcomeScreen workspace={workspace} onServer={ignore} onSettings={ignore} />
      </div>
    ),
    change,
  );

/** Whole screens, and what surrounds the workbench. */
export const SCREEN_PREVIEWS: readonly Preview[] = [
  welcome('welcome', ignore),
  welcome('welcome-saved-work', (workspace) => workspace.sessions.store.setState({ list: SAVED_WORK })),
  of('header-empty', HEADER, header),
  of('header', HEADER, header, openScan),
  of('header-long-name', HEADER, header, renamePatient),
  ...STATUS_BARS,
  alerts('alerts', [
    ['error', 'The series cannot be read: 2 slices are missing between slice 41 and slice 44.'],
    ['notice', '12 files downloaded as auricle-export.zip.'],
  ]),
  alerts('alerts-long', [
    ['error', `The file ${'1.3.6.1.4.1.14519.5.2.1.'.repeat(4)}dcm is damaged. ${LONG_DESCRIPTION}.`],
  ]),
  ...DIALOGS,
];
