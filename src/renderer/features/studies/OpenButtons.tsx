import FilePlus2 from 'lucide-react/icons/file-plus-2';
import FolderOpen from 'lucide-react/icons/folder-open';
import { type ChangeEvent, useEffect, useRef } from 'react';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import { Button } from '../../ui/Button.tsx';
import { words } from '../../words/index.ts';
import { filesOf } from './droppedFiles.ts';
import type { OpenedFile } from './types.ts';

/** The attribute that makes a chooser of files one of folders; React's types do not know it. */
const FOLDERS = { webkitdirectory: '' };

interface OpenButtonsProps {
  readonly onFiles: (files: readonly OpenedFile[]) => void;
  readonly size?: 'large';
}

/** "Open folder…" (Ctrl+O) and "Open files…" (Ctrl+Shift+O), by the browser's own choosers. */
export function OpenButtons({ onFiles, size }: OpenButtonsProps) {
  const folder = useRef<HTMLInputElement>(null);
  const files = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || event.key.toLowerCase() !== 'o') return;
      event.preventDefault();
      // An open dialog handles the keys itself.
      if (document.querySelector('[role=dialog]')) return;
      (event.shiftKey ? files : folder).current?.click();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);
  const take = (event: ChangeEvent<HTMLInputElement>): void => {
    const chosen = filesOf(event.target.files ?? []);
    // The same folder can be chosen again.
    event.target.value = '';
    if (chosen.length > 0) onFiles(chosen);
  };
  const sized = withoutUndefined({ size });
  return (
    <>
      <Button {...sized} onClick={() => folder.current?.click()} data-testid="open-folder">
        <FolderOpen size={16} /> <span className="button-words">{words().studies.openFolder}</span>
      </Button>
      <Button {...sized} onClick={() => files.current?.click()} data-testid="open-files">
        <FilePlus2 size={16} /> <span className="button-words">{words().studies.openFiles}</span>
      </Button>
      <input
        ref={folder}
        type="file"
        hidden
        multiple
        {...FOLDERS}
        onChange={take}
        data-testid="folder-input"
        aria-label={words().studies.folderInput}
      />
      <input
        ref={files}
        type="file"
        hidden
        multiple
        onChange={take}
        data-testid="files-input"
        aria-label={words().studies.filesInput}
      />
    </>
  );
}
