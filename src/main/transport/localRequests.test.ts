import { describe, expect, it } from 'vitest';
import { mayConnect, mayRead } from './localRequests.ts';

const PORT = 4000;
const host = '127.0.0.1:4000';
const origin = 'http://127.0.0.1:4000';

describe('requests to the local server', () => {
  it('come from its own pages', () => {
    expect(mayConnect({ host, origin }, PORT)).toBe(true);
    expect(mayConnect({ host: 'localhost:4000', origin: 'http://localhost:4000' }, PORT)).toBe(true);
    expect(mayRead({ host }, PORT)).toBe(true);
    expect(mayRead({ host, 'sec-fetch-site': 'none' }, PORT)).toBe(true);
    expect(mayRead({ host, origin, 'sec-fetch-site': 'same-origin' }, PORT)).toBe(true);
  });

  it.each([
    undefined,
    '',
    'evil.example',
    'evil.example:4000',
    '127.0.0.1',
    '127.0.0.1:4001',
    '127.0.0.1.evil.example:4000',
    '[::1]:4000',
    '0.0.0.0:4000',
  ])('are not answered under the name %s', (name) => {
    const named = { host: name, origin: `http://${name}` };
    expect([mayRead(named, PORT), mayConnect(named, PORT)]).toEqual([false, false]);
  });

  it.each([
    'null',
    'http://evil.example',
    'http://127.0.0.1:4001',
    'https://127.0.0.1:4000',
    'http://localhost:4000',
    'file://',
  ])('are not answered for a page of %s', (other) => {
    expect(mayRead({ host, origin: other }, PORT)).toBe(false);
    expect(mayConnect({ host, origin: other }, PORT)).toBe(false);
  });

  it('open no socket without an origin', () => {
    expect(mayConnect({ host }, PORT)).toBe(false);
  });

  it.each(['cross-site', 'same-site'])('give no file to a %s page', (site) => {
    expect(mayRead({ host, 'sec-fetch-site': site }, PORT)).toBe(false);
    for (const dest of ['script', 'image', 'iframe', 'empty']) {
      expect(mayRead({ host, 'sec-fetch-site': site, 'sec-fetch-dest': dest }, PORT), dest).toBe(false);
    }
  });

  it('open a window from wherever a link was clicked', () => {
    const clicked = { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'document' };
    expect(mayRead({ host, ...clicked }, PORT)).toBe(true);
    expect(mayRead({ host: 'evil.example:4000', ...clicked }, PORT)).toBe(false);
  });
});
