import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import process from 'node:process';

/** Electron's program, or why it cannot run here. */
export type ElectronRuntime =
  | { readonly kind: 'program'; readonly program: string }
  | { readonly kind: 'missing'; readonly reason: string };

/** The package's own entry would try to fetch what is missing, so its files are read. */
export function electronRuntime(): ElectronRuntime {
  // Electron's own variable: a runtime that was named on purpose is tried.
  const named = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (named) return { kind: 'program', program: join(named, 'electron') };
  const missing = (reason: string): ElectronRuntime => ({ kind: 'missing', reason });
  const folder = dirname(createRequire(import.meta.url).resolve('electron/package.json'));
  const pathFile = join(folder, 'path.txt');
  if (!existsSync(pathFile)) return missing('no Electron runtime');
  const program = join(folder, 'dist', readFileSync(pathFile, 'utf8').trim());
  if (!existsSync(program)) return missing('no Electron runtime');
  if (process.platform === 'linux') {
    if (!process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return missing('no display for Electron');
    if (process.getuid?.() === 0) return missing('no Electron sandbox for the root user');
  }
  return { kind: 'program', program };
}

/** The end of a title that says why its tests are skipped; empty where they run. */
export const skippedBecause = (runtime: ElectronRuntime): string =>
  runtime.kind === 'missing' ? ` (skipped: ${runtime.reason})` : '';
