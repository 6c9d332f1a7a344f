import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { electronRuntime } from './testing/electronRuntime.ts';

const ROOT = resolve(import.meta.dirname, '../..');

describe('npm run check:electron', () => {
  it.skipIf(electronRuntime().kind === 'program')('says where there is no runtime, and fails', () => {
    const args = ['tools/run.js', '../e2e/checkElectron.ts'];
    const { status, stdout } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' });
    expect(stdout).toMatch(/^Not checked: no .*Electron/);
    expect(status).toBe(1);
  });
});
