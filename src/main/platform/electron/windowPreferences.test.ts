import { describe, expect, it } from 'vitest';
import { SESSION_PARTITION, windowPreferences } from './windowPreferences.ts';

describe("the window's preferences", () => {
  const preferences = windowPreferences({ preload: '/preload.cjs', isDeveloping: false });

  it('isolate and sandbox the page, without Node', () => {
    expect(preferences).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
    });
  });

  it('keep the web’s own rules', () => {
    expect(preferences).toMatchObject({ webSecurity: true, allowRunningInsecureContent: false });
  });

  it('turn on nothing experimental and no webview', () => {
    expect(preferences).toMatchObject({ experimentalFeatures: false, webviewTag: false });
    expect(preferences).not.toHaveProperty('enableBlinkFeatures');
  });

  it('keep nothing on the disk and give no developer tools to users', () => {
    expect(SESSION_PARTITION).not.toMatch(/^persist:/);
    expect(preferences.devTools).toBe(false);
  });
});
