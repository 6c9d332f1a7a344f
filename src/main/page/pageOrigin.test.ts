import { describe, expect, it } from 'vitest';
import { isOwnPage, isTrustedSender, mayLoad, START_URL } from './pageOrigin.ts';

const OTHERS = [
  'https://example.org/',
  'http://127.0.0.1/',
  'file:///etc/passwd',
  'about:blank',
  'data:text/html,hello',
  'javascript:alert(1)',
  'app://other/index.html',
  'app://auricle.evil.example/',
  'app://auricle:1/',
  'app://user@auricle/',
  'app:auricle',
  'App',
  'blob:https://example.org/1',
  '',
];

describe("the application's own pages", () => {
  it('are what the window shows', () => {
    expect(isOwnPage(START_URL)).toBe(true);
    expect(isOwnPage('app://auricle/assets/app.js')).toBe(true);
  });

  it.each(OTHERS)('are not %s', (url) => {
    expect(isOwnPage(url)).toBe(false);
  });

  it('may speak to the main process, from their main frame only', () => {
    expect(isTrustedSender({ url: START_URL, parent: null })).toBe(true);
    expect(isTrustedSender({ url: START_URL, parent: { url: START_URL } })).toBe(false);
    expect(isTrustedSender(null)).toBe(false);
    for (const url of OTHERS) expect(isTrustedSender({ url, parent: null }), url).toBe(false);
  });

  it('load nothing from the network or the disk', () => {
    for (const url of ['app://auricle/a.js', 'blob:app://auricle/1', 'data:image/png;base64,']) {
      expect(mayLoad(url), url).toBe(true);
    }
    for (const url of [
      'https://example.org/',
      'ws://127.0.0.1/',
      'file:///x',
      'blob:https://example.org/1',
    ]) {
      expect(mayLoad(url), url).toBe(false);
    }
  });
});
