import { isOwnPage, mayLoad } from '../../page/pageOrigin.ts';

/** An event that can be refused. */
interface Refusable {
  preventDefault(): void;
}
interface Navigation extends Refusable {
  readonly url: string;
}

/** The part of Electron's WebContents that is held to its own pages. */
export interface Contents {
  on(
    event: 'will-navigate' | 'will-frame-navigate' | 'will-redirect',
    listener: (event: Navigation) => void,
  ): unknown;
  on(event: 'will-attach-webview', listener: (event: Refusable) => void): unknown;
  setWindowOpenHandler(handler: () => { action: 'deny' }): void;
}

/** Holds contents to the application's own pages: no other address, no new window, no webview. */
export function secureContents(contents: Contents): void {
  const stay = (event: Navigation): void => {
    if (!isOwnPage(event.url)) event.preventDefault();
  };
  contents.on('will-navigate', stay);
  contents.on('will-frame-navigate', stay);
  contents.on('will-redirect', stay);
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}

/** The part of Electron's Session that asks. */
export interface AskingSession {
  setPermissionRequestHandler(
    handler: (contents: unknown, permission: unknown, callback: (isGranted: boolean) => void) => void,
  ): void;
  setPermissionCheckHandler(handler: () => boolean): void;
  setDevicePermissionHandler(handler: () => boolean): void;
  readonly webRequest: {
    onBeforeRequest(
      listener: (details: { url: string }, callback: (response: { cancel: boolean }) => void) => void,
    ): void;
  };
}

/** Refuses every permission and every device, and every request that is not for the application's own files. */
export function secureSession(session: AskingSession): void {
  session.setPermissionRequestHandler((_contents, _permission, callback) => callback(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.webRequest.onBeforeRequest(({ url }, callback) => callback({ cancel: !mayLoad(url) }));
}
