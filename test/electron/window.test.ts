import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { electronRuntime, skippedBecause } from './testing/electronRuntime.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const runtime = electronRuntime();
const isBuilt = ['main/electron.js', 'preload/preload.cjs', 'renderer/index.html'].every((file) =>
  existsSync(join(ROOT, 'dist', file)),
);
const canRun = runtime.kind === 'program' && isBuilt;
const title = `Electron${runtime.kind === 'missing' || isBuilt ? skippedBecause(runtime) : ' (skipped: not built)'}`;

/** As a page with unsaved work does: it holds, and lets go when it has saved. */
const HOLD_TWICE = `globalThis.held = 0;
  addEventListener('beforeunload', (event) => { if (held++ < 2) event.preventDefault(); });`;

describe.skipIf(!canRun)(title, () => {
  let userData = '';
  let application: ElectronApplication;
  let page: Page;
  beforeAll(async () => {
    userData = mkdtempSync(join(tmpdir(), 'auricle-electron-'));
    application = await _electron.launch({
      // Playwright turns it off unless asked.
      chromiumSandbox: true,
      executablePath: runtime.kind === 'program' ? runtime.program : '',
      args: [ROOT, `--user-data-dir=${userData}`],
    });
    page = await application.firstWindow();
    await page.waitForLoadState();
  });
  afterAll(async () => {
    await application?.close();
    rmSync(userData, { recursive: true, force: true });
  });

  it('opens one window with its own page', async () => {
    expect(application.windows()).toHaveLength(1);
    expect(page.url()).toBe('app://auricle/index.html');
    expect(await page.title()).toContain('Auricle');
  });

  it('gives the page one thing, and nothing of Node or Electron', async () => {
    const seen = await page.evaluate(() => ({
      auricle: Object.keys(Reflect.get(globalThis, 'auricle')),
      others: ['require', 'process', 'module', 'Buffer', 'ipcRenderer', 'electron'].filter(
        (name) => name in globalThis,
      ),
    }));
    expect(seen).toEqual({ auricle: ['requestPort'], others: [] });
  });

  it('answers a call through the port', async () => {
    // In words that the page understands: this function is sent there as text.
    const answer = await page.evaluate(
      `new Promise((resolve) => {
        addEventListener('message', ({ data, ports: [port] }) => {
          if (data?.kind !== 'auricle-port') return;
          port.onmessage = (event) => event.data.kind === 'result' && resolve(event.data);
          port.postMessage({ kind: 'call', id: 7, service: 'app', method: 'info', params: {} });
        });
        auricle.requestPort();
      })`,
    );
    expect(answer).toMatchObject({
      kind: 'result',
      id: 7,
      result: { target: 'electron', canSaveFiles: true },
    });
  });

  it('stays on its own page and opens no other window', async () => {
    expect(await page.evaluate('window.open("https://example.org") === null')).toBe(true);
    await page.evaluate('void (location.href = "https://example.org")');
    expect(await page.evaluate('location.href')).toBe('app://auricle/index.html');
    expect(application.windows()).toHaveLength(1);
  });

  it('loads its page again only when that lets go, and stays open', async () => {
    await page.evaluate(HOLD_TWICE);
    const loaded = page.waitForEvent('load');
    await application.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.reload());
    await loaded;
    expect(await page.evaluate('typeof held')).toBe('undefined');
    expect(application.windows()).toHaveLength(1);
  });

  it('has its menus', async () => {
    const labels = await application.evaluate(({ Menu }) =>
      Menu.getApplicationMenu()?.items.map(({ label }) => label.replace('&', '')),
    );
    expect(labels).toEqual(expect.arrayContaining(['File', 'Edit', 'View', 'Help']));
  });

  it('ends when its page has saved its work', async () => {
    await page.evaluate(HOLD_TWICE);
    const ended = new Promise<void>((done) => void application.once('close', () => done()));
    await application.evaluate(({ app }) => app.quit());
    await ended;
  });
});
