import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { createContext, runInContext } from 'node:vm';
import { report, testPorts } from './control.ts';
import { ipcMain } from './ipcMain.ts';
import type { MessagePortMain } from './messagePorts.ts';
import { ElectronRule } from './rules.ts';
import { schemePrivileges } from './session.ts';

/** Modules of Node that a sandboxed preload script may load: https://www.electronjs.org/docs/latest/tutorial/sandbox#preload-scripts */
const PRELOAD_MODULES: Readonly<Record<string, unknown>> = {
  events: EventEmitter,
  'node:events': EventEmitter,
};

/** What of a window's main frame the main process sees: https://www.electronjs.org/docs/latest/api/web-frame-main */
export interface Frame {
  readonly url: string;
  readonly parent: null;
  postMessage(channel: string, message: unknown, transfer?: readonly MessagePortMain[]): void;
}

/**
 * A page in its own world with the built preload script. Its own script is Auricle's as far as main sees it: it asks for
 * a port and hands it to the test, holds its end while work is not saved, and answers nothing while it hangs.
 */
export class Page {
  /** For `beforeunload`. */
  hasUnsavedWork = false;
  isHanging = false;
  private readonly ipcRenderer = new EventEmitter();
  private readonly exposed = new Map<string, unknown>();
  private readonly ports: string[] = [];
  readonly frame: Frame;

  constructor(
    readonly url: string,
    private readonly number: number,
  ) {
    const { ipcRenderer } = this;
    this.frame = {
      url,
      parent: null,
      postMessage: (channel, message, transfer = []) => {
        const ports = [...transfer];
        const data = structuredClone(message);
        setImmediate(() => ipcRenderer.emit(channel, { ports }, data));
      },
    };
  }

  /** Of a scheme that was not registered as standard, the origin is opaque. */
  get origin(): string {
    const { protocol, host } = new URL(this.url);
    return schemePrivileges(this.url).standard ? `${protocol}//${host}` : 'null';
  }

  /** @param sender what main sees as the sender of messages */
  runPreload(file: string, sender: unknown): void {
    const electron = {
      // https://www.electronjs.org/docs/latest/api/context-bridge#contextbridgeexposeinmainworldapikey-api
      contextBridge: {
        exposeInMainWorld: (key: string, api: unknown) => {
          if (this.exposed.has(key)) throw new ElectronRule(`${key} is exposed already`);
          this.exposed.set(key, api);
        },
      },
      ipcRenderer: Object.assign(this.ipcRenderer, {
        send: (channel: string, ...args: unknown[]) => {
          const sent = structuredClone(args);
          const event = { sender, senderFrame: this.frame, ports: [] };
          setImmediate(() => ipcMain.emit(channel, event, ...sent));
        },
      }),
    };
    const context = createContext({
      window: {
        location: { origin: this.origin },
        postMessage: (message: unknown, targetOrigin: string, ports: readonly MessagePortMain[]) => {
          // https://html.spec.whatwg.org/multipage/web-messaging.html#window-post-message-steps: an address, or an error
          if (targetOrigin === 'null') throw new ElectronRule('A message cannot be sent to an opaque origin');
          if (targetOrigin !== this.origin)
            throw new ElectronRule(`A message to ${targetOrigin} does not reach ${this.origin}`);
          this.receive(message, ports);
        },
      },
      exports: {},
      require: (name: string) => {
        if (name === 'electron') return electron;
        if (name in PRELOAD_MODULES) return PRELOAD_MODULES[name];
        throw new ElectronRule(`A sandboxed preload script cannot load ${name}`);
      },
    });
    runInContext(readFileSync(file, 'utf8'), context, { filename: file });
  }

  /** The page's own script, as Auricle's: it asks for a port as soon as it runs. */
  runScript(): void {
    report('page-world', { exposed: [...this.exposed.keys()] });
    const auricle = this.exposed.get('auricle');
    if (typeof auricle !== 'object' || auricle === null || !('requestPort' in auricle)) return;
    if (typeof auricle.requestPort === 'function') auricle.requestPort();
  }

  private receive(message: unknown, ports: readonly MessagePortMain[]): void {
    const [port] = ports;
    if (typeof message !== 'object' || message === null || !port) return;
    const name = port.transferOver(testPorts);
    this.ports.push(name);
    report('page-port', { page: this.number, message, port: name });
  }

  /** The page is gone: its ports are closed. */
  end(): void {
    for (const name of this.ports.splice(0)) testPorts.portGone(name);
  }
}
