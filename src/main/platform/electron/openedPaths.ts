import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

export interface CommandLine {
  /** The program first, as `process.argv` has it. */
  readonly argv: readonly string[];
  /** Relative paths are relative to it. */
  readonly workingDirectory: string;
  /** A program that is not packaged is an argument of Electron's own. */
  readonly isPackaged: boolean;
}

/** An address that names no file of this machine stays as it is: it is refused as any file that cannot be read. */
function placeOf(argument: string): string {
  try {
    return argument.startsWith('file:') ? fileURLToPath(argument) : argument;
  } catch {
    return argument;
  }
}

/**
 * The files and folders that a person opened with the program: what is left of its arguments without switches. File
 * managers of Linux pass addresses (`file:`). Absolute.
 */
export function openedPaths({ argv, workingDirectory, isPackaged }: CommandLine): string[] {
  const given = argv.slice(1).filter((argument) => argument !== '' && !argument.startsWith('-'));
  return (isPackaged ? given : given.slice(1)).map((argument) =>
    resolve(workingDirectory, placeOf(argument)),
  );
}

/** What a second start sends to the first: its own arguments reach it reordered, with Chromium's among them. */
const secondStartSchema = z.object({ paths: z.array(z.string()) });

export const secondStart = (paths: readonly string[]): Record<string, readonly string[]> => ({ paths });

export const pathsOfSecondStart = (additionalData: unknown): string[] =>
  secondStartSchema.safeParse(additionalData).data?.paths ?? [];

/** What the program is started with when it starts again with other files: the same switches, and where they are. */
export const argumentsWith = (paths: readonly string[], { argv, isPackaged }: CommandLine): string[] => {
  const isSwitch = (argument: string): boolean => argument.startsWith('-');
  const application = isPackaged
    ? []
    : argv
        .slice(1)
        .filter((argument) => !isSwitch(argument))
        .slice(0, 1);
  return [...argv.slice(1).filter(isSwitch), ...application, ...paths];
};

/** The file that a packaged program was started from where that is not its own program file: it unpacks itself first. */
export const startedFrom = (env: Readonly<Record<string, string | undefined>>): string | undefined =>
  // AppImage; electron-builder's portable program for Windows.
  env.APPIMAGE ?? env.PORTABLE_EXECUTABLE_FILE;
