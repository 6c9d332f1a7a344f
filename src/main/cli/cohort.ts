import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { Argument, Command, CommanderError } from 'commander';
import {
  type CaseQueue,
  COHORT_TASKS,
  type Cohort,
  type CohortStatus,
  type CohortTask,
  cohortStatus,
  createLocalQueue,
  durationOf,
  readCohort,
  retryCases,
  submitCohort,
  workCohort,
  writeProgressPage,
} from '../cohort/index.ts';
import { type CommandOutput, runCommand } from './command.ts';
import { registerEvaluateCommand } from './evaluate.ts';
import { positiveInteger } from './optionValues.ts';
import { registerPrepareCommand } from './prepare.ts';
import { withReferenceOptions } from './referenceOptions.ts';
import { registerSegmentCommand } from './segment.ts';

interface QueueOptions {
  readonly redis?: string;
  readonly lease: number;
  readonly json?: boolean;
}

const TASK_COMMANDS: Readonly<Record<CohortTask, (program: Command) => void>> = {
  segment: registerSegmentCommand,
  prepare: registerPrepareCommand,
  evaluate: registerEvaluateCommand,
};

/** What commander says against a command line; undefined where it accepts it. Runs nothing. */
export function complaintOf(args: readonly string[]): string | undefined {
  const program = new Command();
  const [task] = args;
  for (const name of COHORT_TASKS) if (name === task) TASK_COMMANDS[name](program);
  const quiet = { writeErr: () => {}, outputError: () => {}, writeOut: () => {} };
  for (const command of [program, ...program.commands]) command.exitOverride().configureOutput(quiet);
  program.commands[0]?.action(() => {});
  try {
    program.parse(withReferenceOptions(program, args), { from: 'user' });
    return undefined;
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) throw thrown;
    return thrown.message.replace(/^error: /, '').replaceAll('\n', ' ');
  }
}

/** The queue on Redis where an address is given, else this machine's own. */
async function openQueue(folder: string, cohort: Cohort, { redis, lease }: QueueOptions): Promise<CaseQueue> {
  const url = redis ?? process.env.AURICLE_REDIS;
  if (url === undefined) return createLocalQueue(folder);
  // Loaded only where it is used: it takes a while, and the application needs none of it.
  const { openRedisQueue } = await import('../cohort/redisQueue.ts');
  return openRedisQueue(cohort.id, { url, leaseMs: lease * 1000 });
}

async function withQueue<T>(
  folder: string,
  cohort: Cohort,
  options: QueueOptions,
  use: (queue: CaseQueue) => Promise<T>,
): Promise<T> {
  const queue = await openQueue(folder, cohort, options);
  try {
    return await use(queue);
  } finally {
    await queue.close();
  }
}

/** The state in a few lines for a terminal. */
export function describeStatus(status: CohortStatus): string {
  const { total, finished, setAside, active, waiting, rate } = status;
  const perHour = rate.casesPerHour === null ? '' : `, ${rate.casesPerHour.toFixed(0)} an hour`;
  const left =
    rate.hoursLeft === null || waiting + active.length === 0 ? '' : `, ${durationOf(rate.hoursLeft)} left`;
  return [
    `Finished   ${finished.length} of ${total}${perHour}${left}`,
    `At work    ${active.length}`,
    `Waiting    ${waiting}`,
    `Set aside  ${setAside.length}`,
    ...setAside.map(({ case: name, reason }) => `  ${name}: ${reason}`),
  ].join('\n');
}

const statusOutput = (status: CohortStatus): CommandOutput => ({
  json: status,
  text: describeStatus(status),
});

interface SubmitOptions extends QueueOptions {
  readonly output: string;
}

function registerSubmit(cohort: Command): void {
  withQueueOptions(
    cohort
      .command('submit')
      .description('make a cohort of many cases, or add cases to one; what follows -- goes to every case')
      .addArgument(new Argument('<task>', 'the command that is run for every case').choices(COHORT_TASKS))
      .argument('<cases>', 'a folder with a folder for each case, or a table (.csv, .json)')
      .argument('[options...]', 'options of the command, after --')
      .requiredOption('-o, --output <dir>', "the cohort's folder, on a disk that all workers share"),
  ).action((task: CohortTask, list: string, taskOptions: string[], options: SubmitOptions) =>
    runCommand(options, async () => {
      const folder = resolve(options.output);
      const { cohort, added } = await submitCohort({ folder, task, list, options: taskOptions, complaintOf });
      await withQueue(folder, cohort, options, (queue) => queue.add(added));
      return {
        json: { cohort: cohort.id, cases: cohort.cases.length, added: added.length },
        text: `${added.length} cases added, ${cohort.cases.length} in all. Work on them with: auricle cohort work ${options.output}`,
      };
    }),
  );
}

interface WorkOptions extends QueueOptions {
  readonly parallel: number;
}

function registerWork(cohort: Command): void {
  withQueueOptions(
    cohort
      .command('work')
      .description('do cases of a cohort until all have ended; on any number of machines with Redis')
      .argument('<cohort>', "the cohort's folder")
      .option(
        '--parallel <n>',
        'cases at a time',
        positiveInteger,
        Math.max(1, Math.floor(availableParallelism() / 2)),
      ),
  ).action((path: string, options: WorkOptions) =>
    runCommand(options, async ({ signal, onProgress }) => {
      const folder = resolve(path);
      const cohort = await readCohort(folder);
      return withQueue(folder, cohort, options, async (queue) =>
        statusOutput(
          await workCohort({
            folder,
            cohort,
            queue,
            program: process.argv[1]!,
            parallel: options.parallel,
            signal,
            onProgress,
            onTrouble: (sentence) => process.stderr.write(`auricle: ${sentence}\n`),
          }),
        ),
      );
    }),
  );
}

function registerStatus(cohort: Command): void {
  withQueueOptions(
    cohort
      .command('status')
      .description("show a cohort's counts, rate and failures, and renew its progress page")
      .argument('<cohort>', "the cohort's folder"),
  ).action((path: string, options: QueueOptions) =>
    runCommand(options, async () => {
      const folder = resolve(path);
      const cohort = await readCohort(folder);
      return withQueue(folder, cohort, options, async (queue) => {
        const status = await cohortStatus(folder, cohort, queue);
        await writeProgressPage(folder, status);
        return statusOutput(status);
      });
    }),
  );
}

function registerRetry(cohort: Command): void {
  withQueueOptions(
    cohort
      .command('retry')
      .description('let cases that were set aside be tried again: all, or those named')
      .argument('<cohort>', "the cohort's folder")
      .argument('[cases...]', 'their names'),
  ).action((path: string, names: string[], options: QueueOptions) =>
    runCommand(options, async () => {
      const folder = resolve(path);
      const cohort = await readCohort(folder);
      const retried = await withQueue(folder, cohort, options, (queue) =>
        retryCases(folder, cohort, queue, names),
      );
      return { json: { retried }, text: `${retried} cases will be tried again.` };
    }),
  );
}

const withQueueOptions = (command: Command): Command =>
  command
    .option('--redis <url>', 'the server that tells workers apart, redis://HOST:PORT (or AURICLE_REDIS)')
    .option('--lease <seconds>', 'a worker that is silent for so long counts as dead', positiveInteger, 30)
    .option('--json', 'print the result as JSON');

/** Adds `auricle cohort submit|work|status|retry`. */
export function registerCohortCommand(program: Command): void {
  const cohort = program
    .command('cohort')
    .description('segment, prepare or evaluate many cases, in many processes, on one machine or several');
  registerSubmit(cohort);
  registerWork(cohort);
  registerStatus(cohort);
  registerRetry(cohort);
}
