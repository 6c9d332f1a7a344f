import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { electronRuntime } from './testing/electronRuntime.ts';

const ROOT = resolve(import.meta.dirname, '../..');

const check = (env: NodeJS.ProcessEnv = {}) =>
  spawnSync(process.execPath, ['tools/run.js', '../e2e/checkElectron.ts'], {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });

describe('npm run check:electron', () => {
  it.skipIf(electronRuntime().kind === 'program')('says where there is no runtime, and fails', () => {
    const { status, stdout } = check();
    expect(stdout).toMatch(/^Not checked: no .*Electron/);
    expect(status).toBe(1);
  });

  it('says what a runtime prints that dies at once, and fails', () => {
    const folder = mkdtempSync(join(tmpdir(), 'auricle-check-'));
    try {
      const script = "#!/bin/sh\necho 'FATAL: No usable sandbox!' >&2\nexit 1\n";
      writeFileSync(join(folder, 'electron'), script, { mode: 0o755 });
      const { status, stdout } = check({ ELECTRON_OVERRIDE_DIST_PATH: folder });
      expect(stdout).toMatch(/^FAILED {2}the program starts: [\s\S]*No usable sandbox!/);
      expect(stdout).toMatch(/1 did not hold\.\n$/);
      expect(status).toBe(1);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
