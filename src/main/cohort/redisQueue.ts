import { setTimeout as delay } from 'node:timers/promises';
import { type Job, Queue, UnrecoverableError, WaitingError, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { messageOf, UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { type ActiveCase, type CaseQueue, TRIES, type WorkOptions } from './caseQueue.ts';
import type { CohortCase } from './cohortFolder.ts';

export interface RedisQueueOptions {
  /** `redis://HOST:PORT` or `rediss://…`. */
  readonly url: string;
  /** A worker that renews its lease no more for so long counts as dead, and its case is done by another, ms. */
  readonly leaseMs: number;
}

/** How long Redis may take to answer before a command says that it does not, ms. */
const ANSWER_WITHIN_MS = 5000;

/** How often a worker looks whether all is done, ms. */
const LOOK_EVERY_MS = 500;

/** What BullMQ says of a case whose worker stopped renewing its lease more than once. */
const DIED_AGAIN = 'The worker ended twice while it did this case.';

/** Room for the worker's name beside the case. */
interface JobData {
  readonly one: CohortCase;
}

/**
 * The cases of a cohort in a queue on Redis (BullMQ), for workers on any number of machines. A job's id is its case, so
 * that a case is there once however often it is added. A case whose worker dies is taken up again once.
 * @throws UserError where Redis does not answer
 */
export async function openRedisQueue(
  cohortId: string,
  { url, leaseMs }: RedisQueueOptions,
): Promise<CaseQueue> {
  if (!isRedisAddress(url)) throw new UserError(failure('cohort.redis-address', { address: url }));
  if (!(await answers(url)))
    throw new UserError(failure('cohort.redis-silent', { address: new URL(url).host }));
  // Commands wait for a lost Redis for as long as it takes: BullMQ demands it of workers.
  const connection = { url, maxRetriesPerRequest: null };
  const queue = new Queue<JobData, void, string>(`auricle-${cohortId}`, { connection });
  // Without a listener Node ends the program; workers say what is wrong.
  queue.on('error', () => {});
  const add = async (cases: readonly CohortCase[]): Promise<void> => {
    await queue.addBulk(
      cases.map((one) => ({ name: 'case', data: { one }, opts: { jobId: jobId(one.id), attempts: TRIES } })),
    );
  };
  return {
    add,
    async retry(cases) {
      for (const { id } of cases) await (await queue.getJob(jobId(id)))?.remove();
      await add(cases);
    },
    work: (options) => workOn(queue, { connection, leaseMs }, options),
    async active() {
      const jobs = await queue.getActive();
      return jobs.map(
        (job): ActiveCase => ({
          id: job.data.one.id,
          worker: job.processedBy ?? '?',
          startedAt: new Date(job.processedOn ?? job.timestamp).toISOString(),
        }),
      );
    },
    close: () => queue.close(),
  };
}

async function workOn(
  queue: Queue<JobData, void, string>,
  { connection, leaseMs }: { connection: Record<string, unknown>; leaseMs: number },
  { worker: name, parallel, signal, run, onSetAside, onTrouble }: WorkOptions,
): Promise<void> {
  const process = async (job: Job<JobData, void, string>, token?: string): Promise<void> => {
    const report = await run(job.data.one);
    if (report.kind === 'refused') throw new UnrecoverableError(report.reason);
    if (report.kind === 'broken') throw new Error(report.reason);
    if (report.kind === 'cancelled') {
      await job.moveToWait(token);
      throw new WaitingError();
    }
  };
  const worker = new Worker<JobData, void, string>(queue.name, process, {
    connection,
    name,
    concurrency: parallel,
    lockDuration: leaseMs,
    stalledInterval: Math.max(1000, leaseMs / 2),
    maxStalledCount: TRIES - 1,
  });
  // Reasons are written one after the other, and waited for before this worker ends.
  let written: Promise<void> = Promise.resolve();
  let problem: unknown;
  worker.on('failed', (job, { message }) => {
    if (job === undefined || (job.finishedOn === undefined && job.attemptsMade < TRIES)) return;
    const reason = message.startsWith('job stalled') ? DIED_AGAIN : message;
    written = written
      .then(() => onSetAside(job.data.one.id, reason))
      .catch((thrown: unknown) => {
        problem ??= thrown;
      });
  });
  worker.on('error', (error) => onTrouble?.(messageOf(error)));
  try {
    while (!signal.aborted && problem === undefined && (await isBusy(queue))) {
      await delay(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
  } finally {
    await worker.close();
    await written;
  }
  if (problem !== undefined) throw problem;
}

async function isBusy(queue: Queue<JobData, void, string>): Promise<boolean> {
  const counts = await queue.getJobCounts('wait', 'active', 'delayed', 'prioritized');
  return Object.values(counts).some((count) => count > 0);
}

/** BullMQ takes ids of digits alone for its own. */
const jobId = (id: string): string => `case-${id}`;

const isRedisAddress = (url: string): boolean =>
  URL.canParse(url) && /^rediss?:$/.test(new URL(url).protocol);

/** Asked once and on its own: a queue that is not connected goes on trying and keeps the program from ending. */
async function answers(url: string): Promise<boolean> {
  const client = new Redis(url, {
    lazyConnect: true,
    connectTimeout: ANSWER_WITHIN_MS,
    commandTimeout: ANSWER_WITHIN_MS,
    retryStrategy: () => null,
  });
  client.on('error', () => {});
  try {
    await client.connect();
    return (await client.ping()) === 'PONG';
  } catch {
    return false;
  } finally {
    client.disconnect();
  }
}
