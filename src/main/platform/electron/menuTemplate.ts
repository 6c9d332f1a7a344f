import type { MenuItemConstructorOptions } from 'electron';
import type { MenuCommand } from '#shared/contract/services/app.ts';
import { RESEARCH_USE_NOTICE } from '#shared/modelTraining.ts';

export interface MenuOptions {
  readonly isMac: boolean;
  readonly isDeveloping: boolean;
  /** Shows the box About Auricle. */
  readonly onAbout: () => void;
  /** Presses a key in the page, which may then open a chooser: a browser allows that to a key only. */
  readonly pressKey: (key: PageKey) => void;
  /** Has the page do it, which knows what has the focus. */
  readonly onCommand: (command: MenuCommand) => void;
}

/** A key of the page with its modifiers, in Electron's names. */
export interface PageKey {
  readonly keyCode: string;
  readonly modifiers: readonly ('control' | 'shift')[];
}

const separator: MenuItemConstructorOptions = { type: 'separator' };

/** The menu bar: the system's own roles, so that names and shortcuts are those of the system. */
export function menuTemplate({
  isMac,
  isDeveloping,
  onAbout,
  pressKey,
  onCommand,
}: MenuOptions): MenuItemConstructorOptions[] {
  const about: MenuItemConstructorOptions = { label: 'About Auricle', click: onAbout };
  const application: MenuItemConstructorOptions = {
    label: 'Auricle',
    submenu: [
      about,
      separator,
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      separator,
      { role: 'quit' },
    ],
  };
  // The page handles these keys itself: the menu shows them, but does not take them.
  const item = (label: string, accelerator: string, click: () => void): MenuItemConstructorOptions => ({
    label,
    accelerator,
    registerAccelerator: false,
    click,
  });
  const keyItem = (label: string, accelerator: string, key: PageKey): MenuItemConstructorOptions =>
    item(label, accelerator, () => pressKey(key));
  const keys: MenuItemConstructorOptions = { label: 'Keys', click: () => onCommand('keys') };
  return [
    ...(isMac ? [application] : []),
    {
      label: '&File',
      submenu: [
        keyItem('Open folder…', 'CmdOrCtrl+O', { keyCode: 'O', modifiers: ['control'] }),
        keyItem('Open files…', 'CmdOrCtrl+Shift+O', { keyCode: 'O', modifiers: ['control', 'shift'] }),
        separator,
        item('Export…', 'CmdOrCtrl+S', () => onCommand('export')),
        separator,
        isMac ? { role: 'close' } : { role: 'quit' },
      ],
    },
    {
      label: '&Edit',
      submenu: [
        // Electron's own roles undo typing alone.
        item('Undo', 'CmdOrCtrl+Z', () => onCommand('undo')),
        item('Redo', isMac ? 'Cmd+Shift+Z' : 'Ctrl+Y', () => onCommand('redo')),
        separator,
        { role: 'cut' },
        { role: 'copy' },
        { role: 'paste' },
        { role: 'selectAll' },
      ],
    },
    {
      label: '&View',
      submenu: [
        ...(isDeveloping
          ? [{ role: 'reload' as const }, { role: 'toggleDevTools' as const }, separator]
          : []),
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        separator,
        { role: 'togglefullscreen' },
      ],
    },
    ...(isMac ? [{ role: 'windowMenu' as const }] : []),
    {
      role: 'help',
      label: '&Help',
      // On a Mac a menu takes its keys even where they are not registered, and `?` is text.
      submenu: [isMac ? keys : { ...keys, accelerator: '?', registerAccelerator: false }, separator, about],
    },
  ];
}

/** The text of the box About Auricle. */
export const aboutText = (version: string): { message: string; detail: string } => ({
  message: `Auricle ${version}`,
  detail: `Segments and measures the left atrial appendage in cardiac CT.\n\n${RESEARCH_USE_NOTICE}\n\nLicence: Apache-2.0.`,
});
