import { tokenIn } from './admission.ts';
import { createPassKeeper, PASS_KEY } from './passKeeper.ts';
import type { WebPage } from './webConnection.ts';

/** The browser's own page as `connectWeb` needs it. */
export const pageOfServer = (): WebPage => ({
  passes: createPassKeeper(() => localStorage),
  takeToken() {
    const token = tokenIn(location.hash);
    // Out of the address, the history and what a person may copy.
    if (token !== undefined) history.replaceState(null, '', `${location.pathname}${location.search}`);
    return token;
  },
  openSocket: (protocols) => new WebSocket(`ws://${location.host}/rpc`, protocols),
});

/**
 * Calls back when the page is looked at again, when the network returns, when another page of this origin was let in, and
 * when a new link is opened in this very page.
 */
export function onPageWake(listener: () => void): void {
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') listener();
  });
  window.addEventListener('online', listener);
  window.addEventListener('storage', ({ key }) => {
    if (key === PASS_KEY) listener();
  });
  window.addEventListener('hashchange', () => {
    if (tokenIn(location.hash) !== undefined) listener();
  });
}
