import { app } from './app.ts';
import { report } from './control.ts';
import { declaredEvents, declaredOptions } from './declarations.ts';
import { type Frame, Page } from './page.ts';
import { ElectronRule, onlyKnown, PreventableEvent, StrictEmitter } from './rules.ts';
import { type Session, schemePrivileges } from './session.ts';
import { situation } from './situation.ts';

/** An event with an address: https://www.electronjs.org/docs/latest/api/web-contents#event-will-navigate */
class NavigationEvent extends PreventableEvent {
  constructor(readonly url: string) {
    super();
  }
}

let pages = 0;

/** https://www.electronjs.org/docs/latest/api/web-contents */
export class WebContents extends StrictEmitter {
  page: Page | undefined;
  private openHandler: ((details: { url: string }) => { action: string }) | undefined;
  private isGone = false;
  private url = '';

  constructor(
    readonly session: Session,
    private readonly preload: string,
  ) {
    super('webContents', declaredEvents('WebContents'));
  }

  get mainFrame(): Frame | undefined {
    return this.page?.frame;
  }
  getURL(): string {
    return this.url;
  }
  isCrashed(): boolean {
    return !this.page;
  }
  isDestroyed(): boolean {
    return this.isGone;
  }
  isLoading(): boolean {
    return !this.page;
  }
  setWindowOpenHandler(handler: (details: { url: string }) => { action: string }): void {
    this.openHandler = handler;
  }
  sendInputEvent(event: object): void {
    onlyKnown('webContents.sendInputEvent', event, declaredOptions('KeyboardInputEvent'));
    report('input', { ...event });
  }
  focus(): void {}

  /**
   * Loads an address: through the session's rules and handlers, with the scripts and styles that the page names.
   * https://www.electronjs.org/docs/latest/api/web-contents#contentsloadurlurl-options: it rejects where `did-fail-load`
   * is emitted.
   */
  async loadURL(url: string): Promise<void> {
    this.url = url;
    if (!this.canStart()) {
      report('blank-window', {});
      await new Promise(() => {});
    }
    const loaded = await this.session.load(url);
    if (this.isGone) return;
    const failed = (code: number, name: string): never => {
      this.emit('did-fail-load', new PreventableEvent(), code, name, url, true, 1, 1);
      throw new Error(`${name} (${code}) loading '${url}'`);
    };
    if (loaded.kind === 'error') return failed(loaded.code, loaded.name);
    // An error without a body is a failed load in Chromium.
    if (loaded.status >= 400 && loaded.body.length === 0)
      return failed(-379, 'ERR_HTTP_RESPONSE_CODE_FAILURE');
    this.leave();
    const page = new Page(url, ++pages);
    this.page = page;
    this.emit('did-navigate', new PreventableEvent(), url, loaded.status, '');
    page.runPreload(this.preload, this);
    const resources = await this.loadResources(url, loaded.body.toString());
    if (this.page !== page) return;
    const { secure = false, supportFetchAPI = false } = schemePrivileges(url);
    const may = { isSecureContext: secure, canFetch: supportFetchAPI };
    report('page', { url, status: loaded.status, headers: loaded.headers, resources, ...may });
    this.emit('dom-ready', new PreventableEvent());
    this.emit('did-finish-load');
    page.runScript();
  }

  /** https://www.electronjs.org/docs/latest/api/web-contents#contentsreload */
  reload(): void {
    if (this.isGone) throw new TypeError('Object has been destroyed');
    if (this.page && !this.mayUnload()) return;
    // A failed load is shown by Chromium's own page; `did-fail-load` says so.
    void this.loadURL(this.url).catch(() => undefined);
  }

  /** https://www.electronjs.org/docs/latest/api/web-contents#contentsforcefullycrashrenderer */
  forcefullyCrashRenderer(): void {
    this.processGone('crashed');
  }

  /** `beforeunload`, then https://www.electronjs.org/docs/latest/api/web-contents#event-will-prevent-unload */
  mayUnload(): boolean {
    if (!this.page?.hasUnsavedWork) return true;
    const event = new PreventableEvent();
    this.emit('will-prevent-unload', event);
    report('will-prevent-unload', { ignored: event.defaultPrevented });
    return event.defaultPrevented;
  }

  /** https://www.electronjs.org/docs/latest/api/web-contents#event-render-process-gone */
  processGone(reason: string): void {
    this.leave();
    const details = { reason, exitCode: 5 };
    app.emit('render-process-gone', new PreventableEvent(), this, details);
    this.emit('render-process-gone', new PreventableEvent(), details);
  }

  /** The page wants to go elsewhere. @returns whether it may */
  async navigate(url: string): Promise<boolean> {
    const event = new NavigationEvent(url);
    this.emit('will-navigate', event, url);
    if (event.defaultPrevented) return false;
    await this.loadURL(url);
    return true;
  }

  /** The page opens a window. @returns whether it may */
  openWindow(url: string): boolean {
    return !this.openHandler || this.openHandler({ url }).action === 'allow';
  }

  /**
   * A `<webview>` comes into the page, with the preferences that the page wrote.
   * https://www.electronjs.org/docs/latest/api/web-contents#event-will-attach-webview
   * @returns whether it may
   */
  attachWebview(url: string): boolean {
    const event = new PreventableEvent();
    this.emit('will-attach-webview', event, {}, { src: url });
    return !event.defaultPrevented;
  }

  destroyed(): void {
    this.isGone = true;
    this.leave();
    this.emit('destroyed');
  }

  private leave(): void {
    this.page?.end();
    this.page = undefined;
  }

  /**
   * Where the sandbox cannot work, a page starts only with `--no-sandbox`, which `app.enableSandbox` takes from the
   * command lines of child processes: https://www.electronjs.org/docs/latest/tutorial/sandbox#enabling-the-sandbox-globally
   */
  private canStart(): boolean {
    return situation().canSandbox || (app.commandLine.hasSwitch('no-sandbox') && !app.isSandboxEnabled);
  }

  /** Scripts and styles of the page, each through the session. Chromium runs no module of another type. */
  private async loadResources(url: string, html: string): Promise<object[]> {
    const addresses = [...html.matchAll(/<(?:script|link)[^>]+(?:src|href)="([^"]+)"/g)].map((match) =>
      String(match[1]),
    );
    return Promise.all(
      addresses.map(async (written) => {
        // "Registering a scheme as standard allows relative and absolute resources to be resolved correctly":
        // https://www.electronjs.org/docs/latest/api/protocol#protocolregisterschemesasprivilegedcustomschemes
        if (!schemePrivileges(url).standard && !URL.canParse(written))
          return { address: written, error: 'ERR_INVALID_URL' };
        const address = new URL(written, url).href;
        const loaded = await this.session.load(address);
        if (loaded.kind === 'error') return { address, error: loaded.name };
        const type = loaded.headers['content-type'] ?? '';
        if (/\.js$/.test(address) && !type.startsWith('text/javascript'))
          throw new ElectronRule(`${address} is no module script: ${type}`);
        return { address, status: loaded.status };
      }),
    );
  }
}
