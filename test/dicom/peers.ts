import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';

/*
 * Other makers' programs that read back what Auricle writes: Debian's packages python3-pydicom, dcmtk and dicom3tools.
 * Tests that need one are skipped, and say so, where it is absent.
 */

const runs = (command: string, ...options: readonly string[]): boolean =>
  spawnSync(command, options, { stdio: 'ignore' }).status === 0;

/** A Python that has pydicom; '' where there is none. */
export const PYTHON =
  ['python3', '/usr/bin/python3'].find((python) => runs(python, '-c', 'import pydicom, numpy')) ?? '';

export const hasDcmtk = runs('dcmdump', '--version');
export const hasDicom3tools = spawnSync('dciodvfy', ['-help'], { stdio: 'ignore' }).error === undefined;

/** " (skipped: pydicom is not installed)" for a title, or nothing. */
export const skipNote = (isThere: boolean, name: string): string =>
  isThere ? '' : ` (skipped: ${name} is not installed)`;

/** Reads a script and its arguments a line, runs it with a namespace of its own, and answers with what it printed. */
const PYTHON_SERVER = `
import contextlib, io, json, sys, traceback
for line in sys.stdin:
    script, *options = json.loads(line)
    sys.argv = ['-c', *options]
    printed = io.StringIO()
    try:
        with contextlib.redirect_stdout(printed):
            exec(compile(script, 'script', 'exec'), {'__name__': '__main__'})
        answer = {'printed': printed.getvalue()}
    except BaseException:
        answer = {'failed': traceback.format_exc()}
    print(json.dumps(answer), flush=True)
`;

/** One Python for all that a worker's tests read: it loads pydicom once, and ends with the worker, as its input does. */
let server: { ask(line: string): Promise<string> } | undefined;

function startServer(): { ask(line: string): Promise<string> } {
  const child = spawn(PYTHON, ['-W', 'ignore', '-c', PYTHON_SERVER], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const asked: { resolve(line: string): void; reject(error: Error): void }[] = [];
  createInterface(child.stdout).on('line', (line) => asked.shift()?.resolve(line));
  child.on('close', () => {
    server = undefined;
    for (const { reject } of asked) reject(new Error('Python ended.'));
  });
  return {
    ask: (line) =>
      new Promise((resolve, reject) => {
        asked.push({ resolve, reject });
        child.stdin.write(`${line}\n`);
      }),
  };
}

/** Runs a Python script. @returns what it prints, as JSON. @throws with its traceback where it fails */
export async function python(script: string, ...options: readonly string[]): Promise<unknown> {
  server ??= startServer();
  const answer = JSON.parse(await server.ask(JSON.stringify([script, ...options]))) as {
    printed?: string;
    failed?: string;
  };
  if (answer.printed === undefined) throw new Error(answer.failed);
  return JSON.parse(answer.printed);
}

/** What a program prints. @throws where it fails */
export const output = (command: string, ...options: readonly string[]): string =>
  execFileSync(command, options, { encoding: 'utf8', maxBuffer: 2 ** 28, stdio: ['ignore', 'pipe', 'pipe'] });

/** What dciodvfy says of a file that is against the standard, line by line. */
export function dicomErrors(path: string): string[] {
  const { stdout, stderr } = spawnSync('dciodvfy', [path], { encoding: 'utf8' });
  return `${stdout}${stderr}`.split('\n').filter((line) => line.startsWith('Error'));
}
