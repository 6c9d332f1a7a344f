import type { StartedProcess } from './startedProcess.ts';

/** The system's own store of secrets. Without one, secrets are asked for and forgotten. */
export interface Keychain {
  /** @returns text that only this user of this machine can decrypt */
  encrypt(secret: string): string;
  /** @returns undefined where it is damaged, or of another user or machine */
  decrypt(encrypted: string): string | undefined;
}

/** What the services need of the program that hosts them: a desktop window or a browser's local server. */
export interface Platform {
  readonly target: 'electron' | 'web';
  /** Auricle's version. */
  readonly version: string;
  /** Whether files can be written into a folder that a person chooses; a browser downloads them instead. */
  readonly canSaveFiles: boolean;
  readonly keychain?: Keychain | undefined;
  /** Asks a person for a folder. @returns its path; undefined where it was dismissed or cannot be asked */
  chooseFolder(): Promise<string | undefined>;
  /** The page has work that is not saved, or has saved it. */
  noteUnsaved?(hasUnsavedWork: boolean): void;
  /** Starts a built file in a process of its own, whose crash is not this program's; it ends with this program. */
  startProcess(file: string): StartedProcess;
}
