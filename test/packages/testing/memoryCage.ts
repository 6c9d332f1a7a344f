import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';

/**
 * Compiles the library that makes Node refuse memory of native code (memoryCage.c). A process that is started with its
 * path as LD_AUDIT behaves as Electron does. Undefined, with a word on the console, where no compiler is at hand.
 */
export function memoryCage(folder: string): string | undefined {
  const file = join(folder, 'memoryCage.so');
  const source = join(import.meta.dirname, 'memoryCage.c');
  const { status } = spawnSync('cc', ['-shared', '-fPIC', '-O1', '-o', file, source], { stdio: 'inherit' });
  if (status === 0) return file;
  process.stderr.write('Memory cage skipped: no C compiler (cc) makes its library.\n');
  return undefined;
}
