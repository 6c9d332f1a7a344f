import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import type { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { admitted, tokenIn } from '#renderer/connection/admission.ts';
import { auricleContract } from '#shared/contract/auricle.ts';
import { createRpcClient } from '#shared/rpc/client.ts';
import { credentialProtocol, WEB_SOCKET_PROTOCOL } from '#shared/rpc/webSocketHandshake.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const isBuilt = ['dist/main/server.js', 'dist/renderer/index.html'].every((file) =>
  existsSync(join(ROOT, file)),
);

describe.skipIf(!isBuilt)(`the built server${isBuilt ? '' : ' (skipped: not built)'}`, () => {
  let data = '';
  beforeAll(() => {
    data = mkdtempSync(join(tmpdir(), 'auricle-data-'));
  });
  afterAll(() => rmSync(data, { recursive: true, force: true }));
  const children: ReturnType<typeof start>[] = [];
  // What a failed test left running.
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });

  const start = (file: string, ...args: string[]): ChildProcessByStdio<null, Readable, Readable> => {
    const { DISPLAY: _display, WAYLAND_DISPLAY: _wayland, ...env } = process.env;
    const all = [join(ROOT, file), '--json', '--no-open', '--engine', 'onnx', '--data', data, ...args];
    const child = spawn(process.execPath, all, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
    children.push(child);
    return child;
  };
  const exit = (child: ReturnType<typeof start>): Promise<number | null> =>
    new Promise((done) => void child.once('exit', done));
  const urlOf = (child: ReturnType<typeof start>): Promise<URL> =>
    new Promise((found, failed) => {
      child.stdout.once('data', (line) => found(new URL(JSON.parse(String(line)).url)));
      child.once('exit', (code) => failed(new Error(`ended with code ${code}`)));
    });

  /** The services behind a link, as a page has them. */
  const servicesOf = async (url: URL) => {
    const credential = { kind: 'token', secret: tokenIn(url.hash) ?? '' } as const;
    const admission = await admitted(
      new WebSocket(`ws://${url.host}/rpc`, [WEB_SOCKET_PROTOCOL, credentialProtocol(credential)], {
        headers: { Origin: url.origin },
      }),
    );
    if (!admission) throw new Error('was not let in');
    return createRpcClient(auricleContract, admission.port).services;
  };

  it('refuses to open what is not there', async () => {
    const child = start('dist/main/server.js', join(data, 'no-such-folder'));
    let complaint = '';
    child.stderr.on('data', (text) => {
      complaint += String(text);
    });
    expect(await exit(child)).toBe(1);
    expect(complaint).toBe('auricle: There is no file or folder "no-such-folder".\n');
  });

  it('prints its link, serves its page and its services, and ends on request', async () => {
    const child = start('dist/main/server.js');
    const url = await urlOf(child);
    const page = await fetch(url.origin);
    expect([page.status, await page.text()]).toEqual([
      200,
      expect.stringContaining('<title>Auricle</title>'),
    ]);
    const services = await servicesOf(url);
    expect(await services.app.info({})).toMatchObject({ target: 'web', canSaveFiles: false });
    const second = start('dist/main/server.js', '--port', url.port);
    let complaint = '';
    second.stderr.on('data', (text) => {
      complaint += text;
    });
    expect(await exit(second)).toBe(1);
    expect(complaint).toBe(`auricle: Port ${url.port} is taken.\n`);
    child.kill('SIGTERM');
    expect(await exit(child)).toBe(0);
  });

  it.skipIf(process.platform !== 'linux')(
    'opens in the browser where there is no display, with what it was started with, and says so',
    async () => {
      const scan = join(data, 'CT');
      mkdirSync(scan);
      writeFileSync(join(scan, '1.dcm'), 'one');
      const child = start('bin/start.js', scan);
      let said = '';
      child.stderr.on('data', (text) => {
        said += text;
      });
      const { opening } = await servicesOf(await urlOf(child));
      const { files } = await opening.take({});
      expect(files.map(({ path }) => path)).toEqual(['CT/1.dcm']);
      child.kill('SIGTERM');
      expect(await exit(child)).toBe(0);
      expect(said.trim().split('\n')).toEqual([
        'The desktop window needs Electron, which cannot run here: there is no display.',
        'Auricle opens in your browser instead; it is the same program, and nothing leaves this machine.',
      ]);
    },
  );
});
