import { copyFileSync, existsSync, readdirSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import process from 'node:process';
import { importsOfFile } from './binaries/imports.ts';

/** Microsoft's C++ runtime, which a fresh Windows has not: MSVCP140.dll, VCRUNTIME140_1.dll, … */
const VISUAL_C = /^(msvcp|vcruntime|concrt)\d+.*\.dll$/i;

/** The libraries of Microsoft's C++ runtime that a binary of Windows needs when it is loaded, in lower case. */
export const visualCLibrariesOf = (path: string): string[] =>
  (importsOfFile(path)?.libraries ?? [])
    .filter((name) => VISUAL_C.test(name))
    .map((name) => name.toLowerCase());

/** Files below a folder, as paths. */
const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

/** Existing folders whose names match the patterns, one pattern for each level below the first folder. */
function foldersMatching(folder: string, [pattern, ...deeper]: readonly RegExp[]): string[] {
  if (pattern === undefined) return [folder];
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && pattern.test(entry.name))
    .flatMap((entry) => foldersMatching(join(folder, entry.name), deeper));
}

/** Visual Studio/2022/Community/VC/Redist/MSVC/14.44.35112/x64/Microsoft.VC143.CRT, without the first. */
const REDISTRIBUTABLE = [
  /^\d/,
  /^\w+$/,
  /^VC$/,
  /^Redist$/,
  /^MSVC$/,
  /^\d+\.\d+\.\d+$/,
  /^x64$/,
  /^Microsoft\.VC\d+\.CRT$/,
];

/**
 * The newest of Visual Studio's folders with the runtime's libraries for x64, which may be passed on with a program
 * (Visual Studio's "REDIST list").
 */
export function newestRedistributable(programFolders: readonly string[]): string | undefined {
  const version = (folder: string): string => folder.split(sep).at(-3) ?? '';
  return programFolders
    .flatMap((folder) => foldersMatching(join(folder, 'Microsoft Visual Studio'), REDISTRIBUTABLE))
    .sort((a, b) => version(a).localeCompare(version(b), 'en', { numeric: true }))
    .at(-1);
}

/** What AURICLE_VC_REDIST names, else this machine's own. */
const redistributableFolder = (): string | undefined =>
  process.env.AURICLE_VC_REDIST ||
  newestRedistributable(
    [process.env.ProgramFiles, process.env['ProgramFiles(x86)']].filter((path) => path !== undefined),
  );

/**
 * Puts Microsoft's C++ runtime beside the packaged libraries that need it, which is where Windows looks first. Where
 * this machine has none to pass on, says so: the installer then names the download, and so does the application.
 * @param appFolder the folder that electron-builder has packed for Windows
 */
export function addVisualCRuntime(appFolder: string, from = redistributableFolder()): void {
  const needed = new Map<string, Set<string>>();
  for (const path of filesBelow(join(appFolder, 'resources')).filter((name) => /\.(dll|node)$/.test(name))) {
    const names = visualCLibrariesOf(path);
    const folder = dirname(path);
    if (names.length > 0) needed.set(folder, new Set([...(needed.get(folder) ?? []), ...names]));
  }
  for (const [folder, names] of needed) {
    const missing = [...names].filter((name) => from === undefined || !existsSync(join(from, name)));
    if (from === undefined || missing.length > 0) {
      process.stderr.write(
        `Packed without ${missing.join(', ')}: AURICLE_VC_REDIST names a folder with Microsoft's C++ runtime for x64.\n`,
      );
      continue;
    }
    // All of them: they name one another.
    for (const name of readdirSync(from).filter((file) => VISUAL_C.test(file))) {
      copyFileSync(join(from, name), join(folder, name.toLowerCase()));
    }
  }
}
