import { open, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { SessionSummary } from '#shared/contract/services/app.ts';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { SESSION_SUFFIX } from '#shared/sessionArchive.ts';
import { decodeSessionHeader, LONGEST_HEADER_BYTES } from './sessionFile.ts';

export const sessionsFolder = (dataFolder: string): string => join(dataFolder, 'sessions');

export const pathOfSession = (folder: string, id: string): string => join(folder, `${id}${SESSION_SUFFIX}`);

/**
 * The summaries of all saved work that can be read, newest first; none where there is no saved work.
 * @throws UserError where its folder cannot be read
 */
export async function savedSummaries(dataFolder: string): Promise<SessionSummary[]> {
  const folder = sessionsFolder(dataFolder);
  const names = await readdir(folder).catch((thrown: NodeJS.ErrnoException): string[] => {
    if (thrown.code === 'ENOENT') return [];
    throw new UserError(failure('files.unreadable', { fileName: basename(folder) }));
  });
  const summaries: SessionSummary[] = [];
  for (const name of names.filter((each) => each.endsWith(SESSION_SUFFIX))) {
    const summary = await readSummary(join(folder, name));
    if (summary) summaries.push(summary);
  }
  return summaries.sort((a, b) => b.savedAt.localeCompare(a.savedAt));
}

/** The summary in a session's file; undefined where header or length show that the file is damaged. */
export async function readSummary(path: string): Promise<SessionSummary | undefined> {
  const file = await open(path).catch(() => undefined);
  if (!file) return undefined;
  try {
    const { size } = await file.stat();
    const beginning = Buffer.alloc(Math.min(size, LONGEST_HEADER_BYTES));
    const { bytesRead } = await file.read(beginning, 0, beginning.length, 0);
    const header = decodeSessionHeader(beginning.subarray(0, bytesRead));
    return header && header.headerBytes + header.stateBytes === size ? header.summary : undefined;
  } catch {
    return undefined;
  } finally {
    await file.close();
  }
}
