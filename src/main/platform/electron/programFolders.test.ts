import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chooseFolders, type FolderHolder, moveOldData } from './programFolders.ts';

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'auricle-folders-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const write = (path: string, text: string): void => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
};

function application(isNamed = false): FolderHolder & { readonly paths: Record<string, string> } {
  const paths: Record<string, string> = { userData: join(home, 'roaming', 'Auricle') };
  return {
    paths,
    commandLine: { hasSwitch: () => isNamed },
    getPath: (name) => paths[name] ?? '',
    setPath: (name, path) => {
      // As Electron, which takes no folder that is not there.
      if (!existsSync(path)) throw new Error('Failed to set path');
      paths[name] = path;
    },
  };
}
const machine = () => ({ platform: 'linux', home, env: { XDG_DATA_HOME: join(home, 'share') } }) as const;

describe('the desktop program’s folders', () => {
  it('are in the local server’s folder', () => {
    const app = application();
    const folders = chooseFolders(app, machine());
    expect(folders.dataFolder).toBe(join(home, 'share', 'auricle'));
    expect(app.paths.userData).toBe(join(folders.dataFolder, 'desktop'));
    expect(app.paths.sessionData).toBe(app.paths.userData);
  });

  it('are where they were named on the command line', () => {
    const app = application(true);
    const { userData } = app.paths;
    expect(chooseFolders(app, machine())).toEqual({
      dataFolder: join(userData ?? '', 'data'),
      profileFolder: userData,
    });
  });

  it('stay Electron’s own where the disk takes nothing', () => {
    write(join(home, 'share'), 'a file where a folder should be');
    const app = application();
    const { userData } = app.paths;
    expect(chooseFolders(app, machine()).profileFolder).toBe(userData);
    expect(app.paths.userData).toBe(userData);
  });
});

describe('what earlier versions kept', () => {
  it('is moved, out of the roaming profile', () => {
    const old = join(home, 'roaming', 'Auricle');
    write(join(old, 'data', 'settings.json'), 'old settings');
    write(join(old, 'data', 'sessions', 'a.session'), 'work');
    write(join(old, 'data', 'audit.jsonl'), 'old\n');
    write(join(old, 'window.json'), '{}');
    write(join(old, 'Cache', 'index'), 'Chromium’s');
    const folders = chooseFolders(application(), machine());
    const { dataFolder } = folders;
    write(join(dataFolder, 'audit.jsonl'), 'new\n');
    expect(moveOldData(folders)).toEqual([]);
    const read = (name: string): string => readFileSync(join(dataFolder, name), 'utf8');
    expect(read('settings.json')).toBe('old settings');
    expect(read('sessions/a.session')).toBe('work');
    expect(read('audit.jsonl')).toBe('new\nold\n');
    expect(read('desktop/window.json')).toBe('{}');
    expect(existsSync(join(old, 'data'))).toBe(false);
    // Again there is nothing to do.
    expect(moveOldData(folders)).toEqual([]);
  });

  it('does not replace what is newer', () => {
    const folders = chooseFolders(application(), machine());
    const { dataFolder, oldFolder = '' } = folders;
    for (const [name, isOldNewer] of [
      ['settings.json', false],
      ['sessions/a.session', true],
    ] as const) {
      write(join(dataFolder, name), 'new place');
      write(join(oldFolder, 'data', name), 'old place');
      utimesSync(join(oldFolder, 'data', name), 0, isOldNewer ? 4e9 : 1);
    }
    expect(moveOldData(folders)).toEqual([]);
    expect(readFileSync(join(dataFolder, 'settings.json'), 'utf8')).toBe('new place');
    expect(readFileSync(join(dataFolder, 'sessions/a.session'), 'utf8')).toBe('old place');
    expect(existsSync(join(oldFolder, 'data'))).toBe(false);
  });

  it('stays where it cannot be moved, and is named', () => {
    const folders = chooseFolders(application(), machine());
    const { dataFolder, oldFolder = '' } = folders;
    write(join(oldFolder, 'data', 'sessions', 'a.session'), 'work');
    write(join(dataFolder, 'sessions'), 'a file where a folder should be');
    expect(moveOldData(folders)).toEqual(['sessions']);
    expect(readFileSync(join(oldFolder, 'data', 'sessions', 'a.session'), 'utf8')).toBe('work');
  });
});
