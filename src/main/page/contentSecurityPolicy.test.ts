import { describe, expect, it } from 'vitest';
import { contentSecurityPolicy, securityHeaders } from './contentSecurityPolicy.ts';

const directives = (policy: string): Record<string, string[]> =>
  Object.fromEntries(
    policy.split('; ').map((directive) => {
      const [name = '', ...sources] = directive.split(' ');
      return [name, sources];
    }),
  );

describe("the pages' content security policy", () => {
  const policy = directives(contentSecurityPolicy(['ws://127.0.0.1:1']));

  it('allows nothing that it does not name', () => {
    expect(policy['default-src']).toEqual(["'none'"]);
  });

  it("runs the application's own scripts and WebAssembly, no text", () => {
    expect(policy['script-src']).toEqual(["'self'", "'wasm-unsafe-eval'"]);
  });

  it('connects to its own origin and its engine only', () => {
    expect(policy['connect-src']).toEqual(["'self'", 'ws://127.0.0.1:1']);
  });

  it('names no other site, no scheme of the network and no wildcard', () => {
    const sources = Object.values(directives(contentSecurityPolicy())).flat();
    expect(new Set(sources)).toEqual(
      new Set(["'none'", "'self'", "'wasm-unsafe-eval'", "'unsafe-inline'", 'blob:', 'data:']),
    );
  });

  it('cannot be framed, posted from or given another base', () => {
    for (const name of ['frame-ancestors', 'form-action', 'base-uri']) {
      expect(policy[name]).toEqual(["'none'"]);
    }
  });

  it('comes with isolation from other sites', () => {
    expect(securityHeaders('p')).toMatchObject({
      'Content-Security-Policy': 'p',
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Embedder-Policy': 'require-corp',
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
    });
    expect(Object.keys(securityHeaders('p')).join()).not.toMatch(/access-control/i);
  });
});
