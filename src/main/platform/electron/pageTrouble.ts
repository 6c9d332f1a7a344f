import { type BrowserWindow, dialog } from 'electron';

/** The page is asked to come again, or the window goes. */
const box = (message: string, detail: string, buttons: readonly [string, string]) => ({
  type: 'error' as const,
  title: 'Auricle',
  message,
  detail,
  buttons: [...buttons],
  defaultId: 0,
  cancelId: 1,
  noLink: true,
});

const CRASHED = box(
  'The window stopped unexpectedly.',
  'Your work was saved as you went: it is on the first screen.',
  ['Open it again', 'Close'],
);

const NOT_LOADED = (reason: string) =>
  box('The window’s page could not be loaded.', `The system says: ${reason}.`, ['Try again', 'Close']);

const UNRESPONSIVE = {
  ...box(
    'The window does not respond.',
    'It may go on by itself. If you open it again, what was saved last is on the first screen.',
    ['Wait', 'Open it again'],
  ),
  type: 'warning' as const,
  cancelId: 0,
};

/** A load that something newer replaced, or that the page itself refused; nothing is wrong. */
const ERR_ABORTED = -3;

/** Asks what to do where the page's process crashed, the page does not load, or it does not respond. */
export function handlePageTrouble(window: BrowserWindow): void {
  const { webContents } = window;
  /** The person has decided to open the page again, which ends its process. */
  let isOpeningAgain = false;
  let isAsking = false;

  const askToReload = async (question: typeof CRASHED): Promise<void> => {
    if (isAsking || window.isDestroyed()) return;
    isAsking = true;
    // A page that never came leaves the window hidden.
    window.show();
    const { response } = await dialog.showMessageBox(window, question);
    isAsking = false;
    if (window.isDestroyed()) return;
    if (response === question.defaultId) webContents.reload();
    else window.destroy();
  };

  webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason !== 'clean-exit' && !isOpeningAgain) void askToReload(CRASHED);
  });

  webContents.on('did-fail-load', (_event, code, description, _url, isMainFrame) => {
    if (isMainFrame && code !== ERR_ABORTED)
      void askToReload(NOT_LOADED(`${description || 'error'} ${code}`));
  });

  let waiting: AbortController | undefined;
  window.on('unresponsive', () => {
    if (waiting || isAsking) return;
    waiting = new AbortController();
    const { signal } = waiting;
    void dialog.showMessageBox(window, { ...UNRESPONSIVE, signal }).then(({ response }) => {
      waiting = undefined;
      if (signal.aborted || response === UNRESPONSIVE.defaultId || window.isDestroyed()) return;
      // A page that does not respond lets nobody load it again; its process has to go first.
      isOpeningAgain = true;
      webContents.forcefullyCrashRenderer();
      isOpeningAgain = false;
      webContents.reload();
    });
  });
  window.on('responsive', () => waiting?.abort());
}
