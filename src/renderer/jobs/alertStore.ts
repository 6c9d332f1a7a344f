import { createStore, type StoreApi } from 'zustand/vanilla';

/** One calm sentence for the person; nothing stops for it. */
export interface Alert {
  readonly id: number;
  readonly kind: 'error' | 'notice';
  readonly message: string;
}

export interface AlertState {
  readonly alerts: readonly Alert[];
}

export interface Alerts {
  readonly store: StoreApi<AlertState>;
  error(message: string): void;
  notice(message: string): void;
  dismiss(id: number): void;
}

/** More than this would hide the work; the oldest go. */
const MOST_ALERTS = 4;

/** What went wrong or is worth knowing; the same sentence stands once only. */
export function createAlerts(): Alerts {
  const store = createStore<AlertState>(() => ({ alerts: [] }));
  let lastId = 0;

  const push = (kind: Alert['kind'], message: string): void => {
    lastId += 1;
    const alert: Alert = { id: lastId, kind, message };
    store.setState(({ alerts }) => ({
      alerts: [...alerts.filter((other) => other.message !== message), alert].slice(-MOST_ALERTS),
    }));
  };

  return {
    store,
    error: (message) => push('error', message),
    notice: (message) => push('notice', message),
    dismiss: (id) => store.setState(({ alerts }) => ({ alerts: alerts.filter((alert) => alert.id !== id) })),
  };
}
