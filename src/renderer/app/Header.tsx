import Download from 'lucide-react/icons/download';
import HeartPulse from 'lucide-react/icons/heart-pulse';
import House from 'lucide-react/icons/house';
import Keyboard from 'lucide-react/icons/keyboard';
import PanelLeft from 'lucide-react/icons/panel-left';
import Redo2 from 'lucide-react/icons/redo-2';
import Server from 'lucide-react/icons/server';
import Settings from 'lucide-react/icons/settings';
import Undo2 from 'lucide-react/icons/undo-2';
import Upload from 'lucide-react/icons/upload';
import { useStore } from 'zustand';
import { OpenButtons } from '../features/studies/index.ts';
import { Button, IconButton } from '../ui/Button.tsx';
import { words } from '../words/index.ts';
import { bannerOf } from './workspace/scanStore.ts';
import type { Workspace } from './workspace/workspace.ts';

interface HeaderProps {
  readonly workspace: Workspace;
  readonly isListOpen: boolean;
  readonly onToggleList: () => void;
  readonly onExport: () => void;
  readonly onSettings: () => void;
  readonly onServer: () => void;
  readonly onSend: () => void;
  readonly onKeys: () => void;
}

/** The patient, and what can be done with the whole study. */
export function Header(props: HeaderProps) {
  const { workspace, isListOpen, onToggleList, onExport, onSettings, onServer, onSend, onKeys } = props;
  const { scan } = useStore(workspace.scan);
  const hasResult = useStore(workspace.review.store, ({ current }) => current !== null);
  const { undo, redo } = useStore(workspace.undoing.store);
  const { save } = useStore(workspace.sessions.store);
  const isUnsaved = save.kind === 'unsaved' || save.kind === 'failed';
  return (
    <header className="header">
      <IconButton
        variant="plain"
        label={words().header.list}
        icon={<PanelLeft size={17} />}
        aria-pressed={isListOpen}
        onClick={onToggleList}
        data-testid="toggle-list"
      />
      <IconButton
        variant="plain"
        label={words().header.closeStudy}
        icon={<House size={17} />}
        onClick={() => void workspace.closeAll()}
        data-testid="close-study"
      />
      <span className="brand">
        <HeartPulse size={18} className="welcome-mark" /> <span className="brand-name">Auricle</span>
      </span>
      <span className="patient-banner selectable" data-testid="patient-banner">
        {scan ? bannerOf(scan.patient, scan.isSample) : ''}
      </span>
      {scan?.extent === 'crop' ? <span className="tag">{words().header.cropOnly}</span> : null}
      {isUnsaved ? (
        <span className="unsaved" title={words().header.changed} data-testid="unsaved-mark">
          ●<span className="visually-hidden">{words().header.unsaved}</span>
        </span>
      ) : null}
      <span className="header-space" />
      <IconButton
        variant="plain"
        label={undo === null ? words().common.undo : words().common.undoNamed(words().recorded(undo))}
        keys={words().keyboard.ctrl('Z')}
        icon={<Undo2 size={17} />}
        disabled={undo === null}
        onClick={workspace.undoing.undo}
        data-testid="header-undo"
      />
      <IconButton
        variant="plain"
        label={redo === null ? words().common.redo : words().common.redoNamed(words().recorded(redo))}
        keys={words().keyboard.ctrlShift('Z')}
        icon={<Redo2 size={17} />}
        disabled={redo === null}
        onClick={workspace.undoing.redo}
        data-testid="header-redo"
      />
      <OpenButtons onFiles={(files) => void workspace.open(files)} />
      <IconButton
        variant="plain"
        label={words().header.fromServer}
        icon={<Server size={17} />}
        onClick={onServer}
        data-testid="open-server"
      />
      <Button disabled={!hasResult} onClick={onExport} data-testid="export-open">
        <Download size={16} /> <span className="button-words">{words().common.exportDots}</span>
      </Button>
      <IconButton
        variant="plain"
        label={words().header.send}
        icon={<Upload size={17} />}
        disabled={!hasResult}
        onClick={onSend}
        data-testid="send-open"
      />
      <IconButton
        variant="plain"
        label={words().common.settings}
        icon={<Settings size={17} />}
        onClick={onSettings}
        data-testid="settings-open"
      />
      <IconButton
        variant="plain"
        label={words().header.keys}
        keys="?"
        icon={<Keyboard size={17} />}
        onClick={onKeys}
        data-testid="keys-open"
      />
    </header>
  );
}
