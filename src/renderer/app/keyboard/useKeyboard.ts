import { useEffect } from 'react';
import type { Workspace } from '../workspace/workspace.ts';
import { type Command, runCommand, type Screen } from './command.ts';
import { commandForKey, type FocusKind } from './keyMap.ts';

const CONTROLS = 'button, a, summary, [role="slider"], [role="switch"], [role="tab"], [role="menuitem"]';

/** What a key that is held down does again and again. */
const REPEATED: ReadonlySet<Command['kind']> = new Set([
  'scroll',
  'brushSize',
  'moveCrosshair',
  'moveOstium',
  'tiltOstium',
]);

function focusOf(target: EventTarget | null): FocusKind {
  if (!(target instanceof Element)) return 'none';
  if (target.matches('textarea, select, input:not([type="checkbox"]), [contenteditable="true"]'))
    return 'text';
  return target.closest(`${CONTROLS}, input`) ? 'control' : 'none';
}

/** Keys of the whole window. While a dialog or a menu is open, keys belong to it, and Esc closes it. */
export function useKeyboard(workspace: Workspace, screen: Screen): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || document.querySelector('[role="dialog"], [role="menu"]')) return;
      const command = commandForKey(event, focusOf(event.target));
      if (!command || (event.repeat && !REPEATED.has(command.kind))) return;
      event.preventDefault();
      runCommand(command, workspace, screen);
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [workspace, screen]);
}
