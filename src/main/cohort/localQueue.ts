import { readdir, readFile, rm } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import pMap from 'p-map';
import { lock } from 'proper-lockfile';
import { z } from 'zod';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { makeFolder } from '../files/makeFolder.ts';
import { writeWhole } from '../files/writeWhole.ts';
import { type ActiveCase, type CaseQueue, type CaseReport, TRIES, type WorkOptions } from './caseQueue.ts';
import type { CohortCase } from './cohortFolder.ts';

/** `running/CASE.json` in the cohort's folder: a case that is being done, or was when its worker was killed. */
const triedSchema = z.object({
  worker: z.string(),
  startedAt: z.string(),
  /** How often it was begun. */
  tries: z.number(),
});
type Tried = z.infer<typeof triedSchema>;

/**
 * The cases of a cohort on one machine, without a server: its folder is all that is kept. A case whose worker was killed
 * is found begun, and is done once more.
 */
export function createLocalQueue(folder: string): CaseQueue {
  const running = join(folder, 'running');
  const waiting = new Map<string, CohortCase>();
  const file = (id: string): string => join(running, `${id}.json`);
  const add = async (cases: readonly CohortCase[]): Promise<void> => {
    for (const one of cases) waiting.set(one.id, one);
  };

  return {
    add,
    async retry(cases) {
      for (const { id } of cases) await rm(file(id), { force: true });
      await add(cases);
    },
    async work(options) {
      const unlock = await lockFolder(folder);
      try {
        await makeFolder(running);
        const { parallel } = options;
        const work = async (one: CohortCase): Promise<void> => {
          if (!options.signal.aborted) await tryCase(one, file(one.id), options);
        };
        await pMap([...waiting.values()], work, { concurrency: parallel });
      } finally {
        await unlock();
      }
    },
    async active(): Promise<readonly ActiveCase[]> {
      const names = await readdir(running).catch(() => []);
      const all = names.map(async (name) => ({
        id: name.replace(/\.json$/, ''),
        tried: await readTried(join(running, name)),
      }));
      return (await Promise.all(all)).flatMap(({ id, tried }) =>
        tried ? [{ id, worker: tried.worker, startedAt: tried.startedAt }] : [],
      );
    },
    close: async () => {},
  };
}

/** Does a case until it is done, given up or cancelled. */
async function tryCase(one: CohortCase, file: string, options: WorkOptions): Promise<void> {
  const { worker, run, onSetAside } = options;
  let tries = (await readTried(file))?.tries ?? 0;
  let report: CaseReport = { kind: 'broken', reason: 'The worker ended twice while it did this case.' };
  while (report.kind === 'broken' && tries < TRIES) {
    tries++;
    const tried: Tried = { worker, startedAt: new Date().toISOString(), tries };
    await writeWhole(file, JSON.stringify(tried));
    report = await run(one);
  }
  if (report.kind === 'refused' || report.kind === 'broken') await onSetAside(one.id, report.reason);
  await rm(file, { force: true });
}

async function readTried(file: string): Promise<Tried | undefined> {
  try {
    return triedSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return undefined;
  }
}

/** One worker at a time; the lock of one that was killed is free after 15 s. */
async function lockFolder(folder: string): Promise<() => Promise<void>> {
  try {
    return await lock(folder, { lockfilePath: join(folder, 'work.lock'), stale: 15_000, update: 5000 });
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ELOCKED') {
      throw new UserError(failure('cohort.at-work', { folder: basename(resolve(folder)) }));
    }
    throw thrown;
  }
}
