import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Failure } from '#shared/failures/failure.ts';
import type { Port } from '#shared/rpc/port.ts';
import { type Timer, windowTimer } from '../jobs/debounce.ts';
import { type LinkEvent, linkLifecycle } from './linkLifecycle.ts';

/** What came of trying to connect. */
export type Attempt =
  | { readonly kind: 'connected'; readonly port: Port }
  /** There is an engine, but it does not let this page in before a person does something. */
  | { readonly kind: 'refused'; readonly reason: Failure }
  /** There is none; it may come back by itself. */
  | { readonly kind: 'unreachable'; readonly reason: Failure };

/**
 * Whether the page is connected to its engine. trying: an attempt is under way; waiting: the next one comes by itself,
 * after a while or where something wakes the link; refused: a person has to do something first, then a wake brings the
 * next attempt. Its transitions: `linkLifecycle`.
 */
export type LinkState =
  | { readonly kind: 'connected' }
  | {
      readonly kind: 'trying' | 'waiting' | 'refused';
      /** Why there is no connection; null until an attempt has failed. */
      readonly reason: Failure | null;
    };

export interface Link {
  readonly store: StoreApi<LinkState>;
  /** Tries at once, unless connected or trying. */
  retry(): void;
}

export interface LinkParts {
  /** What goes on over another port. */
  readonly client: {
    onClose(listener: () => void): unknown;
    resume(port: Port): void;
  };
  connect(): Promise<Attempt>;
  /** Calls back whenever an attempt may succeed that did not before. */
  onWake(listener: () => void): void;
  readonly timer?: Timer;
}

/** Whether a call failed because there was no connection: it can be made again when there is one. */
export const isDisconnection = ({ code }: Failure): boolean =>
  code === 'rpc.connection-lost' || code === 'rpc.not-connected';

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 15_000;

/** Connects again whenever the connection is lost: at once, then ever more rarely, and when something wakes it. */
export function createLink({ client, connect, onWake, timer = windowTimer }: LinkParts): Link {
  const store = createStore<LinkState>(() => ({ kind: 'connected' }));
  let delayMs = FIRST_DELAY_MS;
  let waiting: { readonly handle: unknown } | undefined;
  let attempts = 0;
  /** Something woke the link while an attempt was under way, which may have begun too early. */
  let isWoken = false;

  /** @param why stays what it was until an attempt ends with another reason */
  const enter = (kind: LinkState['kind'], why?: Failure): void => {
    const before = store.getState();
    const reason = why ?? ('reason' in before ? before.reason : null);
    store.setState(kind === 'connected' ? { kind } : { kind, reason }, true);
  };
  const next = (event: LinkEvent): LinkState['kind'] => linkLifecycle.next(store.getState().kind, event);

  const attempt = async (): Promise<void> => {
    if (waiting) timer.clear(waiting.handle);
    waiting = undefined;
    isWoken = false;
    attempts += 1;
    const own = attempts;
    const outcome = await connect();
    switch (outcome.kind) {
      case 'connected':
        delayMs = FIRST_DELAY_MS;
        // First, because listeners make calls as soon as they are notified of the new state.
        client.resume(outcome.port);
        // A port that has closed again meanwhile has brought the next attempt.
        if (own === attempts) enter(next('admitted'));
        return;
      case 'refused':
        enter(next('refused'), outcome.reason);
        break;
      case 'unreachable':
        enter(next('unreachable'), outcome.reason);
        waiting = { handle: timer.set(() => tryAgain('due'), delayMs) };
        delayMs = Math.min(delayMs * 2, LONGEST_DELAY_MS);
        break;
    }
    if (isWoken) tryAgain('woken');
  };

  const tryAgain = (event: 'lost' | 'woken' | 'due'): void => {
    enter(next(event));
    void attempt();
  };

  /** Brings an attempt; one that is under way is let end first, and a connection needs none. */
  const retry = (): void => {
    const { kind } = store.getState();
    if (next('woken') !== kind) tryAgain('woken');
    else isWoken = kind === 'trying';
  };

  onWake(() => {
    delayMs = FIRST_DELAY_MS;
    retry();
  });
  client.onClose(() => tryAgain('lost'));
  return { store, retry };
}
