/**
 * Runs the README's section “Train a network” as it is written and prints each command's seconds and the distances at the end.
 * Usage: npm run build && npm run bench:training
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { readmeCommands } from '../tools/readmeCommands.ts';

rmSync('out/training', { recursive: true, force: true });
const rows: string[] = [];
let wholeSeconds = 0;
for (const words of readmeCommands(readFileSync('README.md', 'utf8'), '## Train a network')) {
  const began = performance.now();
  const { status, stdout } = spawnSync(process.execPath, ['bin/auricle.js', ...words], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error(`auricle ${words[0]} ended with ${status}.`);
  const seconds = (performance.now() - began) / 1000;
  wholeSeconds += seconds;
  rows.push(`| \`${words[0]}\` | ${seconds.toFixed(1)} |`);
  if (words[0] === 'evaluate') process.stdout.write(stdout);
}
process.stdout.write(
  ['| command | seconds |', '|---|---|', ...rows, `| whole | ${wholeSeconds.toFixed(1)} |`, ''].join('\n'),
);
