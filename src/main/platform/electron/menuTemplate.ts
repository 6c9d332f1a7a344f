import type { MenuItemConstructorOptions } from 'electron';
import { RESEARCH_USE_NOTICE } from '#shared/contract/report.ts';

export interface MenuOptions {
  readonly isMac: boolean;
  readonly isDeveloping: boolean;
  /** Shows the box About Auricle. */
  readonly onAbout: () => void;
  /** Presses a key in the page, which knows what to do and may then open a chooser. */
  readonly pressKey: (key: PageKey) => void;
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
  // The page listens to these keys itself: the menu shows them and presses them, but does not take them.
  const pageItem = (label: string, accelerator: string, key: PageKey): MenuItemConstructorOptions => ({
    label,
    accelerator,
    registerAccelerator: false,
    click: () => pressKey(key),
  });
  return [
    ...(isMac ? [application] : []),
    {
      label: '&File',
      submenu: [
        pageItem('Open folder…', 'CmdOrCtrl+O', { keyCode: 'O', modifiers: ['control'] }),
        pageItem('Open files…', 'CmdOrCtrl+Shift+O', { keyCode: 'O', modifiers: ['control', 'shift'] }),
        separator,
        pageItem('Export…', 'CmdOrCtrl+S', { keyCode: 'S', modifiers: ['control'] }),
        separator,
        isMac ? { role: 'close' } : { role: 'quit' },
      ],
    },
    {
      label: '&Edit',
      submenu: [
        { role: 'undo' },
        { role: 'redo' },
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
    {
      role: 'help',
      label: '&Help',
      submenu: [pageItem('Keys', '?', { keyCode: '?', modifiers: [] }), separator, about],
    },
  ];
}

/** The text of the box About Auricle. */
export const aboutText = (version: string): { message: string; detail: string } => ({
  message: `Auricle ${version}`,
  detail: `Segments and measures the left atrial appendage in cardiac CT.\n\n${RESEARCH_USE_NOTICE}\n\nLicence: Apache-2.0.`,
});
