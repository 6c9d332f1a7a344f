import { useEffect } from 'react';
import type { Workspace } from '../workspace/workspace.ts';
import { annotationCommandForKey } from './annotationKeys.ts';
import { type Command, runCommand, type Screen } from './command.ts';
import { commandForKey } from './keyMap.ts';
import type { FocusKind } from './keyPress.ts';

const CONTROLS = 'button, a, summary, [role="slider"], [role="switch"], [role="tab"], [role="menuitem"]';

/** What a key that is held down does again and again. */
const REPEATED: ReadonlySet<Command['kind']> = new Set([
  'scroll',
  'brushSize',
  'moveCrosshair',
  'moveOstium',
  'tiltOstium',
  'nudgeAnnotation',
]);

function focusOf(target: EventTarget | null): FocusKind {
  if (!(target instanceof Element)) return 'none';
  if (target.matches('textarea, select, input:not([type="checkbox"]), [contenteditable="true"]'))
    return 'text';
  return target.closest(`${CONTROLS}, input`) ? 'control' : 'none';
}

/** Buttons of the list of what is drawn leave the arrows to what they select. */
const isInList = (target: EventTarget | null): boolean =>
  target instanceof HTMLButtonElement && target.closest('[data-testid=annotation-panel]') !== null;

/** Keys of the whole window. While a dialog or a menu is open, keys belong to it, and Esc closes it. */
export function useKeyboard(workspace: Workspace, screen: Screen): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || document.querySelector('[role="dialog"], [role="menu"]')) return;
      const focus = focusOf(event.target);
      const { selected } = workspace.annotations.store.getState();
      const command =
        (selected && annotationCommandForKey(event, isInList(event.target) ? 'none' : focus)) ??
        commandForKey(event, focus);
      if (!command || (event.repeat && !REPEATED.has(command.kind))) return;
      event.preventDefault();
      runCommand(command, workspace, screen);
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [workspace, screen]);
}
