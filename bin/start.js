#!/usr/bin/env node
// Opens Auricle's window in Electron; where Electron cannot run, says why and opens the browser instead.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** Longest that Electron's own installer may take to fetch the runtime, ms. */
const FETCH_LIMIT_MS = 180_000;

/** Electron's program, where it was fetched; its package's entry would fetch it, so the files are read. */
function electronProgram(folder) {
  const pathFile = join(folder, 'path.txt');
  if (!existsSync(pathFile)) return undefined;
  const program = join(folder, 'dist', readFileSync(pathFile, 'utf8').trim());
  return existsSync(program) ? program : undefined;
}

function electronFolder() {
  try {
    return dirname(createRequire(import.meta.url).resolve('electron/package.json'));
  } catch {
    return undefined;
  }
}

/** The program to start, or why there is none, in words. */
function findElectron() {
  if (process.platform === 'linux') {
    if (!process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return { reason: 'there is no display' };
    if (process.getuid?.() === 0) return { reason: 'its sandbox does not run for the root user' };
  }
  const folder = electronFolder();
  if (folder === undefined) return { reason: 'its package is not installed' };
  if (electronProgram(folder) === undefined) {
    process.stderr.write('Fetching Electron, once …\n');
    spawnSync(process.execPath, [join(folder, 'install.js')], { stdio: 'ignore', timeout: FETCH_LIMIT_MS });
  }
  const program = electronProgram(folder);
  return program === undefined ? { reason: 'its runtime could not be fetched' } : { program };
}

function run(program, args) {
  const child = spawn(program, args, { cwd: root, stdio: 'inherit' });
  // The terminal sends Ctrl+C to both; the child ends in its own time, and this process after it.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    process.stderr.write(`auricle: ${error.message}\n`);
    process.exit(1);
  });
  child.on('exit', (code) => process.exit(code ?? 1));
}

if (!existsSync(join(root, 'dist', 'main', 'server.js'))) {
  process.stderr.write('auricle: The program is not built. Run `npm run build` first.\n');
  process.exit(1);
}
const { program, reason } = findElectron();
if (program !== undefined) {
  run(program, [root, ...process.argv.slice(2)]);
} else {
  // Not to stdout: with --json that is for programs.
  process.stderr.write(
    `The desktop window needs Electron, which cannot run here: ${reason}.\n` +
      'Auricle opens in your browser instead; it is the same program, and nothing leaves this machine.\n',
  );
  run(process.execPath, [join(root, 'dist', 'main', 'server.js'), ...process.argv.slice(2)]);
}
