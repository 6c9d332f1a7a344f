import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { encodeStl } from '#main/interchange/stl.ts';
import { icosphere } from '#shared/mesh/testing/primitives.ts';
import {
  type BuiltProgram,
  builtProgram,
  type CommandLines,
  startCommandLines,
  temporaryFolder,
} from './builtProgram.ts';

const hasRedis = spawnSync('redis-server', ['--version']).status === 0;
if (!hasRedis) process.stderr.write('Cohorts over Redis skipped: no redis-server here.\n');

const statusSchema = z.object({
  total: z.number(),
  waiting: z.number(),
  active: z.array(z.object({ id: z.string(), worker: z.string() })),
  finished: z.array(z.object({ case: z.string(), worker: z.string() })),
  setAside: z.array(z.object({ case: z.string(), reason: z.string() })),
});

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });

describe('auricle cohort', () => {
  let program: BuiltProgram;
  // All but the workers.
  let commands: CommandLines;
  let folder = '';
  let table = '';

  beforeAll(async () => {
    program = await builtProgram();
    commands = startCommandLines(program.file);
    folder = await temporaryFolder();
    await mkdir(join(folder, 'meshes'));
    const sphere = (radiusMm: number) => encodeStl(icosphere([0, 0, 0], radiusMm, 1), 'sphere');
    await writeFile(join(folder, 'meshes/truth.stl'), sphere(10));
    const names = Array.from({ length: 8 }, (_, index) => `sphere-${index}`);
    for (const [index, name] of names.entries()) {
      await writeFile(join(folder, `meshes/${name}.stl`), sphere(10 + index / 10));
    }
    await writeFile(join(folder, 'meshes/poisoned.stl'), 'solid nothing');
    table = join(folder, 'cases.csv');
    const row = (name: string): string => `${name},meshes/${name}.stl,meshes/truth.stl`;
    await writeFile(table, ['name,pred,truth', row('poisoned'), ...names.map(row)].join('\n'));
  });

  afterAll(async () => {
    commands.stop();
    await program.remove();
    await rm(folder, { recursive: true, force: true });
  });

  const cohort = (...args: string[]) => commands.run('cohort', ...args, '--json');
  const finishedOf = async (path: string): Promise<string[]> =>
    (await readdir(join(path, 'results'))).filter((name) => !name.startsWith('.')).sort();

  it('refuses a misspelt option for all cases at once, and a Redis that does not answer', async () => {
    const output = join(folder, 'refused');
    const misspelt = await cohort('submit', 'evaluate', table, '-o', output, '--', '--trouth', 'x.stl');
    expect([misspelt.code, misspelt.complaints]).toEqual([
      1,
      ["auricle: The case poisoned cannot be begun: unknown option '--trouth' (Did you mean --truth?)."],
    ]);
    expect(await readdir(folder)).not.toContain('refused');
    const port = await freePort();
    const made = await cohort(
      'submit',
      'evaluate',
      table,
      '-o',
      output,
      '--redis',
      `redis://127.0.0.1:${port}`,
    );
    expect([made.code, made.complaints]).toEqual([
      1,
      [`auricle: The Redis server at 127.0.0.1:${port} does not answer.`],
    ]);
  });

  it.skipIf(!hasRedis)(
    'does every case once over three worker processes of which one is killed',
    async () => {
      const port = await freePort();
      const redis = `redis://127.0.0.1:${port}`;
      const server = spawn('redis-server', ['--port', String(port), '--save', '', '--bind', '127.0.0.1'], {
        stdio: ['ignore', 'pipe', 'ignore'],
        cwd: folder,
      });
      const workers: ChildProcess[] = [];
      try {
        for await (const said of server.stdout) if (/ready to accept/i.test(String(said))) break;
        const output = join(folder, 'cohort');
        const submitted = await cohort('submit', 'evaluate', table, '-o', output, '--redis', redis);
        expect(submitted.complaints).toEqual([]);
        // The same cases again are no further ones.
        const again = await cohort('submit', 'evaluate', table, '-o', output, '--redis', redis);
        expect(JSON.parse(again.stdout)).toMatchObject({ cases: 9, added: 0 });

        const args = [
          'cohort',
          'work',
          output,
          '--redis',
          redis,
          '--parallel',
          '1',
          '--lease',
          '2',
          '--json',
        ];
        const work = (): ChildProcess => {
          const child = spawn(process.execPath, [program.file, ...args], {
            stdio: ['ignore', 'pipe', 'pipe'],
          });
          workers.push(child);
          return child;
        };
        const first = work();
        // Killed in the middle of a case.
        const partial = (): Promise<string[]> => readdir(join(output, 'partial'));
        while ((await partial()).length === 0) await delay(5);
        first.kill('SIGKILL');
        const others = [work(), work()];
        const ended = others.map(
          (child) => new Promise<number | null>((resolve) => void child.on('close', resolve)),
        );
        expect(await Promise.all(ended)).toEqual([0, 0]);

        const { stdout } = await cohort('status', output, '--redis', redis);
        const status = statusSchema.parse(JSON.parse(stdout));
        expect(status).toMatchObject({ total: 9, waiting: 0, active: [] });
        expect(status.setAside).toMatchObject([
          {
            case: 'poisoned',
            reason: 'poisoned.stl: The STL file is cut off.',
          },
        ]);
        const done = await finishedOf(output);
        expect(done).toHaveLength(8);
        expect(new Set(status.finished.map((one) => one.case))).toEqual(new Set(done));
        expect(await readdir(join(output, 'partial'))).toEqual([]);
        for (const name of done) {
          const text = await readFile(join(output, 'results', name, 'evaluation.json'), 'utf8');
          expect(JSON.parse(text)).toHaveProperty('surface.averageSymmetricDistanceMm');
        }
      } finally {
        for (const child of [...workers, server]) child.kill('SIGKILL');
      }
    },
  );
});
