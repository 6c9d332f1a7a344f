import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { defaultDataFolder, type Machine } from '../../home/dataFolder.ts';

/** The part of Electron's application that knows folders. */
export interface FolderHolder {
  readonly commandLine: { hasSwitch(name: string): boolean };
  getPath(name: 'userData'): string;
  setPath(name: 'userData' | 'sessionData', path: string): void;
}

export interface ProgramFolders {
  /** Settings, sessions, audit trail: the local server's folder too. */
  readonly dataFolder: string;
  /** Chromium's own files, and where the window was. */
  readonly profileFolder: string;
  /** Where earlier versions kept both; undefined where nothing is moved. */
  readonly oldFolder?: string;
}

/**
 * Puts everything that the desktop program keeps into the folder of the browser target, on Windows in the local profile:
 * a roaming one is copied to servers and other machines. Has to be called before the single-instance lock is requested,
 * which belongs to `userData`. A folder that was named with `--user-data-dir` is used as it is.
 */
export function chooseFolders(app: FolderHolder, machine: Machine): ProgramFolders {
  const oldFolder = app.getPath('userData');
  if (app.commandLine.hasSwitch('user-data-dir'))
    return { dataFolder: join(oldFolder, 'data'), profileFolder: oldFolder };
  const dataFolder = defaultDataFolder(machine);
  const profileFolder = join(dataFolder, 'desktop');
  try {
    // Electron takes only folders that are there.
    mkdirSync(profileFolder, { recursive: true });
    app.setPath('userData', profileFolder);
    app.setPath('sessionData', profileFolder);
  } catch {
    // The disk takes nothing. The program runs, and says with the first change that it cannot keep it.
    return { dataFolder, profileFolder: oldFolder };
  }
  return { dataFolder, profileFolder, oldFolder };
}

/** Only ever added to: of two, both are kept. */
const TRAIL = 'audit.jsonl';

/**
 * Moves what earlier versions kept in Electron's usual folder, the roaming one on Windows. Of a file that is in both
 * places the newer one stays. What cannot be moved stays where it is. @returns the names of files that could not be moved
 */
export function moveOldData({ dataFolder, profileFolder, oldFolder }: ProgramFolders): string[] {
  if (oldFolder === undefined) return [];
  const left: string[] = [];
  const attempt = (path: string, action: () => void): void => {
    try {
      action();
    } catch {
      left.push(basename(path));
    }
  };
  const moveAll = (from: string, to: string): void => {
    mkdirSync(to, { recursive: true });
    for (const entry of readdirSync(from, { withFileTypes: true })) {
      const path = join(from, entry.name);
      const target = join(to, entry.name);
      attempt(path, () => (entry.isDirectory() ? moveAll(path, target) : moveFile(path, target)));
    }
    if (readdirSync(from).length === 0) rmdirSync(from);
  };
  const oldData = join(oldFolder, 'data');
  if (existsSync(oldData)) attempt(oldData, () => moveAll(oldData, dataFolder));
  const oldWindow = join(oldFolder, 'window.json');
  if (existsSync(oldWindow))
    attempt(oldWindow, () => moveFile(oldWindow, join(profileFolder, 'window.json')));
  return left;
}

function moveFile(from: string, to: string): void {
  if (existsSync(to)) {
    if (basename(to) === TRAIL) {
      appendFileSync(to, readFileSync(from));
      rmSync(from);
      return;
    }
    if (statSync(to).mtimeMs >= statSync(from).mtimeMs) {
      rmSync(from);
      return;
    }
  }
  try {
    renameSync(from, to);
  } catch {
    // Another disk.
    copyFileSync(from, to);
    rmSync(from);
  }
}
