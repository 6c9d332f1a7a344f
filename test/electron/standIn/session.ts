import { report } from './control.ts';
import { declaredEvents, declaredOptions } from './declarations.ts';
import { ElectronRule, onlyBeforeReady, onlyKnown, onlyWhenReady, StrictEmitter } from './rules.ts';

interface CustomScheme {
  readonly scheme: string;
  readonly privileges?: Readonly<Record<string, boolean>>;
}

/** Schemes with the privileges that they were registered with. */
const privileged = new Map<string, Readonly<Record<string, boolean>>>();
let isRegistered = false;

/**
 * https://www.electronjs.org/docs/latest/api/protocol#protocolregisterschemesasprivilegedcustomschemes: "can only be used
 * before the ready event of the app module gets emitted and can be called only once".
 */
function registerSchemesAsPrivileged(schemes: readonly CustomScheme[]): void {
  onlyBeforeReady('protocol.registerSchemesAsPrivileged');
  if (isRegistered) throw new ElectronRule('Schemes can be registered as privileged only once');
  isRegistered = true;
  for (const custom of schemes) {
    onlyKnown('A custom scheme', custom, declaredOptions('CustomScheme'));
    onlyKnown('Privileges', custom.privileges ?? {}, declaredOptions('Privileges'));
    privileged.set(custom.scheme, custom.privileges ?? {});
  }
}

/** What pages of an address may do: https://www.electronjs.org/docs/latest/api/structures/custom-scheme */
export const schemePrivileges = (url: string): Readonly<Record<string, boolean>> =>
  privileged.get(new URL(url).protocol.slice(0, -1)) ?? {};

type Handler = (request: Request) => Response | Promise<Response>;

/** Handlers of one session: https://www.electronjs.org/docs/latest/api/protocol#protocolhandlescheme-handler */
class Protocol {
  readonly registerSchemesAsPrivileged = registerSchemesAsPrivileged;
  private readonly handlers = new Map<string, Handler>();
  handle(scheme: string, handler: Handler): void {
    onlyWhenReady('protocol.handle');
    if (this.handlers.has(scheme)) throw new ElectronRule(`${scheme} is handled already`);
    this.handlers.set(scheme, handler);
  }
  isProtocolHandled(scheme: string): boolean {
    return this.handlers.has(scheme);
  }
  handlerOf(scheme: string): Handler | undefined {
    return this.handlers.get(scheme);
  }
}

/** How a request ended: an answer, or one of Chromium's network errors. */
export type Loaded =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers: Record<string, string>;
      readonly body: Buffer;
    }
  | { readonly kind: 'error'; readonly code: number; readonly name: string };

type BeforeRequest = (details: { url: string }, callback: (response: { cancel?: boolean }) => void) => void;
type PermissionRequest = (
  contents: unknown,
  permission: string,
  callback: (isGranted: boolean) => void,
) => void;

/** https://www.electronjs.org/docs/latest/api/session */
export class Session extends StrictEmitter {
  readonly protocol = new Protocol();
  permissionRequest: PermissionRequest | undefined;
  permissionCheck: (() => boolean) | undefined;
  devicePermission: (() => boolean) | undefined;
  private before: BeforeRequest | undefined;
  readonly webRequest = {
    onBeforeRequest: (listener: BeforeRequest): void => {
      this.before = listener;
    },
  };

  constructor() {
    super('session', declaredEvents('Session'));
  }
  setPermissionRequestHandler(handler: PermissionRequest): void {
    this.permissionRequest = handler;
  }
  setPermissionCheckHandler(handler: () => boolean): void {
    this.permissionCheck = handler;
  }
  setDevicePermissionHandler(handler: () => boolean): void {
    this.devicePermission = handler;
  }

  /** What a page of this session gets for an address. */
  async load(url: string, method = 'GET'): Promise<Loaded> {
    const isCancelled = await new Promise<boolean>((decide) => {
      if (this.before) this.before({ url }, ({ cancel }) => decide(cancel === true));
      else decide(false);
    });
    if (isCancelled) return { kind: 'error', code: -20, name: 'ERR_BLOCKED_BY_CLIENT' };
    const handler = this.protocol.handlerOf(new URL(url).protocol.slice(0, -1));
    if (!handler) {
      report('network-request', { url });
      return { kind: 'error', code: -302, name: 'ERR_UNKNOWN_URL_SCHEME' };
    }
    // Node's Request accepts no special method with a body here; Auricle's pages send none.
    const answer = await handler(new Request(url, { method }));
    if (!(answer instanceof Response)) throw new ElectronRule('A protocol handler answers with a Response');
    return {
      kind: 'answer',
      status: answer.status,
      headers: Object.fromEntries(answer.headers),
      body: Buffer.from(await answer.arrayBuffer()),
    };
  }
}

const sessions = new Map<string, Session>();

/** https://www.electronjs.org/docs/latest/api/session#sessionfrompartitionpartition-options */
function fromPartition(partition: string): Session {
  onlyWhenReady('session.fromPartition');
  const known = sessions.get(partition) ?? new Session();
  sessions.set(partition, known);
  return known;
}

export const session = {
  fromPartition,
  get defaultSession(): Session {
    return fromPartition('');
  },
};

/** The module `protocol` is that of the default session; windows of another partition do not see its handlers. */
export const protocol = {
  registerSchemesAsPrivileged,
  handle: (scheme: string, handler: Handler): void => session.defaultSession.protocol.handle(scheme, handler),
};
