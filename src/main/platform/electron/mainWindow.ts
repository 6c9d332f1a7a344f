import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { app, BrowserWindow, dialog, screen } from 'electron';
import writeFileAtomic from 'write-file-atomic';
import { START_URL } from '../../page/pageOrigin.ts';
import { createLeaving } from './leaving.ts';
import { windowPreferences } from './windowPreferences.ts';
import { initialWindow, LEAST_SIZE, parseWindowState, type WindowState } from './windowState.ts';

export interface MainWindowOptions {
  readonly dataFolder: string;
  readonly preload: string;
  readonly isDeveloping: boolean;
}

const LOSE_QUESTION = {
  type: 'warning' as const,
  title: 'Auricle',
  message: 'Your last changes could not be saved.',
  detail: 'If you close now they are lost. Kept open, Auricle shows at the bottom why it could not save.',
  buttons: ['Keep open', 'Close and lose them'],
  defaultId: 0,
  cancelId: 0,
  loseId: 1,
  noLink: true,
};

const CRASH_QUESTION = {
  type: 'error' as const,
  title: 'Auricle',
  message: 'The window stopped unexpectedly.',
  detail: 'Your work was saved as you went: it is on the first screen.',
  buttons: ['Open it again', 'Close'],
  defaultId: 0,
  cancelId: 1,
  noLink: true,
};

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
  holdForUnsaved(window);
  offerAgain(window);
  void window.loadURL(START_URL);
  return window;
}

/** A page whose process crashed leaves an empty window; what it had done is saved. */
function offerAgain(window: BrowserWindow): void {
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit' || window.isDestroyed()) return;
    void dialog.showMessageBox(window, CRASH_QUESTION).then(({ response }) => {
      if (window.isDestroyed()) return;
      if (response === CRASH_QUESTION.defaultId) window.webContents.reload();
      else window.destroy();
    });
  });
}

/** What a person asks for waits until the page has saved its work; see `createLeaving`. */
function holdForUnsaved(window: BrowserWindow): void {
  const { webContents } = window;
  const leaving = createLeaving({
    again(departure) {
      if (window.isDestroyed()) return;
      if (departure === 'quit') app.quit();
      else if (departure === 'close') window.close();
      else webContents.reload();
    },
    // In the event itself, which Electron waits for.
    askWhetherToLose: () => dialog.showMessageBoxSync(window, LOSE_QUESTION) === LOSE_QUESTION.loseId,
    nowMs: () => performance.now(),
    later: (action, delayMs) => void setTimeout(action, delayMs),
  });
  app.on('before-quit', leaving.quitting);
  window.on('close', leaving.closing);
  webContents.on('will-prevent-unload', (event) => {
    if (leaving.held()) event.preventDefault();
  });
  webContents.on('did-navigate', leaving.over);
  window.on('closed', () => app.off('before-quit', leaving.quitting));
}

function readKept(file: string): WindowState | undefined {
  try {
    return parseWindowState(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
