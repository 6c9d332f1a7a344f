import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Failure } from '#shared/failures/failure.ts';
import { words } from '../words/index.ts';
import { type Timer, windowTimer } from './debounce.ts';

/** One calm sentence for the person; nothing stops for it. */
export interface Alert {
  readonly id: number;
  readonly kind: 'error' | 'notice';
  readonly message: string;
  /** Of the failure that it words. */
  readonly code?: Failure['code'];
}

export interface AlertState {
  readonly alerts: readonly Alert[];
}

export interface Alerts {
  readonly store: StoreApi<AlertState>;
  /** A failure is shown in words. @returns the alert's id */
  error(what: Failure | string): number;
  notice(what: Failure | string): void;
  /** What a notice said holds no longer. */
  withdraw(codes: ReadonlySet<Failure['code']>): void;
  dismiss(id: number): void;
  /** Something new begins: what was said of the last is past. */
  clear(): void;
}

/** More than this would hide the work; the oldest go. */
const MOST_ALERTS = 4;

/** Notices go by themselves; what went wrong stays until it is dismissed. */
const NOTICE_MS = 15_000;

/** What went wrong or is worth knowing; the same sentence stands once only. */
export function createAlerts(timer: Timer = windowTimer): Alerts {
  const store = createStore<AlertState>(() => ({ alerts: [] }));
  let lastId = 0;

  const dismiss = (id: number): void =>
    store.setState(({ alerts }) => ({ alerts: alerts.filter((alert) => alert.id !== id) }));

  const push = (kind: Alert['kind'], what: Failure | string): number => {
    const message = typeof what === 'string' ? what : words().sentence(what);
    lastId += 1;
    const alert: Alert = {
      id: lastId,
      kind,
      message,
      ...(typeof what === 'string' ? {} : { code: what.code }),
    };
    store.setState(({ alerts }) => ({
      alerts: [...alerts.filter((other) => other.message !== message), alert].slice(-MOST_ALERTS),
    }));
    if (kind === 'notice') timer.set(() => dismiss(alert.id), NOTICE_MS);
    return alert.id;
  };

  return {
    store,
    error: (what) => push('error', what),
    notice(what) {
      push('notice', what);
    },
    withdraw: (codes) =>
      store.setState(({ alerts }) => ({ alerts: alerts.filter(({ code }) => !code || !codes.has(code)) })),
    dismiss,
    clear: () => store.setState({ alerts: [] }),
  };
}
