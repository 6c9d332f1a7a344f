import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDesktop, type Desktop } from './testing/desktop.ts';

const ROOT = resolve(import.meta.dirname, '../..');

/** How the built program starts, on a stand-in that holds Electron's order. */
let desktop: Desktop;
beforeAll(async () => {
  desktop = await createDesktop();
});
afterAll(() => desktop.free());

describe('the start', () => {
  it('opens one isolated, sandboxed window with its own page, and answers it with a policy', async () => {
    const application = desktop.start({ home: desktop.newHome({ networks: true }) });
    const { details: page } = await application.saw('page');
    expect(page).toMatchObject({
      url: 'app://auricle/index.html',
      status: 200,
      headers: {
        'content-security-policy': expect.stringContaining("default-src 'none'"),
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-embedder-policy': 'require-corp',
      },
      resources: expect.arrayContaining([{ address: expect.stringMatching(/\.js$/), status: 200 }]),
      // WebGPU and shared memory are for secure pages only; codecs are fetched.
      isSecureContext: true,
      canFetch: true,
    });
    expect((await application.saw('window')).details.options).toMatchObject({
      show: false,
      webPreferences: {
        ...{ contextIsolation: true, sandbox: true, nodeIntegration: false, devTools: false },
        webviewTag: false,
      },
    });
    await application.saw('show');
    expect((await application.saw('page-world')).details).toEqual({ exposed: ['auricle'] });
    expect(await application.act('state')).toMatchObject({
      windows: 1,
      isVisible: true,
      isSandboxEnabled: true,
    });
    // Nobody else's pages, windows, files or permissions.
    const loaded = (url: string, method = 'GET') => application.act('fetch', { url, method });
    expect(await loaded('https://example.org/')).toMatchObject({ name: 'ERR_BLOCKED_BY_CLIENT' });
    expect(await loaded('file:///etc/passwd')).toMatchObject({ name: 'ERR_BLOCKED_BY_CLIENT' });
    expect(await loaded('app://auricle/none.js')).toMatchObject({ status: 404 });
    expect(await loaded('app://auricle/index.html', 'POST')).toMatchObject({ status: 405 });
    expect(await application.act('navigate', { url: 'https://example.org/' })).toBe(false);
    expect(await application.act('openWindow', { url: 'app://auricle/index.html' })).toBe(false);
    // Refused by the event, whatever the preference says.
    expect(await application.act('attachWebview', { url: 'app://auricle/index.html' })).toBe(false);
    expect(await application.act('permission', { name: 'media' })).toBe(false);
    expect(application.names()).not.toContain('network-request');
    await application.act('quit');
    expect(await application.exited).toBe(0);
  });

  it('shows its page without sandbox and graphics processor, where the system has neither', async () => {
    const application = desktop.start({
      home: desktop.newHome(),
      canSandbox: false,
      switches: { 'no-sandbox': '' },
      hasGpu: false,
    });
    await application.saw('page');
    expect(await application.act('state')).toMatchObject({
      isSandboxEnabled: false,
      gpu: { webgl2: 'unavailable_software' },
    });
    application.kill();
  });

  it('says why it cannot start, and ends', async () => {
    // A copy of the program without its pages, where its dependencies are found.
    const folder = mkdtempSync(join(ROOT, 'node_modules/.auricle-test-desktop-'));
    try {
      const filter = (path: string): boolean => !path.endsWith('.map');
      cpSync(join(ROOT, 'dist/main'), join(folder, 'main'), { recursive: true, filter });
      const application = desktop.start({ home: desktop.newHome(), entry: join(folder, 'main/electron.js') });
      expect((await application.saw('error-box')).details).toEqual({
        title: 'Auricle cannot start',
        content: expect.stringContaining('not built'),
      });
      expect(await application.exited).toBe(70);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

it('keeps all in the local server’s folder, in Windows’ local profile, and moves there what was elsewhere', async () => {
  const home = desktop.newHome();
  const old = join(home, 'appData', 'Auricle', 'data');
  mkdirSync(old, { recursive: true });
  writeFileSync(join(old, 'audit.jsonl'), '{"kind":"open"}\n');
  const application = desktop.start({ home, platform: 'win32' });
  await application.saw('page');
  const { userData, sessionData } = await application.act<Record<string, string>>('state');
  // A path of Windows, which is one name in the test's folder here.
  const local = `${join(home, 'Local')}\\Auricle`.replaceAll('/', '\\');
  expect(userData).toBe(`${local}/desktop`);
  expect(sessionData).toBe(userData);
  expect(readFileSync(join(home, local, 'audit.jsonl'), 'utf8')).toBe('{"kind":"open"}\n');
  expect(existsSync(old)).toBe(false);
  application.kill();
});
