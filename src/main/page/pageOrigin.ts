/** The pages' own scheme: unlike file:, it has an origin, a content security policy and one folder. */
export const PAGE_SCHEME = 'app';
export const PAGE_HOST = 'auricle';
export const START_URL = `${PAGE_SCHEME}://${PAGE_HOST}/index.html`;

/** Whether an address is one of the application's own pages; the one place to which windows may go. */
export function isOwnPage(url: string): boolean {
  try {
    const { protocol, host, username, password } = new URL(url);
    return protocol === `${PAGE_SCHEME}:` && host === PAGE_HOST && username === '' && password === '';
  } catch {
    return false;
  }
}

/** The part of Electron's frames that is looked at. */
export interface SenderFrame {
  readonly url: string;
  /** Null for a window's main frame. */
  readonly parent: unknown;
}

/** Whether a message may be answered: from the main frame of one of the application's own pages. Null: the frame is gone. */
export const isTrustedSender = (frame: SenderFrame | null): boolean =>
  frame !== null && frame.parent === null && isOwnPage(frame.url);

/** Addresses that a page may load: its own files, what it made itself, and the developer tools' own. */
export const mayLoad = (url: string): boolean =>
  isOwnPage(url) || /^(blob:app:\/\/auricle\/|data:|devtools:)/.test(url);
