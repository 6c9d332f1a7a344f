import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CancelledError, UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { caseCommand, resultWithin } from './caseCommand.ts';
import { readCases } from './caseList.ts';
import { type Cohort, publishResult, readCohort, readState } from './cohortFolder.ts';
import { cohortStatus, rateOf } from './cohortStatus.ts';
import { createLocalQueue } from './localQueue.ts';
import { progressHtml } from './progressPage.ts';
import { retryCases, submitCohort } from './submitCohort.ts';
import { workCohort } from './workCohort.ts';

/**
 * In place of the program: does what the case's argument says, and notes that it ran.
 * `ok` writes a result, `refuse` fails as a command does, `no-room` as on a full disk the first time, `crash` is killed, `crash-once` only the first time.
 */
const PROGRAM = `
import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
const [, input, , output] = process.argv.slice(2);
const way = basename(input);
const log = join(dirname(input), 'ran.txt');
const again = existsSync(log + '.' + way);
appendFileSync(log, way + '\\n');
writeFileSync(log + '.' + way, '');
writeFileSync(join(output, 'half.txt'), 'half');
if (way.startsWith('refuse')) { console.log('{"error":"It is not a scan."}'); process.exit(1); }
if (way === 'unfit') { console.log('{"prepared":[],"refused":[{"name":"x","sentence":"The segmentation is empty."}]}'); process.exit(1); }
if (way === 'no-room' && !again) { console.log('{"error":"Full.","failure":{"code":"pipeline.results-not-written","fields":{"systemCode":"ENOSPC"}}}'); process.exit(1); }
if (way.startsWith('crash-once') && !again) process.kill(process.pid, 'SIGKILL');
if (way === 'crash') process.kill(process.pid, 'SIGKILL');
if (way === 'wait') { process.on('SIGTERM', () => process.exit(130)); await new Promise(() => setInterval(() => {}, 1000)); }
writeFileSync(join(output, 'whole.txt'), 'whole');
console.log(JSON.stringify({ way }));
`;

describe('cohorts', () => {
  let folder: string;
  let program: string;
  const inputs = (): string => join(folder, 'inputs');
  const cohortFolder = (): string => join(folder, 'cohort');

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'auricle-cohort-'));
    program = join(folder, 'program.mjs');
    await writeFile(program, PROGRAM);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const submit = async (...names: string[]): Promise<Cohort> => {
    for (const name of names) await mkdir(join(inputs(), name), { recursive: true });
    const request = { folder: cohortFolder(), task: 'segment', list: inputs(), options: [] } as const;
    return (await submitCohort({ ...request, complaintOf: () => undefined })).cohort;
  };
  const work = (cohort: Cohort, signal = new AbortController().signal, onTrouble = () => {}, parallel = 2) =>
    workCohort({
      folder: cohortFolder(),
      cohort,
      queue: createLocalQueue(cohortFolder()),
      program,
      parallel,
      signal,
      onProgress: () => {},
      onTrouble,
    });
  const ran = async (): Promise<string[]> =>
    (await readFile(join(inputs(), 'ran.txt'), 'utf8')).trim().split('\n').sort();

  it('does every case once, sets aside what is refused or crashes twice, and leaves nothing half-written', async () => {
    const cohort = await submit('crash', 'crash-once', 'ok-1', 'ok-2', 'refuse', 'unfit');
    const status = await work(cohort);
    expect(status.finished.map((one) => one.case).sort()).toEqual(['crash-once', 'ok-1', 'ok-2']);
    expect(status.setAside.map(({ case: name, reason }) => [name, reason])).toEqual([
      ['crash', 'Its process was ended by SIGKILL.'],
      ['refuse', 'It is not a scan.'],
      ['unfit', 'The segmentation is empty.'],
    ]);
    expect(await ran()).toEqual([
      'crash',
      'crash',
      'crash-once',
      'crash-once',
      'ok-1',
      'ok-2',
      'refuse',
      'unfit',
    ]);
    expect(await readdir(join(cohortFolder(), 'partial'))).toEqual([]);
    const result = join(cohortFolder(), 'results', 'ok-1');
    expect((await readdir(result)).sort()).toEqual([
      'finished.json',
      'half.txt',
      'printed.json',
      'whole.txt',
    ]);
    expect(JSON.parse(await readFile(join(result, 'printed.json'), 'utf8'))).toEqual({ way: 'ok-1' });

    // All has ended: nothing is done again.
    const before = await ran();
    await work(cohort);
    expect(await ran()).toEqual(before);

    const page = await readFile(join(cohortFolder(), 'progress.html'), 'utf8');
    expect(page).toContain('3 of 6');
    expect(page).toContain('It is not a scan.');
    expect(page).not.toContain('http-equiv="refresh"');
  });

  it('does more than ten cases at once without a warning of Node', async () => {
    const cohort = await submit(...Array.from({ length: 11 }, (_, at) => `ok-${at}`));
    const warnings: Error[] = [];
    const note = (warning: Error): void => void warnings.push(warning);
    process.on('warning', note);
    try {
      const status = await work(cohort, undefined, undefined, 11);
      expect(status.finished).toHaveLength(11);
    } finally {
      process.removeListener('warning', note);
    }
    expect(warnings.map(({ name }) => name)).toEqual([]);
  });

  it('tries cases again that were set aside, when asked to', async () => {
    const cohort = await submit('ok', 'refuse');
    await work(cohort);
    const queue = createLocalQueue(cohortFolder());
    const retry = (names: string[]) => retryCases(cohortFolder(), cohort, queue, names);
    await expect(retry(['ok'])).rejects.toThrow(
      new UserError(failure('cohort.not-set-aside', { name: 'ok' })),
    );
    expect(await retry([])).toBe(1);
    await work(cohort);
    expect((await ran()).filter((name) => name === 'refuse')).toHaveLength(2);
  });

  it('ends where the disk is full, blames no case, and goes on when there is room', async () => {
    const cohort = await submit('no-room');
    await expect(work(cohort)).rejects.toThrow(
      /disk of the cohort's folder cohort is full.*cohort work.*cohort retry/,
    );
    expect(await readState(cohortFolder(), cohort)).toEqual({ finished: [], setAside: [] });
    expect(await readdir(join(cohortFolder(), 'partial'))).toEqual([]);
    expect((await work(cohort)).finished).toHaveLength(1);
  });

  it('hands cases back when it is cancelled, and does them later', async () => {
    const cohort = await submit('wait');
    const controller = new AbortController();
    const working = work(cohort, controller.signal);
    const hasBegun = async (): Promise<boolean> => (await ran().catch(() => [])).length > 0;
    while (!(await hasBegun())) await new Promise((resolve) => setTimeout(resolve, 20));
    controller.abort();
    await expect(working).rejects.toThrow(CancelledError);
    expect(await readState(cohortFolder(), cohort)).toEqual({ finished: [], setAside: [] });
    expect(await readdir(join(cohortFolder(), 'running'))).toEqual([]);
    expect(await readdir(join(cohortFolder(), 'partial'))).toEqual([]);
  });

  it('does a case of a killed worker once more, and no third time', async () => {
    const cohort = await submit('ok-1', 'ok-2');
    const running = join(cohortFolder(), 'running');
    await mkdir(running);
    const begun = (tries: number): string =>
      JSON.stringify({ worker: 'a:1', startedAt: '2026-01-01', tries });
    await writeFile(join(running, 'ok-1.json'), begun(1));
    await writeFile(join(running, 'ok-2.json'), begun(2));
    const { finished, setAside } = await work(cohort);
    expect(finished.map((one) => one.case)).toEqual(['ok-1']);
    expect(setAside.map(({ case: name, reason }) => [name, reason])).toEqual([
      ['ok-2', 'The worker ended twice while it did this case.'],
    ]);
  });

  it('keeps the first result where two workers finish one case', async () => {
    const cohort = await submit('ok');
    await work(cohort);
    const late = join(cohortFolder(), 'partial', 'late');
    await mkdir(late);
    await writeFile(join(late, 'whole.txt'), 'late');
    const [finished] = (await readState(cohortFolder(), cohort)).finished;
    expect(await publishResult(cohortFolder(), late, finished!)).toBe(false);
    expect(await readFile(join(cohortFolder(), 'results', 'ok', 'whole.txt'), 'utf8')).toBe('whole');
    // The first one may have removed it by then.
    await rm(late, { recursive: true });
    expect(await publishResult(cohortFolder(), late, finished!)).toBe(false);
    await expect(publishResult(cohortFolder(), late, { ...finished!, case: 'other' })).rejects.toThrow(
      UserError,
    );
  });

  it('says so where its results cannot be read, and does nothing again', async () => {
    const cohort = await submit('ok');
    await work(cohort);
    await rm(join(cohortFolder(), 'results'), { recursive: true });
    await expect(work(cohort)).rejects.toThrow(
      new UserError(failure('cohort.not-read', { folder: 'cohort' })),
    );
    expect(await ran()).toEqual(['ok']);
  });

  it('adds new cases to a cohort, and refuses another task, other options or another study of the name', async () => {
    await submit('ok-1');
    const cohort = await submit('ok-2');
    expect(cohort.cases.map(({ id }) => id)).toEqual(['ok-1', 'ok-2']);
    expect(await readCohort(cohortFolder())).toEqual(cohort);
    const other = { folder: cohortFolder(), list: inputs(), complaintOf: () => undefined };
    const another = new UserError(failure('cohort.another', { folder: 'cohort', task: 'segment' }));
    await expect(submitCohort({ ...other, task: 'segment', options: ['--threads', '1'] })).rejects.toThrow(
      another,
    );
    const table = join(folder, 'cases.json');
    await writeFile(table, JSON.stringify([{ name: 'ok-1', input: 'elsewhere' }]));
    await expect(submitCohort({ ...other, list: table, task: 'segment', options: [] })).rejects.toThrow(
      new UserError(failure('cohort.name-twice', { name: 'ok-1' })),
    );
  });

  it('checks every command line before it takes any case', async () => {
    await mkdir(join(inputs(), 'a'), { recursive: true });
    const submitting = submitCohort({
      folder: cohortFolder(),
      task: 'segment',
      list: inputs(),
      options: ['--modle'],
      complaintOf: (args) => (args.includes('--modle') ? "unknown option '--modle'" : undefined),
    });
    const complaint = "unknown option '--modle'";
    await expect(submitting).rejects.toThrow(
      new UserError(failure('cohort.command', { name: 'a', complaint })),
    );
    await expect(readCohort(cohortFolder())).rejects.toThrow(
      new UserError(failure('cohort.not-one', { folder: 'cohort' })),
    );
  });

  it('reads tables: columns are options, paths are relative to the table, names become names of folders', async () => {
    const table = join(folder, 'cases.csv');
    await writeFile(table, '\ufeffname;pred;truth\nCase Ä 1;p/1.stl;t/1.stl\n;p/2.stl;t/2.stl\n');
    const cases = await readCases(table, 'evaluate', cohortFolder());
    expect(cases).toEqual([
      { id: 'Case-A-1', values: { pred: '../p/1.stl', truth: '../t/1.stl' } },
      { id: '2', values: { pred: '../p/2.stl', truth: '../t/2.stl' } },
    ]);
    const args = caseCommand('/elsewhere/cohort', { task: 'evaluate', options: [] }, cases[0]!, '/out');
    expect(args).toEqual([
      'evaluate',
      '--pred',
      '/elsewhere/p/1.stl',
      '--truth',
      '/elsewhere/t/1.stl',
      '--json',
    ]);
    await writeFile(table, 'name,pred\na,b.stl\n');
    await expect(readCases(table, 'evaluate', cohortFolder())).rejects.toThrow(
      new UserError(
        failure('cohort.row-incomplete', { name: 'cases.csv', row: 1, columns: 'pred and truth' }),
      ),
    );
    await writeFile(table, 'name,pred\n"a');
    await expect(readCases(table, 'evaluate', cohortFolder())).rejects.toThrow(
      new UserError(failure('cohort.not-a-table', { name: 'cases.csv' })),
    );
  });

  it('takes the folder that prepare makes for its case as the result', () => {
    const one = { id: 'a', values: { image: 'x.nii', segmentation: 'y.stl', 'atrium-label': '2' } };
    expect(caseCommand('/c', { task: 'prepare', options: ['--res', '64'] }, one, '/out')).toEqual(
      'prepare --image /c/x.nii --segmentation /c/y.stl --atrium-label 2 --name a --output /out --json --res 64'.split(
        ' ',
      ),
    );
    expect(resultWithin('prepare', one, '/out')).toBe(join('/out', 'a'));
    expect(resultWithin('segment', one, '/out')).toBe('/out');
  });

  it('tells the rate from the last cases', () => {
    const finished = [0, 30, 60].map((seconds, index) => ({
      case: String(index),
      worker: 'a:1',
      startedAt: '',
      finishedAt: new Date(1e12 + seconds * 1000).toISOString(),
      seconds: 20 + index,
    }));
    expect(rateOf(finished, 240)).toEqual({ casesPerHour: 120, hoursLeft: 2, secondsPerCase: 21 });
    expect(rateOf(finished.slice(0, 1), 1)).toEqual({
      casesPerHour: null,
      hoursLeft: null,
      secondsPerCase: 20,
    });
  });

  it('escapes what its page shows', async () => {
    const cohort = await submit('ok');
    const status = await cohortStatus(cohortFolder(), cohort, createLocalQueue(cohortFolder()));
    const reason = '<script>alert(1)</script>';
    const setAside = [{ case: 'ok', worker: 'a:1', at: '', reason }];
    const page = progressHtml({ ...status, setAside, total: 2 }, new Date());
    expect(page).not.toContain('<script>');
    expect(page).toContain('http-equiv="refresh"');
  });
});
