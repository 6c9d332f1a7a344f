import { execFileSync, spawnSync } from 'node:child_process';

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

/** Runs a Python script. @returns what it prints, as JSON */
export function python(script: string, ...options: readonly string[]): unknown {
  return JSON.parse(execFileSync(PYTHON, ['-W', 'ignore', '-c', script, ...options], { encoding: 'utf8' }));
}

/** What a program prints. @throws where it fails */
export const output = (command: string, ...options: readonly string[]): string =>
  execFileSync(command, options, { encoding: 'utf8', maxBuffer: 2 ** 28, stdio: ['ignore', 'pipe', 'pipe'] });

/** What dciodvfy says of a file that is against the standard, line by line. */
export function dicomErrors(path: string): string[] {
  const { stdout, stderr } = spawnSync('dciodvfy', [path], { encoding: 'utf8' });
  return `${stdout}${stderr}`.split('\n').filter((line) => line.startsWith('Error'));
}
