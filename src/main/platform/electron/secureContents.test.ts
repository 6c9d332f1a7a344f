import { describe, expect, it, vi } from 'vitest';
import { START_URL } from '../../page/pageOrigin.ts';
import { type AskingSession, type Contents, secureContents, secureSession } from './secureContents.ts';

describe('what a window may show', () => {
  const listeners = new Map<string, (event: { url: string; preventDefault(): void }) => void>();
  let openHandler: (() => { action: string }) | undefined;
  const contents: Contents = {
    on: (event: string, listener: (event: { url: string; preventDefault(): void }) => void) =>
      listeners.set(event, listener),
    setWindowOpenHandler(handler) {
      openHandler = handler;
    },
  };
  secureContents(contents);
  const isRefused = (event: string, url: string): boolean => {
    const preventDefault = vi.fn();
    listeners.get(event)?.({ url, preventDefault });
    return preventDefault.mock.calls.length === 1;
  };

  it.each(['will-navigate', 'will-frame-navigate', 'will-redirect'])(
    '%s leads to its own pages only',
    (event) => {
      expect(isRefused(event, START_URL)).toBe(false);
      for (const url of ['https://example.org', 'file:///etc/passwd', 'data:text/html,x', 'javascript:1']) {
        expect(isRefused(event, url), url).toBe(true);
      }
    },
  );

  it('opens no window', () => {
    expect(openHandler?.()).toEqual({ action: 'deny' });
  });

  it('attaches no webview', () => {
    expect(isRefused('will-attach-webview', START_URL)).toBe(true);
  });
});

describe('what a page may have', () => {
  const handlers: {
    request?: Parameters<AskingSession['setPermissionRequestHandler']>[0];
    checks: (() => boolean)[];
  } = { checks: [] };
  let before: Parameters<AskingSession['webRequest']['onBeforeRequest']>[0] | undefined;
  secureSession({
    setPermissionRequestHandler: (handler) => {
      handlers.request = handler;
    },
    setPermissionCheckHandler: (handler) => void handlers.checks.push(handler),
    setDevicePermissionHandler: (handler) => void handlers.checks.push(handler),
    webRequest: {
      onBeforeRequest: (listener) => {
        before = listener;
      },
    },
  });

  it('is no permission and no device', () => {
    for (const permission of ['media', 'geolocation', 'notifications', 'openExternal', 'fileSystem']) {
      const answer = vi.fn();
      handlers.request?.(undefined, permission, answer);
      expect(answer).toHaveBeenCalledExactlyOnceWith(false);
    }
    expect(handlers.checks.map((check) => check())).toEqual([false, false]);
  });

  it('is nothing from the network', () => {
    const isCancelled = (url: string): boolean => {
      const answer = vi.fn();
      before?.({ url }, answer);
      return answer.mock.calls[0]?.[0].cancel;
    };
    expect(isCancelled('https://example.org/')).toBe(true);
    expect(isCancelled('app://auricle/assets/app.js')).toBe(false);
  });
});
