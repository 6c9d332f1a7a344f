import type { MenuItemConstructorOptions } from 'electron';

export interface MenuOptions {
  readonly isMac: boolean;
  readonly isDeveloping: boolean;
  /** Shows the box About Auricle. */
  readonly onAbout: () => void;
}

const separator: MenuItemConstructorOptions = { type: 'separator' };

/** The menu bar: the system's own roles, so that names and shortcuts are those of the system. */
export function menuTemplate({ isMac, isDeveloping, onAbout }: MenuOptions): MenuItemConstructorOptions[] {
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
  return [
    ...(isMac ? [application] : []),
    { label: '&File', submenu: [isMac ? { role: 'close' } : { role: 'quit' }] },
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
    { role: 'help', label: '&Help', submenu: [about] },
  ];
}
