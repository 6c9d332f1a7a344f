import { describe, expect, it } from 'vitest';
import { failure } from '#shared/failures/failure.ts';
import { arrowsOf } from '#shared/lifecycle/testing/arrows.ts';
import type { Port } from '#shared/rpc/port.ts';
import { createMemoryPortPair } from '#shared/rpc/testing/memoryPort.ts';
import type { Attempt } from './link.ts';
import { createLink, type LinkState } from './link.ts';
import { type LinkEvent, linkLifecycle } from './linkLifecycle.ts';

const unreachable: Attempt = { kind: 'unreachable', reason: failure('page.not-ours') };
const refused: Attempt = { kind: 'refused', reason: failure('page.no-link') };
const newPort = (): Port => createMemoryPortPair()[0];

/** A link whose attempts end as the test says, and whose clock the test moves. */
function build() {
  const attempts: ((outcome: Attempt) => void)[] = [];
  const ports: Port[] = [];
  const delays: number[] = [];
  let lose = (): void => {};
  let wake = (): void => {};
  let passTime: (() => void) | undefined;
  const link = createLink({
    client: {
      onClose: (listener) => {
        lose = listener;
      },
      resume: (port) => {
        ports.push(port);
        port.onClose(() => lose());
      },
    },
    connect: () => new Promise((resolve) => void attempts.push(resolve)),
    onWake: (listener) => {
      wake = listener;
    },
    timer: {
      set(action, delayMs) {
        delays.push(delayMs);
        passTime = action;
        return action;
      },
      clear: (handle) => {
        if (passTime === handle) passTime = undefined;
      },
    },
  });
  const seen: LinkState['kind'][] = [];
  link.store.subscribe(({ kind }) => void seen.push(kind));
  return {
    link,
    attempts,
    ports,
    delays,
    seen,
    state: () => link.store.getState(),
    lose: () => lose(),
    wake: () => wake(),
    isWaiting: () => passTime !== undefined,
    passTime() {
      const action = passTime;
      passTime = undefined;
      action?.();
    },
    async outcome(value: Attempt) {
      attempts.at(-1)?.(value);
      await new Promise<void>((resolve) => setTimeout(resolve));
    },
  };
}

describe('the link between a page and its engine', () => {
  it('is made again at once when it is lost', async () => {
    const { lose, outcome, state, seen, ports, attempts } = build();
    expect(state()).toEqual({ kind: 'connected' });
    lose();
    expect(state()).toEqual({ kind: 'trying', reason: null });
    const port = newPort();
    await outcome({ kind: 'connected', port });
    expect(seen).toEqual(['trying', 'connected']);
    expect(ports).toEqual([port]);
    expect(attempts).toHaveLength(1);
  });

  it('waits longer after each attempt, says why, and starts over after a success', async () => {
    const { lose, outcome, passTime, delays, state } = build();
    lose();
    for (let attempt = 0; attempt < 8; attempt++) {
      await outcome(unreachable);
      expect(state()).toEqual({
        kind: 'waiting',
        reason: failure('page.not-ours'),
      });
      passTime();
      expect(state()).toEqual({
        kind: 'trying',
        reason: failure('page.not-ours'),
      });
    }
    expect(delays).toEqual([500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000]);
    await outcome({ kind: 'connected', port: newPort() });
    lose();
    await outcome(unreachable);
    expect(delays.at(-1)).toBe(500);
  });

  it('tries at once when it is woken or a person asks, one attempt at a time', async () => {
    const { link, lose, wake, outcome, attempts, isWaiting } = build();
    lose();
    await outcome(unreachable);
    expect(isWaiting()).toBe(true);
    wake();
    expect(attempts).toHaveLength(2);
    expect(isWaiting()).toBe(false);
    link.retry();
    expect(attempts).toHaveLength(2);
    // What was asked for meanwhile is done after it: the attempt may have begun too early.
    await outcome(unreachable);
    expect(attempts).toHaveLength(3);
    expect(isWaiting()).toBe(false);
    await outcome({ kind: 'connected', port: newPort() });
    wake();
    link.retry();
    expect(attempts).toHaveLength(3);
  });

  it('waits for a person where the server was restarted, and continues when another page was admitted', async () => {
    const { lose, wake, outcome, state, isWaiting } = build();
    lose();
    await outcome(refused);
    expect(state()).toEqual({ kind: 'refused', reason: failure('page.no-link') });
    expect(isWaiting()).toBe(false);
    wake();
    await outcome({ kind: 'connected', port: newPort() });
    expect(state()).toEqual({ kind: 'connected' });
  });

  it('does not take a port for a connection that is closed again already', async () => {
    const { lose, outcome, attempts, seen, state } = build();
    lose();
    const port = newPort();
    port.close();
    await outcome({ kind: 'connected', port });
    expect(state().kind).toBe('trying');
    expect(attempts).toHaveLength(2);
    await outcome({ kind: 'connected', port: newPort() });
    expect(seen).toEqual(['trying', 'trying', 'connected']);
  });
});

describe('every arrow of the link’s lifecycle', () => {
  /** How each state is reached, and how each event comes. */
  const reach: Record<LinkState['kind'], (built: ReturnType<typeof build>) => Promise<void>> = {
    connected: async () => {},
    trying: async ({ lose }) => lose(),
    async waiting({ lose, outcome }) {
      lose();
      await outcome(unreachable);
    },
    async refused({ lose, outcome }) {
      lose();
      await outcome(refused);
    },
  };
  const cause: Record<LinkEvent, (built: ReturnType<typeof build>) => Promise<void>> = {
    lost: async ({ lose }) => lose(),
    woken: async ({ wake }) => wake(),
    due: async ({ passTime }) => passTime(),
    admitted: ({ outcome }) => outcome({ kind: 'connected', port: newPort() }),
    unreachable: ({ outcome }) => outcome(unreachable),
    refused: ({ outcome }) => outcome(refused),
  };

  it.each(arrowsOf(linkLifecycle))('%s, %s → %s', async (from, event, to) => {
    const built = build();
    await reach[from](built);
    expect(built.state().kind).toBe(from);
    await cause[event](built);
    expect(built.state().kind).toBe(to);
  });
});
