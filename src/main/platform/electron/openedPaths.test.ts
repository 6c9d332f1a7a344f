import { describe, expect, it } from 'vitest';
import { argumentsWith, openedPaths, pathsOfSecondStart, secondStart, startedFrom } from './openedPaths.ts';

const packaged = (...args: string[]) => ({
  argv: ['/opt/auricle', ...args],
  workingDirectory: '/home/jane',
  isPackaged: true,
});
const unpackaged = (...args: string[]) => ({ ...packaged(...args), isPackaged: false });

describe('what a person opens with the program', () => {
  it('is what is no switch, from the folder that it was called in', () => {
    expect(openedPaths(packaged())).toEqual([]);
    expect(openedPaths(packaged('--no-sandbox', 'CT', '/scans/a.dcm', '-psn_0_1', ''))).toEqual([
      '/home/jane/CT',
      '/scans/a.dcm',
    ]);
    expect(openedPaths(packaged('file:///scans/My%20CT'))).toEqual(['/scans/My CT']);
    // A program that ended here would not even say so.
    expect(openedPaths(packaged('file:///a%2Fb', 'file:///%E0%A4%A'))).toHaveLength(2);
  });

  it('comes after the application where Electron was started with it', () => {
    expect(openedPaths(unpackaged('--inspect=0', '/checkout', 'CT'))).toEqual(['/home/jane/CT']);
    expect(openedPaths(unpackaged('/checkout'))).toEqual([]);
  });

  it('reaches the program that runs already as it was, and nothing else does', () => {
    expect(pathsOfSecondStart(secondStart(['/a', '/b']))).toEqual(['/a', '/b']);
    for (const other of [undefined, null, {}, { paths: '/a' }, { paths: [1] }])
      expect(pathsOfSecondStart(other)).toEqual([]);
  });
});

describe('the program that starts again', () => {
  it('keeps its switches and gets the new files', () => {
    expect(argumentsWith(['/b'], packaged('--no-sandbox', '/a'))).toEqual(['--no-sandbox', '/b']);
    expect(argumentsWith(['/b'], unpackaged('/checkout', '/a'))).toEqual(['/checkout', '/b']);
  });

  it('is the file that a person started, not the one that it was unpacked to', () => {
    expect(startedFrom({})).toBeUndefined();
    expect(startedFrom({ APPIMAGE: '/home/jane/Auricle.AppImage' })).toBe('/home/jane/Auricle.AppImage');
    expect(startedFrom({ PORTABLE_EXECUTABLE_FILE: 'D:\\Auricle.exe' })).toBe('D:\\Auricle.exe');
  });
});
