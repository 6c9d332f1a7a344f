import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** What `npm run build` makes. */
const made = join(root, 'dist/main/cli.js');

/** When the newest of some files and folders was changed, ms. */
function newest(...paths: string[]): number {
  return Math.max(
    ...paths.map((path) => {
      const stat = statSync(path, { throwIfNoEntry: false });
      if (stat === undefined) return 0;
      if (!stat.isDirectory()) return stat.mtimeMs;
      return newest(...readdirSync(path).map((name) => join(path, name)), '/nowhere');
    }),
  );
}

/** Whether a built file is newer than the sources. */
export const isFresh = (file: string): boolean =>
  newest(file) > newest(join(root, 'src'), join(root, 'vite.config.ts'), join(root, 'package.json'));

export interface BuiltProgram {
  /** The file that Node runs. */
  readonly file: string;
  remove(): Promise<void>;
}

/** The built command line: that of `npm run build` where it is newer than the sources, else one made for the tests. */
export async function builtProgram(): Promise<BuiltProgram> {
  if (isFresh(made)) return { file: made, remove: async () => {} };
  // Not loaded where the program is built already.
  const { build } = await import('vite');
  // Below the root, where dependencies and models are found.
  const outDir = await mkdtemp(join(root, 'node_modules/.auricle-test-build-'));
  await build({ root, logLevel: 'error', build: { outDir, emptyOutDir: false, sourcemap: false } });
  return { file: join(outDir, 'cli.js'), remove: () => rm(outDir, { recursive: true, force: true }) };
}

export interface Finished {
  /** Null where a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  /** What was written to stderr without the progress lines. */
  readonly complaints: readonly string[];
  readonly stderr: string;
}

/** Runs the command line to its end; `onStderr` sees what it has said so far. */
export function runProgram(
  file: string,
  args: readonly string[],
  onStderr?: (text: string, child: ChildProcess) => void,
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [file, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
      onStderr?.(stderr, child);
    });
    child.on('error', reject);
    child.on('close', (code) => resolve(finished(code, stdout, stderr)));
  });
}

function finished(code: number | null, stdout: string, stderr: string): Finished {
  const lines = stderr.split('\n').filter((line) => line !== '');
  return { code, stdout, stderr, complaints: lines.filter((line) => !line.endsWith('…')) };
}

/** The command line in a process that is started once. */
export interface CommandLines {
  /** Runs the command line to its end, as {@link runProgram}, but one at a time and in one process. */
  run(...args: readonly string[]): Promise<Finished>;
  stop(): void;
}

/** Of the process of tests rather than of this module: those of the program that `npm run build` made. */
const PROCESS: { auricleCommandLines?: CommandLines } & object = globalThis;

/**
 * A process that runs one command line after the other (`commandLines.js`), each with its own arguments, exit code and
 * output. What one has loaded and compiled the next finds so: starting takes longer than most of what fails. Files of one
 * process of tests share it, and it ends with that, but where variables are asked for.
 * @param env variables beside those of this process
 */
export function startCommandLines(file: string, env?: NodeJS.ProcessEnv): CommandLines {
  if (env !== undefined || file !== made) return newCommandLines(file, env);
  PROCESS.auricleCommandLines ??= { ...newCommandLines(file), stop: () => {} };
  return PROCESS.auricleCommandLines;
}

function newCommandLines(file: string, env?: NodeJS.ProcessEnv): CommandLines {
  const script = join(import.meta.dirname, 'commandLines.js');
  const child = spawn(process.execPath, [script, file], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let last: Promise<unknown> = Promise.resolve();
  const next = async (args: readonly string[]): Promise<Finished> => {
    child.stdin.write(`${JSON.stringify(args)}\n`);
    const answer = await answers.next();
    if (answer.done) throw new Error(`The process of the command lines ended with ${args.join(' ')}.`);
    const { code, stdout, stderr }: { code: number; stdout: string; stderr: string } = JSON.parse(
      answer.value,
    );
    return finished(code, stdout, stderr);
  };
  return {
    run(...args) {
      const running = last.then(() => next(args));
      last = running.catch(() => undefined);
      return running;
    },
    stop: () => void child.stdin.end(),
  };
}

/** A folder for one test file, removed at its end. */
export const temporaryFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'auricle-cli-'));

/** All files below a folder, relative, in order; none where it does not exist. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}
