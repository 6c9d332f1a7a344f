import { posix, win32 } from 'node:path';

/** What decides on the folder; the process' own, or a test's. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Where a program keeps what is its own, as each system wants it. */
export function defaultDataFolder({ platform, home, env }: Machine): string {
  switch (platform) {
    case 'win32':
      return win32.join(env.LOCALAPPDATA || win32.join(home, 'AppData', 'Local'), 'Auricle');
    case 'darwin':
      return posix.join(home, 'Library', 'Application Support', 'Auricle');
    default:
      return posix.join(absolute(env.XDG_DATA_HOME) ?? posix.join(home, '.local', 'share'), 'auricle');
  }
}

/** The base directory specification ignores relative paths. */
const absolute = (path: string | undefined): string | undefined => (path?.startsWith('/') ? path : undefined);
