/**
 * Many phantoms over several worker processes of which one after the other is killed: makes phantoms, segments them
 * through a Redis server of its own, kills a worker at random moments and starts another in its place, and counts the
 * results. Exit code 1 unless every case has one result and nothing is left half-written.
 * Usage: npm run build && npm run bench:cohort -- [--cases 200] [--workers 3] [--size 128x128x80] [--spacing 1.4,1.8]
 *        [--resolution 64] [--every 60] [--parallel 1] [--phantoms DIR]
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { mkdir, mkdtemp, readFile } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { z } from 'zod';

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '200' },
    workers: { type: 'string', default: '3' },
    size: { type: 'string', default: '128x128x80' },
    spacing: { type: 'string', default: '1.4,1.8' },
    resolution: { type: 'string', default: '64' },
    /** Seconds from one killed worker to the next, on average. */
    every: { type: 'string', default: '60' },
    /** Cases that a worker works on at a time. */
    parallel: { type: 'string', default: '1' },
    /** Phantoms that are kept, and made where they are missing. */
    phantoms: { type: 'string' },
    port: { type: 'string', default: '6399' },
  },
});
const program = join('bin', 'auricle.js');
if (!existsSync(join('dist', 'main', 'cli.js'))) throw new Error('Build first: npm run build.');
const run = promisify(execFile);
const folder = await mkdtemp(join(tmpdir(), 'auricle-cohort-'));
const phantoms = resolve(values.phantoms ?? join(folder, 'phantoms'));
const [studies, cohort] = [join(folder, 'studies'), join(folder, 'cohort')];
const redis = `redis://127.0.0.1:${values.port}`;
const auricle = async (...args: string[]): Promise<string> =>
  (await run(process.execPath, [program, ...args], { maxBuffer: 2 ** 28 })).stdout;
const wanted = Number(values.cases);

await mkdir(phantoms, { recursive: true });
await mkdir(studies);
const seeds = Array.from({ length: wanted }, (_, index) => index + 1);
const makePhantoms = async (): Promise<void> => {
  for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) {
    const out = join(phantoms, `phantom-${seed}`);
    const scan = ['--size', values.size, '--spacing', values.spacing, '--resolution', '64'];
    if (!existsSync(join(out, 'truth')))
      await auricle('phantom', '--seed', String(seed), '--out', out, ...scan);
    symlinkSync(join(out, 'dicom'), join(studies, `phantom-${seed}`));
  }
};
await Promise.all(Array.from({ length: Math.max(1, availableParallelism() - 2) }, makePhantoms));

const server = spawn('redis-server', ['--port', values.port, '--save', '', '--bind', '127.0.0.1'], {
  stdio: 'ignore',
});
const workers = new Set<ChildProcess>();
const done = { killed: 0, ended: 0 };
const start = (): void => {
  const args = [
    'cohort',
    'work',
    cohort,
    '--redis',
    redis,
    '--parallel',
    values.parallel,
    '--lease',
    '5',
    '--json',
  ];
  const child = spawn(process.execPath, [program, ...args], { stdio: 'ignore' });
  workers.add(child);
  child.on('exit', () => {
    workers.delete(child);
    done.ended++;
  });
};
const statusSchema = z.object({
  finished: z.array(z.object({ case: z.string(), worker: z.string() })),
  setAside: z.array(z.object({ case: z.string(), reason: z.string() })),
});
let isRight = false;
try {
  const options = ['--', '--threads', '1', '--resolution', values.resolution];
  await auricle('cohort', 'submit', 'segment', studies, '-o', cohort, '--redis', redis, ...options);
  const began = performance.now();
  for (let worker = 0; worker < Number(values.workers); worker++) start();
  const isOver = (): boolean => done.ended > done.killed;
  while (!isOver()) {
    const seconds = 2 * Math.random() * Number(values.every);
    for (let waited = 0; waited < seconds && !isOver(); waited += 0.2) {
      await new Promise((next) => setTimeout(next, 200));
    }
    const victim = [...workers][Math.floor(Math.random() * workers.size)];
    if (isOver() || !victim) break;
    done.killed++;
    victim.kill('SIGKILL');
    start();
  }
  await Promise.all([...workers].map((worker) => new Promise((ended) => worker.on('exit', ended))));
  const minutes = (performance.now() - began) / 60_000;
  const status = statusSchema.parse(
    JSON.parse(await auricle('cohort', 'status', cohort, '--redis', redis, '--json')),
  );
  const results = readdirSync(join(cohort, 'results'));
  const whole = await Promise.all(
    results.map(async (name) =>
      JSON.parse(await readFile(join(cohort, 'results', name, 'report.json'), 'utf8')),
    ),
  );
  const partial = readdirSync(join(cohort, 'partial')).length;
  isRight = whole.length + status.setAside.length === wanted && partial === 0;
  console.log(`
| | |
|---|---|
| Phantoms | ${wanted}, ${values.size} voxels, one thread each |
| Workers | ${values.workers} processes, ${values.parallel} cases at a time each, ${done.killed} killed and replaced, by ${new Set(status.finished.map((one) => one.worker)).size} processes in all |
| Results | ${whole.length}, of ${new Set(status.finished.map((one) => one.case)).size} cases |
| Set aside | ${status.setAside.length}${status.setAside.map(({ case: name, reason }) => `<br>${name}: ${reason}`).join('')} |
| Left half-written | ${partial} |
| Minutes | ${minutes.toFixed(1)} |

${cpus()[0]?.model ?? 'processor'}, ${availableParallelism()} cores.`);
} finally {
  for (const child of [...workers, server]) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = isRight ? 0 : 1;
