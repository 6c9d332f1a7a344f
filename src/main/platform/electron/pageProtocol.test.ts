import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerPageRequest } from './pageProtocol.ts';

describe("the pages' own protocol", () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'pages-'));
    writeFileSync(join(folder, 'index.html'), '<!doctype html>');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const get = (url: string, method = 'GET'): Promise<Response> => answerPageRequest(folder, { url, method });

  it('answers a page with the policy and the isolation', async () => {
    const response = await get('app://auricle/index.html?x#y');
    expect([response.status, await response.text()]).toEqual([200, '<!doctype html>']);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('content-security-policy')).toContain(
      "default-src 'none'; script-src 'self'",
    );
    expect(response.headers.get('content-security-policy')).toContain("connect-src 'self';");
    expect(response.headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('has nothing outside of its folder, for other hosts or other methods', async () => {
    expect((await get('app://auricle/none.js')).status).toBe(404);
    // The parser of addresses resolves plain dots; escaped ones arrive.
    expect((await get('app://auricle/..%2f..%2fetc%2fpasswd')).status).toBe(404);
    expect((await get('app://other/index.html')).status).toBe(403);
    expect((await get('app://auricle/index.html', 'POST')).status).toBe(405);
  });
});
