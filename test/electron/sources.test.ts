import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const version = (file: string): string => JSON.parse(read(file)).version;

/** All sources, without tests. */
const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
  .map((file) => `src/${file.replaceAll('\\', '/')}`)
  .filter((file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$/.test(file));

/** Imports of Electron that are there when the program runs; types are not. */
const importsElectron = (file: string): boolean => /^import (?!type\b)[^;]*from 'electron'/m.test(read(file));

describe('rules that hold for all sources', () => {
  it('Electron is known to the window, its transport and the preload script only', () => {
    const importing = sources.filter(importsElectron);
    expect(importing).toContain('src/main/entry.electron.ts');
    for (const file of importing) {
      expect(file).toMatch(
        /^src\/main\/(entry\.electron\.ts|preload\.ts|transport\/ipc\.ts|platform\/electron\/[^/]+)$/,
      );
    }
  });

  it('nothing is opened outside of the application by Electron', () => {
    expect(sources.filter((file) => /openExternal|openPath|showItemInFolder/.test(read(file)))).toEqual([]);
  });

  it('the preload script exposes one thing, a function without parameters', () => {
    const preload = read('src/main/preload.ts');
    expect(preload.match(/exposeInMainWorld/g)).toHaveLength(1);
    expect(preload).toMatch(
      /exposeInMainWorld\('auricle', \{\s*requestPort: \(\) => ipcRenderer\.send\(REQUEST_PORT_CHANNEL\),?\s*\}\)/,
    );
  });

  it('one channel of Electron reaches the main process', () => {
    const listening = sources.flatMap((file) => read(file).match(/ipcMain\.\w+\([^,]*/g) ?? []);
    expect(listening).toEqual(['ipcMain.on(REQUEST_PORT_CHANNEL']);
  });

  it('the installed Electron is the declared one', () => {
    const declared: string = JSON.parse(read('package.json')).devDependencies.electron;
    expect(version('node_modules/electron/package.json').split('.')[0]).toBe(
      declared.replace('^', '').split('.')[0],
    );
  });
});
