import process from 'node:process';
import { app } from './app.ts';
import { BrowserWindow } from './browserWindow.ts';
import { onAction, report } from './control.ts';
import { PreventableEvent } from './rules.ts';
import type { WebContents } from './webContents.ts';

/** What a person, the system and the page do; the test names it. */
const window = (): BrowserWindow => {
  const [first] = BrowserWindow.getAllWindows();
  if (!first) throw new Error('There is no window');
  return first;
};
const contents = (): WebContents => window().webContents;
const page = () => {
  const shown = contents().page;
  if (!shown) throw new Error('There is no page');
  return shown;
};

onAction('quit', () => app.quit());
onAction('close', () => window().close());
onAction('minimize', () => window().minimize());
onAction('reload', () => contents().reload());
onAction('setUnsaved', ({ value }: { value: boolean }) => {
  page().hasUnsavedWork = value;
});
onAction('crash', ({ reason }: { reason: string }) => contents().processGone(reason));
onAction('hang', () => {
  page().isHanging = true;
  contents().emit('unresponsive');
  window().emit('unresponsive');
});
onAction('recover', () => {
  page().isHanging = false;
  contents().emit('responsive');
  window().emit('responsive');
});
onAction('failLoad', ({ code, isMainFrame }: { code: number; isMainFrame: boolean }) =>
  contents().emit(
    'did-fail-load',
    new PreventableEvent(),
    code,
    'ERR_FAILED',
    contents().getURL(),
    isMainFrame,
    1,
    1,
  ),
);
onAction('state', () => ({
  windows: BrowserWindow.getAllWindows().length,
  url: BrowserWindow.getAllWindows()[0]?.webContents.getURL(),
  isVisible: BrowserWindow.getAllWindows()[0]?.isVisible(),
  userData: app.getPath('userData'),
  sessionData: app.getPath('sessionData'),
  gpu: app.getGPUFeatureStatus(),
  isSandboxEnabled: app.isSandboxEnabled,
}));

onAction('fetch', async ({ url, method }: { url: string; method?: string }) => {
  const loaded = await contents().session.load(url, method);
  return loaded.kind === 'error' ? loaded : { ...loaded, body: loaded.body.length };
});
onAction('navigate', ({ url }: { url: string }) => contents().navigate(url));
onAction('openWindow', ({ url }: { url: string }) => contents().openWindow(url));
onAction('attachWebview', ({ url }: { url: string }) => contents().attachWebview(url));
onAction('permission', ({ name }: { name: string }) => {
  const { permissionRequest, permissionCheck, devicePermission } = contents().session;
  let isGranted = true;
  permissionRequest?.(contents(), name, (granted) => {
    isGranted = granted;
  });
  return isGranted || permissionCheck?.() !== false || devicePermission?.() !== false;
});

/** A second process that found the lock taken; see `requestSingleInstanceLock`, which does it between processes. */
onAction('secondInstance', ({ additionalData }: { additionalData: unknown }) =>
  app.emit('second-instance', new PreventableEvent(), [process.execPath], process.cwd(), additionalData),
);

/** macOS: a click on the application's icon in the dock. https://www.electronjs.org/docs/latest/api/app#event-activate-macos */
onAction('activate', () =>
  app.emit('activate', new PreventableEvent(), BrowserWindow.getAllWindows().length > 0),
);
/** macOS: https://www.electronjs.org/docs/latest/api/app#event-open-file-macos. @returns whether it was handled */
onAction('openFile', ({ path }: { path: string }) => {
  const event = new PreventableEvent();
  app.emit('open-file', event, path);
  return event.defaultPrevented;
});

/**
 * Windows ends: https://www.electronjs.org/docs/latest/api/browser-window#event-query-session-end-windows and
 * #event-session-end-windows. What is not held back ends at once, without `before-quit`, `will-quit` and `quit`.
 */
onAction('endSession', () => {
  const reasons = ['shutdown'];
  const event = Object.assign(new PreventableEvent(), { reasons });
  for (const each of BrowserWindow.getAllWindows()) each.emit('query-session-end', event);
  if (event.defaultPrevented) return 'held';
  for (const each of BrowserWindow.getAllWindows())
    each.emit('session-end', Object.assign(new PreventableEvent(), { reasons }));
  report('session-ended', {});
  setImmediate(() => process.exit(0));
  return 'ended';
});
