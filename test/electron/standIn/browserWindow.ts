import { isAbsolute } from 'node:path';
import { app, type ClosableWindow } from './app.ts';
import { report } from './control.ts';
import { declaredEvents, declaredOptions } from './declarations.ts';
import { ElectronRule, onlyKnown, onlyWhenReady, PreventableEvent, StrictEmitter } from './rules.ts';
import { session } from './session.ts';
import { WebContents } from './webContents.ts';

interface Bounds {
  x: number;
  y: number;
  width: number;
  height: number;
}

interface WindowOptions extends Partial<Bounds> {
  readonly show?: boolean;
  readonly webPreferences?: { readonly preload?: string; readonly partition?: string };
}

const windows = new Set<BrowserWindow>();

/**
 * A window: https://www.electronjs.org/docs/latest/api/browser-window
 *
 * The end of one (#event-close, #winclose, #windestroy): `close` is "emitted before the beforeunload and unload event of
 * the DOM"; preventing it, or the page, keeps the window. `destroy` asks nobody and emits `closed` alone.
 */
export class BrowserWindow extends StrictEmitter implements ClosableWindow {
  private readonly contents: WebContents;
  private readonly bounds: Bounds;
  private isShown: boolean;
  private isGone = false;
  private isClosing = false;
  private state: 'normal' | 'minimized' | 'maximized' = 'normal';

  constructor(options: WindowOptions = {}) {
    super('BrowserWindow', [...declaredEvents('BrowserWindow'), ...declaredEvents('BaseWindow')]);
    onlyWhenReady('BrowserWindow');
    onlyKnown('BrowserWindow', options, declaredOptions('BrowserWindowConstructorOptions'));
    const { webPreferences = {}, x = 100, y = 100, width = 800, height = 600 } = options;
    onlyKnown('webPreferences', webPreferences, declaredOptions('WebPreferences'));
    const { preload, partition = '' } = webPreferences;
    // https://www.electronjs.org/docs/latest/api/structures/web-preferences: "the absolute file path to the script"
    if (preload === undefined || !isAbsolute(preload))
      throw new ElectronRule('A preload script has an absolute path');
    this.bounds = { x, y, width, height };
    this.isShown = options.show ?? true;
    this.contents = new WebContents(session.fromPartition(partition), preload);
    windows.add(this);
    app.windows.add(this);
    report('window', { options: structuredClone(options) });
    app.emit('browser-window-created', new PreventableEvent(), this);
    app.emit('web-contents-created', new PreventableEvent(), this.contents);
    this.contents.once('did-finish-load', () => {
      if (!this.isGone) this.emit('ready-to-show');
    });
  }

  static getAllWindows(): BrowserWindow[] {
    return [...windows];
  }
  static getFocusedWindow(): BrowserWindow | null {
    return [...windows].at(-1) ?? null;
  }

  get webContents(): WebContents {
    return this.alive().contents;
  }
  loadURL(url: string): Promise<void> {
    return this.alive().contents.loadURL(url);
  }
  show(): void {
    this.alive().isShown = true;
    report('show', {});
  }
  isVisible(): boolean {
    return this.alive().isShown;
  }
  focus(): void {
    this.alive();
    report('focus', {});
  }
  minimize(): void {
    this.alive().state = 'minimized';
  }
  isMinimized(): boolean {
    return this.alive().state === 'minimized';
  }
  restore(): void {
    this.alive().state = 'normal';
    report('restore', {});
  }
  maximize(): void {
    this.alive().state = 'maximized';
  }
  isMaximized(): boolean {
    return this.alive().state === 'maximized';
  }
  getNormalBounds(): Bounds {
    return { ...this.alive().bounds };
  }
  isDestroyed(): boolean {
    return this.isGone;
  }

  close(): void {
    this.alive();
    if (this.isClosing) return;
    this.isClosing = true;
    const event = new PreventableEvent();
    this.emit('close', event);
    report('close', { prevented: event.defaultPrevented });
    if (event.defaultPrevented) {
      this.stay();
      return;
    }
    // The page answers `beforeunload` from its own process, later.
    setImmediate(() => {
      if (this.isGone) return;
      const { page } = this.contents;
      if (page?.isHanging) {
        this.stay();
        this.emit('unresponsive');
      } else if (page && !this.contents.mayUnload()) this.stay();
      else this.gone();
    });
  }

  destroy(): void {
    if (!this.isGone) this.gone();
  }

  private stay(): void {
    this.isClosing = false;
    app.closeWasCancelled();
  }

  private gone(): void {
    this.isGone = true;
    windows.delete(this);
    this.contents.destroyed();
    report('closed', {});
    this.emit('closed');
    app.windowClosed(this);
  }

  /** "After receiving this event you should remove the reference to the window and avoid using it any more." */
  private alive(): this {
    if (this.isGone) throw new TypeError('Object has been destroyed');
    return this;
  }
}
