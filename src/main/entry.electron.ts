import { homedir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { app, type BrowserWindow, dialog, Menu, protocol, session } from 'electron';
import type { MenuCommand } from '#shared/contract/services/app.ts';
import { failureOf } from '#shared/errors.ts';
import { onUnknownTransition } from '#shared/lifecycle/lifecycle.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import { words } from '#shared/words/words.ts';
import { version } from '../../package.json';
import { type AuricleServer, createAuricleServer } from './application/auricleServer.ts';
import { findPageFolder } from './page/pageFiles.ts';
import { PAGE_SCHEME } from './page/pageOrigin.ts';
import { createElectronPlatform } from './platform/electron/electronPlatform.ts';
import { openMainWindow } from './platform/electron/mainWindow.ts';
import { aboutText, menuTemplate, type PageKey } from './platform/electron/menuTemplate.ts';
import {
  argumentsWith,
  type CommandLine,
  openedPaths,
  pathsOfSecondStart,
  secondStart,
  startedFrom,
} from './platform/electron/openedPaths.ts';
import { answerPageRequest } from './platform/electron/pageProtocol.ts';
import { createProgramEnd } from './platform/electron/programEnd.ts';
import { chooseFolders, moveOldData } from './platform/electron/programFolders.ts';
import { secureContents, secureSession } from './platform/electron/secureContents.ts';
import { SESSION_PARTITION } from './platform/electron/windowPreferences.ts';
import { servePages } from './transport/ipc.ts';

/** The exit code of a program that has said itself why it cannot start; `npm start` then does not look for a reason. */
const SAID_WHY = 70;

const log = (text: string): void => void process.stderr.write(`${text}\n`);
onUnknownTransition(log);

const isDeveloping = !app.isPackaged;
const isMac = process.platform === 'darwin';
const commandLine: CommandLine = {
  argv: process.argv,
  workingDirectory: process.cwd(),
  isPackaged: app.isPackaged,
};
const { platform, env } = process;
const folders = chooseFolders(app, { platform, home: homedir(), env });
/** What was opened before there is a server to offer it. */
const openedEarly = openedPaths(commandLine);
let mainWindow: BrowserWindow | undefined;
let auricle: AuricleServer | undefined;
let hasUnsavedWork = false;

const openWindow = (): void => {
  mainWindow = openMainWindow({
    file: join(folders.profileFolder, 'window.json'),
    preload: fileURLToPath(new URL('../preload/preload.cjs', import.meta.url)),
    isDeveloping,
    hasUnsavedWork: () => hasUnsavedWork,
    onKept: programEnd.kept,
  });
  // A page that is new, or gone, holds nothing; the next one says what it has.
  const nothingUnsaved = (): void => {
    hasUnsavedWork = false;
  };
  mainWindow.webContents.on('did-navigate', nothingUnsaved);
  mainWindow.webContents.on('render-process-gone', nothingUnsaved);
  mainWindow.on('closed', () => {
    mainWindow = undefined;
    nothingUnsaved();
  });
};

/** Shows the window, and in it what a person opened. */
const show = (paths: readonly string[] = []): void => {
  if (!auricle) {
    openedEarly.push(...paths);
    return;
  }
  auricle.offer(paths);
  if (!mainWindow) {
    openWindow();
    return;
  }
  if (mainWindow.isMinimized()) mainWindow.restore();
  mainWindow.show();
  mainWindow.focus();
};

const programEnd = createProgramEnd({
  close: async () => auricle?.close(),
  quit: () => app.quit(),
  relaunch: (paths) =>
    app.relaunch({
      args: argumentsWith(paths, commandLine),
      ...withoutUndefined({ execPath: startedFrom(env) }),
    }),
  show,
});

const showAbout = (): void => {
  const box = { type: 'info', title: 'About Auricle', ...aboutText(version) } as const;
  void (mainWindow ? dialog.showMessageBox(mainWindow, box) : dialog.showMessageBox(box));
};

const pressKey = ({ keyCode, modifiers }: PageKey): void => {
  if (mainWindow)
    mainWindow.webContents.sendInputEvent({ type: 'keyDown', keyCode, modifiers: [...modifiers] });
  else show();
};

const start = (): void => {
  for (const name of moveOldData(folders)) log(`auricle: ${name} of an earlier version could not be moved.`);
  const pages = findPageFolder();
  const pageSession = session.fromPartition(SESSION_PARTITION);
  secureSession(pageSession);
  pageSession.protocol.handle(PAGE_SCHEME, (request) => answerPageRequest(pages, request));
  auricle = createAuricleServer(
    {
      dataFolder: folders.dataFolder,
      platform: createElectronPlatform(
        version,
        () => mainWindow,
        (isUnsaved) => {
          hasUnsavedWork = isUnsaved;
        },
      ),
    },
    log,
  );
  servePages(auricle.serve);
  const onCommand = (command: MenuCommand): void => {
    if (mainWindow) auricle?.emit('menu', { command });
    else show();
  };
  Menu.setApplicationMenu(
    Menu.buildFromTemplate(menuTemplate({ isMac, isDeveloping, onAbout: showAbout, pressKey, onCommand })),
  );
  show(openedEarly);
};

// Everything down to `whenReady` has to happen before Electron is ready.
protocol.registerSchemesAsPrivileged([
  { scheme: PAGE_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
]);
// AppImages start with this switch where the system forbids the sandbox (Ubuntu 23.10 and later). `enableSandbox` would
// take it from the page's process, which then could not start: a blank window.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
// Virtual machines and remote desktops have no graphics processor. Chromium draws 3D in software only where that is
// allowed, because of pages that nobody knows; this program shows its own alone.
app.commandLine.appendSwitch('enable-unsafe-swiftshader');

if (app.requestSingleInstanceLock(secondStart(openedEarly))) {
  app.on('second-instance', (_event, _argv, _folder, data) =>
    programEnd.startedAgain(pathsOfSecondStart(data)),
  );
  app.on('activate', () => programEnd.startedAgain([]));
  app.on('open-file', (event, path) => {
    event.preventDefault();
    programEnd.startedAgain([path]);
  });
  app.on('web-contents-created', (_event, contents) => secureContents(contents));
  app.on('window-all-closed', () => {
    if (!isMac) app.quit();
  });
  app.on('before-quit', programEnd.quitting);
  app.on('will-quit', (event) => {
    if (programEnd.windowsClosed()) event.preventDefault();
  });
  void app
    .whenReady()
    .then(start)
    .catch((thrown: unknown) => {
      dialog.showErrorBox('Auricle cannot start', words('en').sentence(failureOf(thrown)));
      app.exit(SAID_WHY);
    });
} else {
  // The first program has what was opened; here nothing was started.
  app.quit();
}
