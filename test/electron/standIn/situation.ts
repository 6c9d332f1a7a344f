import process from 'node:process';

/** What the machine and the way of starting are like; the test says it, the stand-in plays it. */
export interface Situation {
  readonly platform: NodeJS.Platform;
  readonly isPackaged: boolean;
  /** Chromium's switches on the command line, without dashes in front. */
  readonly switches: Readonly<Record<string, string>>;
  /** Folders of the system by Electron's names for them (`app.getPath`). */
  readonly paths: { readonly home: string; readonly appData: string; readonly temp: string };
  /** The application's folder or archive. */
  readonly appPath: string;
  /**
   * Linux: whether Chromium's sandbox can work here. Where not, a page that is to be sandboxed never starts, and the
   * window stays blank (Ubuntu 23.10 and later, AppImage).
   */
  readonly canSandbox: boolean;
  /** What draws 3D: a graphics processor, or nothing unless software is allowed. */
  readonly hasGpu: boolean;
}

export const SITUATION_VARIABLE = 'AURICLE_STAND_IN';

let current: Situation | undefined;

/** The situation of this process. */
export function situation(): Situation {
  // Written by `launch.ts` in this very form.
  current ??= JSON.parse(process.env[SITUATION_VARIABLE] ?? '{}') as Situation;
  return current;
}
