#!/usr/bin/env node
// Opens Auricle's window in Electron; where Electron cannot run, says why and opens the browser instead.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { whyItDied } from './electronEnd.js';

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
  // Electron's own variable: a runtime that was named on purpose is tried.
  const named = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (named) return { program: join(named, 'electron') };
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

/** What is kept of the errors that Electron prints: their end says why it died. */
const KEPT_CHARACTERS = 20_000;

/** Files and folders among the arguments, from where `npm start` was called: it is run in another folder. */
const args = process.argv.slice(2).map((argument) => {
  const path = resolve(process.env.INIT_CWD ?? process.cwd(), argument);
  return !argument.startsWith('-') && existsSync(path) ? path : argument;
});

/** Runs a program until it ends. @param onEnd gets how it ended */
function run(program, programArgs, onEnd) {
  const startedMs = performance.now();
  let errors = '';
  const child = spawn(program, programArgs, { cwd: root, stdio: ['inherit', 'inherit', 'pipe'] });
  child.stderr.on('data', (text) => {
    process.stderr.write(text);
    errors = (errors + text).slice(-KEPT_CHARACTERS);
  });
  // The terminal sends Ctrl+C to both; the child ends in its own time, and this process after it.
  const pass = { SIGINT: () => child.kill('SIGINT'), SIGTERM: () => child.kill('SIGTERM') };
  for (const signal of Object.keys(pass)) process.on(signal, pass[signal]);
  const end = (code, signal) => {
    for (const each of Object.keys(pass)) process.off(each, pass[each]);
    onEnd({ code, signal, afterMs: performance.now() - startedMs, errors });
  };
  child.on('error', (error) => {
    errors += error.message;
    end(1, null);
  });
  child.on('close', end);
}

function openBrowserInstead(reason) {
  // Not to stdout: with --json that is for programs.
  process.stderr.write(
    `The desktop window needs Electron, which cannot run here: ${reason}.\n` +
      'Auricle opens in your browser instead; it is the same program, and nothing leaves this machine.\n',
  );
  run(process.execPath, [join(root, 'dist', 'main', 'server.js'), ...args], ({ code, errors }) => {
    if (code === null) process.stderr.write(`auricle: ${errors}\n`);
    process.exit(code ?? 1);
  });
}

if (!existsSync(join(root, 'dist', 'main', 'server.js'))) {
  process.stderr.write('auricle: The program is not built. Run `npm run build` first.\n');
  process.exit(1);
}
const { program, reason } = findElectron();
if (program === undefined) openBrowserInstead(reason);
else
  run(program, [root, ...args], (end) => {
    const why = whyItDied(end);
    if (why !== undefined) openBrowserInstead(why);
    else process.exit(end.code ?? 1);
  });
