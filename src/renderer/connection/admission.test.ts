import { describe, expect, it } from 'vitest';
import { NOT_ADMITTED_CODE, type Pass } from '#shared/rpc/webSocketHandshake.ts';
import type { SocketLike } from '#shared/rpc/webSocketPort.ts';
import { inWords } from '#shared/words/testing/inWords.ts';
import { tokenIn } from './admission.ts';
import { createPassKeeper, PASS_KEY, type PassKeeper } from './passKeeper.ts';
import { connectWeb } from './webConnection.ts';

const pass = (letter: string): Pass => ({
  session: letter.repeat(43),
  proof: letter.toUpperCase().repeat(43),
});

/** A socket whose other end is the test. */
class FakeSocket implements SocketLike {
  binaryType = '';
  isClosed = false;
  readonly sent: unknown[] = [];
  private readonly listeners = new Map<string, ((event: never) => void)[]>();
  constructor(readonly protocols: readonly string[]) {}
  send(bytes: unknown): void {
    this.sent.push(bytes);
  }
  close(): void {
    this.isClosed = true;
  }
  addEventListener(type: string, listener: (event: never) => void): void {
    this.listeners.set(type, [...(this.listeners.get(type) ?? []), listener]);
  }
  notify(type: 'message' | 'close', event: object): void {
    for (const listener of this.listeners.get(type) ?? []) Reflect.apply(listener, undefined, [event]);
  }
}

function localStorage(): Pick<Storage, 'getItem' | 'setItem'> & { values: Map<string, string> } {
  const values = new Map<string, string>();
  return {
    values,
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
  };
}

/** A page whose sockets are answered in turn: by a welcome, a refusal, or nobody. */
function page(
  answers: readonly (Pass | 'unknown' | 'nobody' | 'nonsense')[],
  passes: PassKeeper,
  token?: string,
) {
  const sockets: FakeSocket[] = [];
  const attempt = connectWeb({
    passes,
    takeToken: () => token,
    openSocket(protocols) {
      const socket = new FakeSocket(protocols);
      const answer = answers[sockets.push(socket) - 1];
      queueMicrotask(() => {
        if (answer === 'unknown') socket.notify('close', { code: NOT_ADMITTED_CODE, reason: '' });
        else if (answer === 'nonsense') socket.notify('message', { data: '{"session":"x"}' });
        else if (answer === undefined || answer === 'nobody')
          socket.notify('close', { code: 1006, reason: '' });
        else socket.notify('message', { data: JSON.stringify(answer) });
      });
      return socket;
    },
  });
  return { attempt, sockets, shown: () => sockets.map(({ protocols }) => protocols.at(-1)) };
}

const keeper = (kept?: Pass): PassKeeper => {
  const passes = createPassKeeper(() => storage);
  const storage = localStorage();
  if (kept) passes.keep(kept);
  return passes;
};

describe('what a page shows to be let in', () => {
  it("finds the link's token", () => {
    expect(tokenIn('#token=abc_-9')).toBe('abc_-9');
    for (const hash of ['', '#', '#measure', '#session=abc']) expect(tokenIn(hash), hash).toBeUndefined();
  });

  it('tries the token of a new link before the session of an old one, and keeps what it was given', async () => {
    const passes = keeper(pass('a'));
    const first = page([pass('b')], passes, 't'.repeat(43));
    expect((await first.attempt).kind).toBe('connected');
    expect(first.shown()).toEqual([`token.${'t'.repeat(43)}`]);
    expect(passes.kept()).toEqual(pass('b'));
    const used = page(['unknown', pass('b')], passes, 't'.repeat(43));
    expect((await used.attempt).kind).toBe('connected');
    expect(used.shown()).toEqual([`token.${'t'.repeat(43)}`, `session.${'b'.repeat(43)}`]);
  });

  it('says which link is needed', async () => {
    expect(inWords(await page([], keeper()).attempt)).toMatchObject({
      kind: 'refused',
      reason: expect.stringMatching(/^Open the link/),
    });
    expect(inWords(await page(['unknown'], keeper(), 't'.repeat(43)).attempt)).toMatchObject({
      kind: 'refused',
      reason: expect.stringMatching(/^This link was used before/),
    });
    expect(inWords(await page(['unknown'], keeper(pass('a'))).attempt)).toMatchObject({
      kind: 'refused',
      reason: expect.stringMatching(/^Auricle has been restarted since/),
    });
  });

  it('distinguishes a server that is gone from one that refuses', async () => {
    for (const answer of ['nobody', 'nonsense'] as const)
      expect((await page([answer], keeper(pass('a'))).attempt).kind).toBe('unreachable');
  });

  it('sends nothing to a server that cannot prove that it gave the session', async () => {
    const { attempt, sockets } = page([{ ...pass('a'), proof: pass('b').proof }], keeper(pass('a')));
    expect(inWords(await attempt)).toEqual({
      kind: 'unreachable',
      reason: "What answers at this address is not Auricle's engine.",
    });
    expect(sockets).toMatchObject([{ isClosed: true, sent: [] }]);
  });
});

describe('the pass of an origin', () => {
  it('is shared by its pages: the newest counts', () => {
    const storage = localStorage();
    const [first, second] = [createPassKeeper(() => storage), createPassKeeper(() => storage)];
    expect(first.kept()).toBeUndefined();
    first.keep(pass('a'));
    expect(second.kept()).toEqual(pass('a'));
    second.keep(pass('b'));
    expect(first.kept()).toEqual(pass('b'));
  });

  it("is the page's own where the browser keeps none, or something else", () => {
    const forbidden = createPassKeeper(() => {
      throw new Error('forbidden');
    });
    forbidden.keep(pass('a'));
    expect(forbidden.kept()).toEqual(pass('a'));
    const storage = localStorage();
    const passes = createPassKeeper(() => storage);
    passes.keep(pass('a'));
    for (const text of ['', 'x', 'a'.repeat(43)]) {
      storage.values.set(PASS_KEY, text);
      expect(passes.kept(), text).toEqual(pass('a'));
    }
  });
});
