import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { app } from './app.ts';
import { listenToTest, report } from './control.ts';
import { situation } from './situation.ts';

/**
 * Starts an application as Electron does: its entry is evaluated, and only then does Electron get ready
 * (https://www.electronjs.org/docs/latest/tutorial/esm#main-process).
 */
const [, , entry = '', ...args] = process.argv;
const { platform, isPackaged, appPath, switches } = situation();
const typed = Object.entries(switches).map(([name, value]) => (value ? `--${name}=${value}` : `--${name}`));
// https://www.electronjs.org/docs/latest/api/process#processdefaultapp: an application that is not packaged is an
// argument of Electron's own program.
process.argv = [process.execPath, ...(isPackaged ? [] : [appPath]), ...typed, ...args];
Object.defineProperty(process, 'platform', { value: platform });
Object.assign(process, {
  type: 'browser',
  resourcesPath: appPath,
  ...(isPackaged ? {} : { defaultApp: true }),
});
Object.assign(process.versions, { electron: '45.0.0', chrome: '150.0.0.0' });
// Electron prints what Node would end the program for.
process.on('unhandledRejection', (reason) => report('unhandled-rejection', { reason: String(reason) }));
listenToTest();
await import(pathToFileURL(entry).href);
setImmediate(() => app.finishLaunching());
