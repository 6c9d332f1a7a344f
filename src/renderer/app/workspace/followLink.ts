import type { Link } from '../../connection/index.ts';
import type { Alerts } from '../../jobs/alertStore.ts';
import type { AboutStore } from './aboutStore.ts';

export interface FollowLinkParts {
  readonly link: Link;
  readonly about: AboutStore;
  readonly alerts: Alerts;
  /** The engine is there again: what waited for it goes on. */
  readonly onBack: () => void;
}

/** Shows how the page stands to its engine: in the status bar, and what a person can do as one sentence, told once. */
export function followLink({ link, about, alerts, onBack }: FollowLinkParts): void {
  let told: { readonly message: string; readonly alertId: number } | undefined;
  link.store.subscribe((state) => {
    about.setState({ link: state.kind });
    if (state.kind === 'connected') {
      if (told) alerts.dismiss(told.alertId);
      told = undefined;
      onBack();
      return;
    }
    if (state.message === null || state.message === told?.message) return;
    if (told) alerts.dismiss(told.alertId);
    told = { message: state.message, alertId: alerts.error(state.message) };
  });
}
