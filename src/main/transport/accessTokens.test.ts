import { describe, expect, it } from 'vitest';
import { credentialProtocol, readCredential } from '#shared/rpc/webSocketHandshake.ts';
import { createAccessTokens } from './accessTokens.ts';

describe('access to the local server', () => {
  it('exchanges a token once, and lets its session in again and again', () => {
    const tokens = createAccessTokens();
    const token = tokens.issueToken();
    const pass = tokens.admit({ kind: 'token', secret: token });
    expect(pass?.session).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(tokens.admit({ kind: 'token', secret: token })).toBeUndefined();
    for (let visit = 0; visit < 3; visit++) {
      expect(tokens.admit({ kind: 'session', secret: pass?.session ?? '' })).toEqual(pass);
    }
  });

  it('proves with each session that it is the server that issued it', () => {
    const tokens = createAccessTokens();
    const admit = () => tokens.admit({ kind: 'token', secret: tokens.issueToken() });
    const passes = [admit(), admit()];
    expect(new Set(passes.flatMap((pass) => [pass?.session, pass?.proof])).size).toBe(4);
    expect(passes[0]?.proof).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });

  it('takes neither for the other, nor what it never issued', () => {
    const tokens = createAccessTokens();
    const token = tokens.issueToken();
    expect(tokens.admit({ kind: 'session', secret: token })).toBeUndefined();
    const session = tokens.admit({ kind: 'token', secret: token })?.session ?? '';
    expect(tokens.admit({ kind: 'token', secret: session })).toBeUndefined();
    expect(tokens.admit({ kind: 'token', secret: 'a'.repeat(43) })).toBeUndefined();
    expect(tokens.admit(undefined)).toBeUndefined();
  });

  it('issues another secret each time', () => {
    const tokens = createAccessTokens();
    expect(new Set(Array.from({ length: 20 }, tokens.issueToken)).size).toBe(20);
  });

  it('reads the credential that a page offers, and no other text', () => {
    const credential = { kind: 'token', secret: createAccessTokens().issueToken() } as const;
    expect(readCredential(['auricle.1', credentialProtocol(credential)])).toEqual(credential);
    for (const protocol of [
      'auricle.1',
      'token.',
      'token.short',
      `cookie.${'a'.repeat(43)}`,
      `token.${'é'.repeat(43)}`,
    ]) {
      expect(readCredential([protocol]), protocol).toBeUndefined();
    }
  });
});
