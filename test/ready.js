// What `npm test` runs: format and lint (one look at each file), types and build beside each other, then every test.
import { spawn } from 'node:child_process';
import process from 'node:process';

/** None needs what another makes. The build takes longest and begins first. */
const CHECKS = ['build', 'types', 'check'];

/**
 * The compiler of TypeScript, which ends within seconds, need not collect its garbage: a fifth of its processor time, for
 * 1 GB of memory at the most. Read by programs written in Go alone.
 */
const env = { GOGC: 'off', ...process.env };

const npm = process.env.npm_execpath;

/** Runs a script of package.json, and prints what it says when it ends. @returns whether it succeeded */
function check(name) {
  const args = ['run', '--silent', name];
  const child =
    npm === undefined
      ? spawn('npm', args, { env, shell: process.platform === 'win32' })
      : spawn(process.execPath, [npm, ...args], { env });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      process.stdout.write(`> ${name}${code === 0 ? '' : ' failed'}\n${output}`);
      resolve(code === 0);
    });
  });
}

const succeeded = await Promise.all(CHECKS.map(check));
if (succeeded.includes(false)) process.exit(1);
await import('./run.js');
