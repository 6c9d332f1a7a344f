import { expect, it } from 'vitest';
import { defaultDataFolder } from './dataFolder.ts';

it('follows the habits of each system', () => {
  const home = '/home/jane';
  expect(defaultDataFolder({ platform: 'linux', home, env: {} })).toBe('/home/jane/.local/share/auricle');
  expect(defaultDataFolder({ platform: 'linux', home, env: { XDG_DATA_HOME: '/data' } })).toBe(
    '/data/auricle',
  );
  expect(defaultDataFolder({ platform: 'linux', home, env: { XDG_DATA_HOME: 'data' } })).toBe(
    '/home/jane/.local/share/auricle',
  );
  expect(defaultDataFolder({ platform: 'darwin', home: '/Users/jane', env: {} })).toBe(
    '/Users/jane/Library/Application Support/Auricle',
  );
  const windows = { platform: 'win32', home: 'C:\\Users\\jane' } as const;
  expect(defaultDataFolder({ ...windows, env: {} })).toBe('C:\\Users\\jane\\AppData\\Local\\Auricle');
  expect(defaultDataFolder({ ...windows, env: { LOCALAPPDATA: 'D:\\Local' } })).toBe('D:\\Local\\Auricle');
});
