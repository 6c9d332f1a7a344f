import { describe, expect, it } from 'vitest';
import { credentials, tokenIn } from './admission.ts';

describe('what a page shows to be let in', () => {
  it("finds the link's token", () => {
    expect(tokenIn('#token=abc_-9')).toBe('abc_-9');
    for (const hash of ['', '#', '#measure', '#session=abc']) expect(tokenIn(hash), hash).toBeUndefined();
  });

  it('tries the token of a new link before the session of an old one', () => {
    expect(credentials('t', 's')).toEqual([
      { kind: 'token', secret: 't' },
      { kind: 'session', secret: 's' },
    ]);
    expect(credentials(undefined, 's')).toEqual([{ kind: 'session', secret: 's' }]);
    expect(credentials(undefined, null)).toEqual([]);
  });
});
