// Builds the program in a checkout where it is not built yet or, with --fresh, where a source is newer than the build.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** Written last, so that a build that was interrupted does not count. */
const stamp = join(root, 'dist', 'built');
const lock = join(root, 'node_modules', '.auricle-building');
/** A lock older than this was left by a build that was killed, ms. */
const STALE_LOCK_MS = 120_000;

/** When the newest file under a file or folder was changed, ms since 1970. */
function newestMs(path) {
  const status = statSync(path, { throwIfNoEntry: false });
  if (status === undefined) return 0;
  if (!status.isDirectory()) return status.mtimeMs;
  return readdirSync(path).reduce((newest, name) => Math.max(newest, newestMs(join(path, name))), 0);
}

/** An installed package has no sources, and is always built. */
const isCheckout = () => existsSync(join(root, 'src', 'main'));

function isStale() {
  const builtMs = newestMs(stamp);
  return [
    'src',
    'package-lock.json',
    'vite.config.ts',
    'vite.preload.config.ts',
    'vite.renderer.config.ts',
  ].some((name) => newestMs(join(root, name)) > builtMs);
}

/** One build at a time: two at once would empty each other's folder. @returns whether this process holds the lock */
function takeLock() {
  try {
    mkdirSync(lock);
    return true;
  } catch {
    const takenMs = newestMs(lock); // 0 where it was given back meanwhile
    if (takenMs > 0 && Date.now() - takenMs > STALE_LOCK_MS) releaseLock();
    return false;
  }
}

const releaseLock = () => rmSync(lock, { recursive: true, force: true });

const sleep = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

/** @returns whether it succeeded */
function build() {
  process.stderr.write('Building Auricle …\n');
  const npm = process.env.npm_execpath;
  const args = ['run', '--silent', 'build'];
  // stdout belongs to the command that is about to run: with --json it is read by programs.
  const options = { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] };
  const { status } =
    npm === undefined
      ? spawnSync('npm', args, { ...options, shell: process.platform === 'win32' })
      : spawnSync(process.execPath, [npm, ...args], options);
  return status === 0;
}

/**
 * Builds where that is needed, and waits for a build that is under way. Ends the process where the build fails.
 * @param {{ fresh?: boolean }} options fresh: also where a source is newer than the build
 */
export function ensureBuilt({ fresh = false } = {}) {
  const isNeeded = () => isCheckout() && (!existsSync(stamp) || (fresh && isStale()));
  while (isNeeded()) {
    if (!takeLock()) {
      sleep(200);
      continue;
    }
    const succeeded = !isNeeded() || build();
    releaseLock();
    if (succeeded) return;
    process.stderr.write('auricle: The program could not be built; `npm run build` shows why.\n');
    process.exit(1);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  // The first and the last step of `npm run build`: between them the folder is not whole.
  if (process.argv.includes('--begin')) rmSync(stamp, { force: true });
  else if (process.argv.includes('--mark')) writeFileSync(stamp, '');
  else ensureBuilt({ fresh: process.argv.includes('--fresh') });
}
