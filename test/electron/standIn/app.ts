import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import { join, posix, win32 } from 'node:path';
import process from 'node:process';
import { productName, version } from '../../../package.json';
import { report } from './control.ts';
import { declaredEvents, declaredOptions } from './declarations.ts';
import {
  ElectronRule,
  onlyBeforeReady,
  onlyKnown,
  PreventableEvent,
  readiness,
  StrictEmitter,
} from './rules.ts';
import { situation } from './situation.ts';
import { endUtilityProcesses, onUtilityGone } from './utilityProcess.ts';

/** The windows as the application's end sees them; `browserWindow.ts` registers them. */
export interface ClosableWindow {
  close(): void;
  destroy(): void;
}

/** https://www.electronjs.org/docs/latest/api/app#appgetpathname */
const PATH_NAMES = [
  'home',
  'appData',
  'assets',
  'userData',
  'sessionData',
  'temp',
  'exe',
  'module',
  'desktop',
  'documents',
  'downloads',
  'music',
  'pictures',
  'videos',
  'recent',
  'logs',
  'crashDumps',
];

/** https://www.electronjs.org/docs/latest/api/command-line */
class CommandLine {
  private readonly switches = new Map(Object.entries(situation().switches));
  hasSwitch(name: string): boolean {
    return this.switches.has(name);
  }
  getSwitchValue(name: string): string {
    return this.switches.get(name) ?? '';
  }
  /** Chromium reads its switches when it starts: one that is added later does nothing, and is an error here. */
  appendSwitch(name: string, value = ''): void {
    onlyBeforeReady('app.commandLine.appendSwitch');
    if (name.startsWith('-') || name !== name.toLowerCase())
      throw new ElectronRule('Switches are lower case and without dashes in front');
    this.switches.set(name, value);
  }
}

interface SecondInstance {
  readonly argv: string[];
  readonly workingDirectory: string;
  readonly additionalData: unknown;
}

/**
 * The application's life: https://www.electronjs.org/docs/latest/api/app
 *
 * The end (https://www.electronjs.org/docs/latest/api/app#appquit, #event-before-quit, #event-will-quit,
 * #event-window-all-closed, #event-quit): `before-quit` → each window closes (`close`, `beforeunload`) → `will-quit` →
 * `quit`. Preventing any of the first three, or a page that holds, cancels the quit as a whole.
 */
export class App extends StrictEmitter {
  readonly commandLine = new CommandLine();
  readonly isPackaged = situation().isPackaged;
  /** https://www.electronjs.org/docs/latest/api/app#appname: `productName` of package.json stands above `name`. */
  name = productName;
  isSandboxEnabled = false;
  readonly windows = new Set<ClosableWindow>();
  private readonly paths = new Map<string, string>(Object.entries(situation().paths));
  private readonly ready: Promise<void>;
  private becomeReady = (): void => {};
  private isQuitting = false;
  private isExiting = false;
  private isEnding = false;
  private lockFolder: string | undefined;
  private hasNoSecondLock = true;

  constructor() {
    super('app', declaredEvents('App'));
    this.ready = new Promise((resolve) => {
      this.becomeReady = resolve;
    });
    onUtilityGone((details) => this.emit('child-process-gone', new PreventableEvent(), details));
  }

  /** Called when the entry has been evaluated: then, and not before, Electron gets ready. */
  finishLaunching(): void {
    if (this.isEnding) return;
    this.emit('will-finish-launching');
    if (this.isQuitting) {
      this.windowsAreClosed();
      return;
    }
    readiness.isReady = true;
    this.emit('ready', new PreventableEvent(), {});
    this.becomeReady();
  }

  isReady(): boolean {
    return readiness.isReady;
  }
  whenReady(): Promise<void> {
    return this.ready;
  }
  getVersion(): string {
    return version;
  }
  getName(): string {
    return this.name;
  }
  getAppPath(): string {
    return situation().appPath;
  }
  focus(): void {}

  getPath(name: string): string {
    if (!PATH_NAMES.includes(name)) throw new ElectronRule(`app.getPath knows no ${name}`);
    if (name === 'userData')
      return (
        this.paths.get('userData') ??
        (this.commandLine.getSwitchValue('user-data-dir') || join(this.getPath('appData'), this.name))
      );
    if (name === 'sessionData') return this.paths.get('sessionData') ?? this.getPath('userData');
    const path = this.paths.get(name);
    if (path === undefined) throw new ElectronRule(`Failed to get '${name}' path`);
    return path;
  }

  /** https://www.electronjs.org/docs/latest/api/app#appsetpathname-path */
  setPath(name: string, path: string): void {
    if (!PATH_NAMES.includes(name)) throw new ElectronRule(`app.setPath knows no ${name}`);
    const { isAbsolute } = situation().platform === 'win32' ? win32 : posix;
    if (!isAbsolute(path)) throw new ElectronRule('Path must be absolute');
    if (!existsSync(path)) throw new ElectronRule(`The folder of ${name} does not exist`);
    if (name === 'userData' || name === 'sessionData') onlyBeforeReady(`app.setPath('${name}')`);
    // "by setting a different user data directory … before calling app.requestSingleInstanceLock()"
    if (name === 'userData' && !this.hasNoSecondLock)
      throw new ElectronRule('The lock was requested for another userData');
    this.paths.set(name, path);
  }

  /** "This method can only be called before app is ready." */
  enableSandbox(): void {
    onlyBeforeReady('app.enableSandbox');
    this.isSandboxEnabled = true;
  }

  disableHardwareAcceleration(): void {
    onlyBeforeReady('app.disableHardwareAcceleration');
  }

  /** https://www.electronjs.org/docs/latest/api/structures/gpu-feature-status; only what is looked at. */
  getGPUFeatureStatus(): Record<string, string> {
    const software = this.commandLine.hasSwitch('enable-unsafe-swiftshader');
    const webgl = situation().hasGpu ? 'enabled' : software ? 'unavailable_software' : 'disabled_off';
    return { webgl, webgl2: webgl, gpu_compositing: situation().hasGpu ? 'enabled' : 'disabled_software' };
  }

  /**
   * https://www.electronjs.org/docs/latest/api/app#apprequestsingleinstancelockadditionaldata: scoped to `userData`; the
   * second process gets false, the first one `second-instance`. Its `argv` is not what was typed: "the order might
   * change and additional arguments might be appended".
   */
  requestSingleInstanceLock(additionalData: object = {}): boolean {
    this.hasNoSecondLock = false;
    const folder = this.getPath('userData');
    mkdirSync(folder, { recursive: true });
    const lock = join(folder, 'SingletonLock');
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
    } catch {
      const isAlive = (): boolean => {
        try {
          return process.kill(Number(readFileSync(lock, 'utf8')), 0);
        } catch {
          return false;
        }
      };
      if (isAlive()) {
        const [program = '', ...args] = process.argv;
        const second: SecondInstance = {
          argv: [
            program,
            '--allow-file-access-from-files',
            ...args.filter((arg) => arg.startsWith('-')),
            ...args.filter((arg) => !arg.startsWith('-')),
          ],
          workingDirectory: process.cwd(),
          additionalData: structuredClone(additionalData),
        };
        writeFileSync(join(folder, `Singleton-${process.pid}.tmp`), JSON.stringify(second));
        writeFileSync(join(folder, `Singleton-${process.pid}`), JSON.stringify(second));
        return false;
      }
      writeFileSync(lock, String(process.pid));
    }
    this.lockFolder = folder;
    watch(folder, (_event, name) => {
      if (name && /^Singleton-\d+$/.test(name)) this.receiveSecond(join(folder, name));
    }).unref();
    for (const name of readdirSync(folder)) if (/^Singleton-\d+$/.test(name)) rmSync(join(folder, name));
    return true;
  }

  hasSingleInstanceLock(): boolean {
    return this.lockFolder !== undefined;
  }

  private receiveSecond(file: string): void {
    if (!existsSync(file)) return;
    let second: SecondInstance;
    try {
      second = JSON.parse(readFileSync(file, 'utf8')) as SecondInstance; // written above
    } catch {
      return; // still being written; the next event of the watcher comes when it is whole
    }
    rmSync(file, { force: true });
    // "This event is guaranteed to be emitted after the ready event of app gets emitted."
    void this.ready.then(() =>
      this.emit(
        'second-instance',
        new PreventableEvent(),
        second.argv,
        second.workingDirectory,
        second.additionalData,
      ),
    );
  }

  relaunch(options: { args?: string[]; execPath?: string } = {}): void {
    onlyKnown('app.relaunch', options, declaredOptions('RelaunchOptions'));
    report('relaunch', options);
  }

  quit(): void {
    if (this.isQuitting || this.isEnding) return;
    const event = new PreventableEvent();
    this.emit('before-quit', event);
    report('before-quit', { prevented: event.defaultPrevented });
    if (event.defaultPrevented) return;
    this.isQuitting = true;
    if (!readiness.isReady) return; // it ends instead of getting ready
    if (this.windows.size === 0) this.windowsAreClosed();
    else for (const window of this.windows) window.close();
  }

  exit(exitCode = 0): void {
    // From here on closed windows mean nothing more.
    this.isExiting = true;
    for (const window of this.windows) window.destroy();
    this.end(exitCode);
  }

  /** A window stayed open: the quit is cancelled as a whole. */
  closeWasCancelled(): void {
    if (this.isQuitting) report('quit-cancelled', {});
    this.isQuitting = false;
  }

  windowClosed(window: ClosableWindow): void {
    this.windows.delete(window);
    if (this.windows.size === 0 && !this.isExiting && !this.isEnding) this.windowsAreClosed();
  }

  private windowsAreClosed(): void {
    if (!this.isQuitting) {
      report('window-all-closed', {});
      // "If you do not subscribe to this event and all windows are closed, the default behavior is to quit the app."
      if (this.listenerCount('window-all-closed') === 0) this.quit();
      else this.emit('window-all-closed');
      return;
    }
    const event = new PreventableEvent();
    this.emit('will-quit', event);
    report('will-quit', { prevented: event.defaultPrevented });
    if (event.defaultPrevented) this.isQuitting = false;
    else this.end(0);
  }

  private end(exitCode: number): void {
    if (this.isEnding) return;
    this.isEnding = true;
    this.emit('quit', new PreventableEvent(), exitCode);
    report('quit', { exitCode });
    endUtilityProcesses();
    if (this.lockFolder !== undefined) rmSync(join(this.lockFolder, 'SingletonLock'), { force: true });
    // Reports go out first.
    setImmediate(() => process.exit(exitCode));
  }
}

export const app = new App();
