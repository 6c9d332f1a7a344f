import { createStore, type StoreApi } from 'zustand/vanilla';
import type { AppInfo, EngineStatus } from '#shared/contract/services/app.ts';
import { type Failure, failure, sameFailure } from '#shared/failures/failure.ts';
import type { Link, LinkState } from '../../connection/index.ts';
import type { Verdict } from '../../features/review/index.ts';
import type { Alerts } from '../../jobs/alertStore.ts';
import { words } from '../../words/index.ts';

/** What the status bar says of the program itself. */
export interface AboutState {
  readonly info: AppInfo | null;
  readonly engine: EngineStatus | null;
  readonly graphics: { readonly name: string; readonly isSoftware: boolean } | null;
  /** Without a connection nothing can be computed or saved. */
  readonly link: LinkState['kind'];
  /** A verdict that waits for the name of who gives it. */
  readonly awaitedVerdict: Verdict | null;
}

export type AboutStore = StoreApi<AboutState>;

export const createAboutStore = (): AboutStore =>
  createStore<AboutState>(() => ({
    info: null,
    engine: null,
    graphics: null,
    link: 'connected',
    awaitedVerdict: null,
  }));

/** Why the program cannot segment anything now; null where it can. */
export function whyNothingIsSegmented({ link, engine }: Pick<AboutState, 'link' | 'engine'>): string | null {
  if (link !== 'connected') return words().sentence(failure('rpc.not-connected'));
  if (engine?.state !== 'failed') return null;
  const last = engine.remarks.at(-1);
  return last ? words().sentence(last) : words().scan.engineFailed;
}

export interface FollowLinkParts {
  readonly link: Link;
  readonly about: AboutStore;
  readonly alerts: Alerts;
  /** The connection is back: what waited for it can be done. */
  readonly onBack: () => void;
}

/** Shows whether the page is connected: in the status bar, and what a person can do as one alert. */
export function followLink({ link, about, alerts, onBack }: FollowLinkParts): void {
  let shown: { readonly reason: Failure; readonly alertId: number } | undefined;
  link.store.subscribe((state) => {
    about.setState({ link: state.kind });
    if (state.kind === 'connected') {
      if (shown) alerts.dismiss(shown.alertId);
      shown = undefined;
      onBack();
      return;
    }
    const { reason } = state;
    if (reason === null || (shown && sameFailure(reason, shown.reason))) return;
    if (shown) alerts.dismiss(shown.alertId);
    shown = { reason, alertId: alerts.error(reason) };
  });
}
