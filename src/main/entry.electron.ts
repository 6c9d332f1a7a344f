import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { app, BrowserWindow, dialog, Menu, protocol, session } from 'electron';
import { failureOf } from '#shared/errors.ts';
import { onUnknownTransition } from '#shared/lifecycle/lifecycle.ts';
import { words } from '#shared/words/words.ts';
import { version } from '../../package.json';
import { type AuricleServer, createAuricleServer } from './application/auricleServer.ts';
import { findPageFolder } from './page/pageFiles.ts';
import { PAGE_SCHEME } from './page/pageOrigin.ts';
import { createElectronPlatform } from './platform/electron/electronPlatform.ts';
import { openMainWindow } from './platform/electron/mainWindow.ts';
import { aboutText, menuTemplate, type PageKey } from './platform/electron/menuTemplate.ts';
import { answerPageRequest } from './platform/electron/pageProtocol.ts';
import { secureContents, secureSession } from './platform/electron/secureContents.ts';
import { SESSION_PARTITION } from './platform/electron/windowPreferences.ts';
import { servePages } from './transport/ipc.ts';

onUnknownTransition((message) => void process.stderr.write(`${message}\n`));

const isDeveloping = !app.isPackaged;
let mainWindow: BrowserWindow | undefined;
let auricle: AuricleServer | undefined;

const showAbout = (): void => {
  const box = { type: 'info', title: 'About Auricle', ...aboutText(version) } as const;
  void (mainWindow ? dialog.showMessageBox(mainWindow, box) : dialog.showMessageBox(box));
};

const pressKey = ({ keyCode, modifiers }: PageKey): void =>
  mainWindow?.webContents.sendInputEvent({ type: 'keyDown', keyCode, modifiers: [...modifiers] });

const open = (): void => {
  mainWindow = openMainWindow({
    dataFolder: app.getPath('userData'),
    preload: fileURLToPath(new URL('../preload/preload.cjs', import.meta.url)),
    isDeveloping,
  });
  mainWindow.on('closed', () => {
    mainWindow = undefined;
  });
};

const start = (): void => {
  const pages = findPageFolder();
  const pageSession = session.fromPartition(SESSION_PARTITION);
  secureSession(pageSession);
  pageSession.protocol.handle(PAGE_SCHEME, (request) => answerPageRequest(pages, request));
  auricle = createAuricleServer(
    {
      dataFolder: join(app.getPath('userData'), 'data'),
      platform: createElectronPlatform(version, () => mainWindow),
    },
    (text) => process.stderr.write(`${text}\n`),
  );
  servePages(auricle.serve);
  Menu.setApplicationMenu(
    Menu.buildFromTemplate(
      menuTemplate({ isMac: process.platform === 'darwin', isDeveloping, onAbout: showAbout, pressKey }),
    ),
  );
  open();
};

// Everything down to `whenReady` has to happen before Electron is ready.
protocol.registerSchemesAsPrivileged([
  { scheme: PAGE_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
]);
app.enableSandbox();
app.on('web-contents-created', (_event, contents) => secureContents(contents));
app.on('window-all-closed', () => {
  if (process.platform !== 'darwin') app.quit();
});
app.on('activate', () => {
  if (app.isReady() && BrowserWindow.getAllWindows().length === 0) open();
});
app.on('will-quit', (event) => {
  const ending = auricle;
  if (!ending) return;
  auricle = undefined;
  // Threads are ended before the process is.
  event.preventDefault();
  const quit = (): void => app.quit();
  void ending.close().then(quit, quit);
});

if (app.requestSingleInstanceLock()) {
  app.on('second-instance', () => {
    if (mainWindow?.isMinimized()) mainWindow.restore();
    mainWindow?.focus();
  });
  void app
    .whenReady()
    .then(start)
    .catch((thrown: unknown) => {
      dialog.showErrorBox('Auricle cannot start', words('en').sentence(failureOf(thrown)));
      app.exit(1);
    });
} else {
  app.quit();
}
