import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import { type Application, buildStandIn, launch, type StandIn } from './standIn/launch.ts';

/** The stand-in's own rules: what it would let pass, no test of the program could find. */
let standIn: StandIn;
let home = '';
beforeAll(async () => {
  standIn = await buildStandIn();
  home = mkdtempSync(join(tmpdir(), 'auricle-rules-'));
  writeFileSync(join(home, 'preload.cjs'), '');
});
afterAll(() => {
  standIn.remove();
  rmSync(home, { recursive: true, force: true });
});

let count = 0;
/** Runs main process code on the stand-in. `broken` says which rule a call broke. */
function run(code: string, patienceMs?: number): Application {
  count += 1;
  const entry = join(home, `main-${count}.mjs`);
  writeFileSync(
    entry,
    `import { app, BrowserWindow, dialog, ipcMain, Menu, protocol, screen, session, utilityProcess } from 'electron';
     const preload = ${JSON.stringify(join(home, 'preload.cjs'))};
     const broken = (call) => { try { call(); console.log('nothing'); } catch (error) { console.log(error.message); } };
     const open = (options = {}) => {
       const window = new BrowserWindow({ webPreferences: { preload, partition: 'test' }, ...options });
       const pages = session.fromPartition('test').protocol;
       if (!pages.isProtocolHandled('app')) pages.handle('app', () => new Response('<title>Test</title>'));
       return window;
     };
     ${code}`,
  );
  return launch(standIn, {
    ...{ entry, home: join(home, String(count)) },
    ...withoutUndefined({ patienceMs }),
  });
}
const linesOf = async (application: Application): Promise<string[]> => {
  await application.exited;
  return application.output.trim().split('\n');
};

describe('the stand-in is as strict as Electron', () => {
  it('about what has to wait until the application is ready', async () => {
    const lines = await linesOf(
      run(`broken(() => new BrowserWindow());
        broken(() => session.fromPartition('test'));
        broken(() => screen.getAllDisplays());
        broken(() => dialog.showMessageBox({ message: 'x' }));
        broken(() => Menu.setApplicationMenu(null));
        broken(() => utilityProcess.fork('x'));
        console.log(app.isReady());
        app.whenReady().then(() => { console.log(app.isReady()); app.exit(); });`),
    );
    const late = (what: string): string => `${what} can only be used after the app is ready`;
    expect(lines).toEqual([
      late('BrowserWindow'),
      late('session.fromPartition'),
      late('screen'),
      late('dialog.showMessageBox'),
      late('Menu.setApplicationMenu'),
      late('utilityProcess.fork'),
      'false',
      'true',
    ]);
  });

  it('about what has to be done before, and once', async () => {
    const lines = await linesOf(
      run(`protocol.registerSchemesAsPrivileged([{ scheme: 'app', privileges: { standard: true } }]);
        broken(() => protocol.registerSchemesAsPrivileged([]));
        broken(() => app.setPath('userData', '/none/there'));
        broken(() => app.setPath('userData', 'relative'));
        app.requestSingleInstanceLock();
        broken(() => app.setPath('userData', ${JSON.stringify(home)}));
        app.whenReady().then(() => {
          broken(() => app.enableSandbox());
          broken(() => app.commandLine.appendSwitch('enable-unsafe-swiftshader'));
          broken(() => protocol.registerSchemesAsPrivileged([]));
          app.exit();
        });`),
    );
    const early = (what: string): string => `${what} can only be used before the app is ready`;
    expect(lines).toEqual([
      'Schemes can be registered as privileged only once',
      'The folder of userData does not exist',
      'Path must be absolute',
      'The lock was requested for another userData',
      early('app.enableSandbox'),
      early('app.commandLine.appendSwitch'),
      early('protocol.registerSchemesAsPrivileged'),
    ]);
  });

  it('about options, events and roles that the installed version does not have', async () => {
    const lines = await linesOf(
      run(`broken(() => app.on('quitting', () => {}));
        broken(() => app.getPath('data'));
        app.whenReady().then(() => {
          broken(() => new BrowserWindow({ colour: 'red' }));
          broken(() => new BrowserWindow({ webPreferences: { preload, sandboxed: true } }));
          broken(() => new BrowserWindow({ webPreferences: { preload: 'preload.cjs' } }));
          const window = open();
          broken(() => window.on('close-request', () => {}));
          broken(() => dialog.showMessageBox(window, { message: 'x', loseId: 1 }));
          broken(() => dialog.showMessageBoxSync(window, { message: 'x' }));
          broken(() => Menu.buildFromTemplate([{ role: 'undoAll' }]));
          broken(() => Menu.buildFromTemplate([{ label: 'A', accelerator: 'Strg+A' }]));
          broken(() => Menu.buildFromTemplate([{ submenu: [] }]));
          broken(() => app.relaunch({ arguments: [] }));
          broken(() => session.fromPartition('test').protocol.handle('app', () => {}));
          window.destroy();
          broken(() => window.show());
          app.exit();
        });`),
    );
    expect(lines).toEqual([
      'app has no event quitting',
      'app.getPath knows no data',
      'BrowserWindow has no option colour',
      'webPreferences has no option sandboxed',
      'A preload script has an absolute path',
      'BrowserWindow has no event close-request',
      'dialog.showMessageBox has no option loseId',
      'A box that blocks has to be answered before it is shown',
      'There is no role undoAll',
      'Strg+A is no accelerator',
      'A menu item has a role, a label or is a separator',
      'app.relaunch has no option arguments',
      'app is handled already',
      'Object has been destroyed',
    ]);
  });

  it('about the page: its scheme, its policy of loading, its preload script', async () => {
    writeFileSync(join(home, 'reaching.cjs'), "require('fs');");
    const lines = await linesOf(
      run(`protocol.registerSchemesAsPrivileged([{ scheme: 'app', privileges: { standard: true } }]);
        app.whenReady().then(async () => {
          const failed = (promise) => promise.then(() => console.log('loaded'), (error) => console.log(error.message));
          const window = open();
          window.webContents.on('did-fail-load', (_event, code, name, url, isMainFrame) =>
            console.log(code, name, isMainFrame));
          await failed(window.loadURL('app://test/'));
          // Another partition does not have the handler.
          const other = new BrowserWindow({ webPreferences: { preload, partition: 'other' } });
          await failed(other.loadURL('app://test/'));
          session.fromPartition('test').webRequest.onBeforeRequest((_details, answer) => answer({ cancel: true }));
          await failed(window.loadURL('app://test/'));
          const reaching = ${JSON.stringify(join(home, 'reaching.cjs'))};
          const third = new BrowserWindow({ webPreferences: { preload: reaching, partition: 'third' } });
          session.fromPartition('third').protocol.handle('app', () => new Response(''));
          await failed(third.loadURL('app://test/'));
          app.exit();
        });`),
    );
    expect(lines).toEqual([
      'loaded',
      "ERR_UNKNOWN_URL_SCHEME (-302) loading 'app://test/'",
      '-20 ERR_BLOCKED_BY_CLIENT true',
      "ERR_BLOCKED_BY_CLIENT (-20) loading 'app://test/'",
      'A sandboxed preload script cannot load fs',
    ]);
  });
});

/** Main process code that logs what comes, and may prevent one event once. */
const quitting = (prevented: string, then = ''): string => `
  let isPrevented = false;
  const log = (name) => (event) => {
    console.log(name);
    if (name !== '${prevented}' || isPrevented) return;
    isPrevented = true;
    event.preventDefault();
  };
  for (const name of ['before-quit', 'will-quit', 'quit']) app.on(name, log(name));
  app.whenReady().then(async () => {
    const window = open();
    window.on('close', log('close'));
    window.on('closed', log('closed'));
    await window.loadURL('app://test/');
    ${then || `app.quit(); setTimeout(() => { console.log('again'); app.quit(); }, 50);`}
  });`;

describe('the stand-in quits as Electron', () => {
  it('where nothing is prevented, without a last word about windows', async () => {
    const lines = await linesOf(
      run(`${quitting('none')} app.on('window-all-closed', () => console.log('all'));`),
    );
    expect(lines).toEqual(['before-quit', 'close', 'closed', 'will-quit', 'quit']);
  });

  it.each([
    ['before-quit', ['before-quit', 'again', 'before-quit', 'close', 'closed', 'will-quit', 'quit']],
    ['close', ['before-quit', 'close', 'again', 'before-quit', 'close', 'closed', 'will-quit', 'quit']],
    [
      'will-quit',
      ['before-quit', 'close', 'closed', 'will-quit', 'again', 'before-quit', 'will-quit', 'quit'],
    ],
  ])('not, where %s is prevented', async (prevented, expected) => {
    expect(await linesOf(run(quitting(prevented)))).toEqual(expected);
  });

  it('when the last window closes, unless somebody listens to that', async () => {
    expect(await linesOf(run(quitting('none', 'window.close();')))).toEqual([
      'close',
      'closed',
      'before-quit',
      'will-quit',
      'quit',
    ]);
    const listening = run(`${quitting('none', 'window.close();')}
      app.on('window-all-closed', () => { console.log('all'); app.exit(4); });`);
    expect(await linesOf(listening)).toEqual(['close', 'closed', 'all', 'quit']);
    expect(await listening.exited).toBe(4);
  });

  it('without a question where it is forced to', async () => {
    expect(await linesOf(run(quitting('none', 'app.exit();')))).toEqual(['closed', 'quit']);
    expect(await linesOf(run(quitting('none', 'window.destroy();')))).toEqual([
      'closed',
      'before-quit',
      'will-quit',
      'quit',
    ]);
  });
});

describe('a test of the program', () => {
  it('fails soon where the program does not end or report what it should', async () => {
    const application = run('app.whenReady().then(() => open()); setInterval(() => {}, 1e9);', 2000);
    try {
      await expect(application.saw('never')).rejects.toThrow(/^never does not come: /);
      await expect(application.exited).rejects.toThrow(/^its end does not come: /);
    } finally {
      application.kill();
    }
  });
});
