import { spawnSync } from 'node:child_process';
import process from 'node:process';

/** The major version of Node that the packed Electron is built on. */
const MAJOR = 24;
const FETCH_LIMIT_MS = 60_000;

/** A program of the version of Node that Electron has inside; this one, with a word, where it cannot be had. */
export function nodeLikeElectrons(): string {
  if (Number.parseInt(process.versions.node, 10) >= MAJOR) return process.execPath;
  const { status, stdout } = spawnSync(
    'npx',
    ['--yes', '--package', `node@${MAJOR}`, '--call', 'node -p process.execPath'],
    // Its package links its program in a script of its own, which runs nothing but that.
    {
      encoding: 'utf8',
      timeout: FETCH_LIMIT_MS,
      env: { ...process.env, npm_config_ignore_scripts: 'false' },
    },
  );
  const program = stdout?.trim();
  if (status === 0 && program) return program;
  process.stderr.write(
    `Packages are run with Node ${process.versions.node}: Node ${MAJOR} cannot be fetched.\n`,
  );
  return process.execPath;
}
