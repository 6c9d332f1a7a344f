import { readFileSync } from 'node:fs';
import { app, BrowserWindow, dialog, screen } from 'electron';
import { writeWholeSync } from '../../files/writeWhole.ts';
import { START_URL } from '../../page/pageOrigin.ts';
import { createLeaving } from './leaving.ts';
import { handlePageTrouble } from './pageTrouble.ts';
import { windowPreferences } from './windowPreferences.ts';
import { initialWindow, LEAST_SIZE, parseWindowState, type WindowState } from './windowState.ts';

export interface MainWindowOptions {
  /** Where the window's place is kept. */
  readonly file: string;
  readonly preload: string;
  readonly isDeveloping: boolean;
  /** Whether the page has work that would be lost if the system ended now. */
  readonly hasUnsavedWork: () => boolean;
  /** A page was loaded anew, or a person stayed where the window was to close. */
  readonly onKept: () => void;
}

/** The second of the buttons. */
const LOSE_BUTTON = 1;
const LOSE_QUESTION = {
  type: 'warning' as const,
  title: 'Auricle',
  message: 'Your last changes could not be saved.',
  detail: 'If you close now they are lost. Kept open, Auricle shows at the bottom why it could not save.',
  buttons: ['Keep open', 'Close and lose them'],
  defaultId: 0,
  cancelId: 0,
  noLink: true,
};

/** Opens the window where it was left, and keeps where it is left next. */
export function openMainWindow(options: MainWindowOptions): BrowserWindow {
  const { bounds, isMaximized } = initialWindow(
    readKept(options.file),
    screen.getAllDisplays().map(({ workArea }) => workArea),
  );
  const window = new BrowserWindow({
    ...bounds,
    minWidth: LEAST_SIZE.width,
    minHeight: LEAST_SIZE.height,
    show: false,
    title: 'Auricle',
    backgroundColor: '#111418',
    webPreferences: windowPreferences(options),
  });
  if (isMaximized) window.maximize();
  window.once('ready-to-show', () => window.show());
  keepPlace(window, options.file);
  holdForUnsaved(window, options);
  handlePageTrouble(window);
  // Where it fails, `did-fail-load` asks the person.
  window.loadURL(START_URL).catch(() => undefined);
  return window;
}

/** Writes where the window was when it is gone: a close that is held comes many times. */
function keepPlace(window: BrowserWindow, file: string): void {
  let state: WindowState | undefined;
  const note = (): void => {
    state = { bounds: window.getNormalBounds(), isMaximized: window.isMaximized() };
  };
  const write = (): void => {
    if (!state) return;
    try {
      writeWholeSync(file, JSON.stringify(state));
    } catch {
      // The next window opens at its usual place.
    }
  };
  window.on('close', note);
  window.on('closed', write);
  window.on('session-end', () => {
    note();
    write();
  });
}

/** What a person asks for waits until the page has saved its work; see `createLeaving`. */
function holdForUnsaved(window: BrowserWindow, { hasUnsavedWork, onKept }: MainWindowOptions): void {
  const { webContents } = window;
  const leaving = createLeaving({
    again(departure) {
      if (window.isDestroyed()) return;
      if (departure === 'quit') app.quit();
      else if (departure === 'close') window.close();
      else webContents.reload();
    },
    // In the event itself, which Electron waits for.
    askWhetherToLose: () => dialog.showMessageBoxSync(window, LOSE_QUESTION) === LOSE_BUTTON,
    kept: onKept,
    nowMs: () => performance.now(),
    later: (action, delayMs) => void setTimeout(action, delayMs),
  });
  app.on('before-quit', leaving.quitting);
  window.on('close', leaving.closing);
  webContents.on('will-prevent-unload', (event) => {
    if (leaving.held()) event.preventDefault();
  });
  webContents.on('did-navigate', () => {
    leaving.over();
    onKept();
  });
  window.on('closed', () => app.off('before-quit', leaving.quitting));
  // Windows ends for nobody who waits in `will-quit`: it is asked to wait for this window, until that is gone.
  window.on('query-session-end', (event) => {
    if (!hasUnsavedWork()) return;
    event.preventDefault();
    app.quit();
  });
}

function readKept(file: string): WindowState | undefined {
  try {
    return parseWindowState(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
