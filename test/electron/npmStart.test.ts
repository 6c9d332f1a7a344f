import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'auricle-start-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** `npm start` with a program in Electron's place. It ends when the browser's link is printed, or by itself. */
async function start(
  script: string,
  ...args: string[]
): Promise<{ out: string; errors: string; code: number | null }> {
  writeFileSync(join(folder, 'electron'), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, 'electron'), 0o755);
  const child = spawn(process.execPath, [join(ROOT, 'bin/start.js'), ...args], {
    env: { ...process.env, ELECTRON_OVERRIDE_DIST_PATH: folder, INIT_CWD: folder },
  });
  let out = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
    if (out.includes('"url"')) child.kill('SIGTERM');
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const code = await new Promise<number | null>((done) => child.once('close', done));
  return { out, errors, code };
}

const SERVER = ['--json', '--no-open', '--port', '0', '--engine', 'onnx'];

describe('npm start', () => {
  it('opens the browser where Electron dies at once, and says why and what to do', async () => {
    const { out, errors } = await start(
      `echo 'FATAL:setuid_sandbox_host.cc(163)] The SUID sandbox helper binary was found, but is not configured correctly. You need to make sure that /x/dist/chrome-sandbox is owned by root and has mode 4755.' >&2
       kill -TRAP $$`,
      ...SERVER,
      '--data',
      join(folder, 'data'),
    );
    expect(errors).toContain("sudo chown root:root '/x/dist/chrome-sandbox'");
    expect(errors).toContain('opens in your browser instead');
    expect(JSON.parse(out)).toEqual({ url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:/) });
  });

  it('ends with Electron where that ran, or said itself why it cannot start', async () => {
    for (const code of [0, 70]) {
      const ended = await start(`exit ${code}`);
      expect(ended.code).toBe(code);
      expect(ended.errors).not.toContain('browser');
    }
  });

  it('gives it files and folders from where it was called', async () => {
    writeFileSync(join(folder, 'scan.dcm'), '');
    const { out } = await start('echo "$@"', 'scan.dcm', '--flag');
    expect(out.trim()).toBe(`${ROOT} ${join(folder, 'scan.dcm')} --flag`);
  });
});
