import { useEffect } from 'react';
import type { MenuCommand } from '#shared/contract/services/app.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { runCommand, type Screen } from './command.ts';

const TEXT =
  'textarea, input:not([type="checkbox"], [type="range"], [type="file"]), [contenteditable="true"]';

/** Undo and redo of typing, where a text field has the focus. @returns whether one has */
function undoTyping(command: MenuCommand): boolean {
  if (command !== 'undo' && command !== 'redo') return false;
  if (!document.activeElement?.matches(TEXT)) return false;
  // Deprecated without a successor: nothing else reaches the history of a text field.
  document.execCommand(command);
  return true;
}

/** What a person chooses in the desktop's menu, done as by its key: what is open as a dialog or a menu comes first. */
export function useMenu(workspace: Workspace, screen: Screen): void {
  useEffect(
    () =>
      workspace.onMenu((command) => {
        if (undoTyping(command) || document.querySelector('[role="dialog"], [role="menu"]')) return;
        runCommand({ kind: command }, workspace, screen);
      }),
    [workspace, screen],
  );
}
