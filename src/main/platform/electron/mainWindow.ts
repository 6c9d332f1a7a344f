import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BrowserWindow, screen } from 'electron';
import writeFileAtomic from 'write-file-atomic';
import { START_URL } from './pageOrigin.ts';
import { windowPreferences } from './windowPreferences.ts';
import { initialWindow, LEAST_SIZE, parseWindowState, type WindowState } from './windowState.ts';

export interface MainWindowOptions {
  readonly dataFolder: string;
  readonly preload: string;
  readonly isDeveloping: boolean;
}

/** Opens the window where it was left, and keeps where it is left next. */
export function openMainWindow({ dataFolder, preload, isDeveloping }: MainWindowOptions): BrowserWindow {
  const file = join(dataFolder, 'window.json');
  const { bounds, isMaximized } = initialWindow(
    readKept(file),
    screen.getAllDisplays().map(({ workArea }) => workArea),
  );
  const window = new BrowserWindow({
    ...bounds,
    minWidth: LEAST_SIZE.width,
    minHeight: LEAST_SIZE.height,
    show: false,
    title: 'Auricle',
    backgroundColor: '#111418',
    webPreferences: windowPreferences({ preload, isDeveloping }),
  });
  if (isMaximized) window.maximize();
  window.once('ready-to-show', () => window.show());
  window.on('close', () => {
    const state: WindowState = { bounds: window.getNormalBounds(), isMaximized: window.isMaximized() };
    try {
      writeFileAtomic.sync(file, JSON.stringify(state));
    } catch {
      // The next window opens at its usual place.
    }
  });
  void window.loadURL(START_URL);
  return window;
}

function readKept(file: string): WindowState | undefined {
  try {
    return parseWindowState(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
