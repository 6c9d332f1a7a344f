import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Port } from '#shared/rpc/port.ts';
import { type Timer, windowTimer } from '../jobs/debounce.ts';
import type { Attempt } from './attempt.ts';

/** How the page stands to its engine. */
export type LinkState =
  | { readonly kind: 'connected' }
  /** An attempt is under way. */
  | { readonly kind: 'trying'; readonly message: string | null }
  /** The next attempt comes by itself, after a while or where something wakes it. */
  | { readonly kind: 'waiting'; readonly message: string }
  /** A person has to do something first; then a wake brings the next attempt. */
  | { readonly kind: 'refused'; readonly message: string };

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

  const show = (state: LinkState): void => store.setState(state, true);
  const stopWaiting = (): void => {
    if (waiting) timer.clear(waiting.handle);
    waiting = undefined;
  };

  const attempt = async (): Promise<void> => {
    stopWaiting();
    isWoken = false;
    attempts += 1;
    const own = attempts;
    const before = store.getState();
    show({ kind: 'trying', message: 'message' in before ? before.message : null });
    const outcome = await connect();
    switch (outcome.kind) {
      case 'connected':
        delayMs = FIRST_DELAY_MS;
        // First: who hears of the new state calls at once.
        client.resume(outcome.port);
        // A port that has closed again meanwhile has brought the next attempt.
        if (own === attempts) show({ kind: 'connected' });
        return;
      case 'refused':
        show({ kind: 'refused', message: outcome.message });
        break;
      case 'unreachable':
        show({ kind: 'waiting', message: outcome.message });
        waiting = { handle: timer.set(() => void attempt(), delayMs) };
        delayMs = Math.min(delayMs * 2, LONGEST_DELAY_MS);
        break;
    }
    if (isWoken) void attempt();
  };

  const retry = (): void => {
    const { kind } = store.getState();
    if (kind === 'trying') isWoken = true;
    else if (kind !== 'connected') void attempt();
  };

  onWake(() => {
    delayMs = FIRST_DELAY_MS;
    retry();
  });
  client.onClose(() => void attempt());
  return { store, retry };
}
