import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Mutex } from 'async-mutex';
import type { AuricleHandlers } from '#shared/contract/auricle.ts';
import type { SessionSummary } from '#shared/contract/services/app.ts';
import { UserError } from '#shared/errors.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import { SESSION_SUFFIX } from '#shared/sessionArchive.ts';
import { isMissing } from '../files/systemCode.ts';
import { decodeSession, encodeSession } from '../home/sessionFile.ts';
import { pathOfSession, readSummary, sessionsFolder } from '../home/sessionSummaries.ts';
import { notStored, storeFile } from './storedFile.ts';

/** When there are more, the oldest are removed. */
export const MOST_SESSIONS = 50;

/** Files of unfinished saves that are older than this are removed; a younger one may be another program's save. */
const LEFTOVER_MS = 3_600_000;

export interface SessionsOptions {
  readonly dataFolder: string;
  readonly onNotice: (what: Failure) => void;
  /** Work was saved, by whichever page. */
  readonly onSaved?: (summary: SessionSummary) => void;
  readonly now?: () => Date;
}

/** Autosaved work, one file for each session, written whole or not at all, one after the other. */
export function createSessions(options: SessionsOptions): AuricleHandlers['sessions'] {
  const { now = () => new Date() } = options;
  const folder = sessionsFolder(options.dataFolder);
  const pathOf = (id: string): string => pathOfSession(folder, id);
  const mutex = new Mutex();
  const notified = new Set<string>();

  const notifyDamaged = (name: string): void => {
    if (notified.has(name)) return;
    notified.add(name);
    options.onNotice(failure('storage.session-left-out'));
  };

  const list = async (): Promise<SessionSummary[]> => {
    const names = await readdir(folder).catch((thrown: unknown) => {
      if (isMissing(thrown)) return [];
      throw new UserError(failure('storage.sessions-unreadable'));
    });
    const summaries: SessionSummary[] = [];
    for (const name of names.filter((each) => each.endsWith(SESSION_SUFFIX))) {
      const summary = await readSummary(join(folder, name));
      if (summary && `${summary.id}${SESSION_SUFFIX}` === name) summaries.push(summary);
      else notifyDamaged(name);
    }
    return summaries.sort((a, b) => b.savedAt.localeCompare(a.savedAt) || a.id.localeCompare(b.id));
  };

  const makeRoom = async (savedId: string): Promise<void> => {
    const others = (await list()).filter(({ id }) => id !== savedId);
    for (const { id } of others.slice(MOST_SESSIONS - 1)) await rm(pathOf(id), { force: true });
    await removeLeftovers(folder, now());
  };

  /** @returns what is there now @throws UserError where that was not saved then */
  const assertBasedOn = async (id: string, basedOn: string | null | undefined) => {
    const there = basedOn === undefined ? undefined : await readSummary(pathOf(id));
    if (there && there.savedAt !== basedOn)
      throw new UserError(failure('storage.session-saved-elsewhere', { savedAt: there.savedAt }));
    return there;
  };

  return {
    list: () => mutex.runExclusive(list),
    save: ({ summary, state, basedOn }) =>
      mutex.runExclusive(async () => {
        const there = await assertBasedOn(summary.id, basedOn);
        const saved: SessionSummary = { ...summary, savedAt: timeAfter(there?.savedAt, now()) };
        const file = encodeSession(saved, state);
        await storeFile(pathOf(saved.id), file, 'session');
        options.onSaved?.(saved);
        // What was saved is saved, even where old files cannot be removed; the next save tries again.
        await makeRoom(saved.id).catch(() => undefined);
        return saved;
      }),
    load: ({ id }) =>
      mutex.runExclusive(async () => {
        const file = await readFile(pathOf(id)).catch((thrown: unknown) => {
          throw new UserError(
            failure(isMissing(thrown) ? 'storage.session-gone' : 'storage.session-unreadable'),
          );
        });
        const session = decodeSession(file);
        if (!session) throw new UserError(failure('storage.session-damaged'));
        return session;
      }),
    remove: ({ id, basedOn }) =>
      mutex.runExclusive(async () => {
        await assertBasedOn(id, basedOn);
        try {
          await rm(pathOf(id), { force: true });
        } catch (thrown) {
          throw notStored('session-removal', thrown);
        }
        return {};
      }),
  };
}

/** No two saves of a session have the same time: it tells them apart. */
const timeAfter = (earlier: string | undefined, now: Date): string =>
  new Date(Math.max(now.getTime(), earlier ? Date.parse(earlier) + 1 : 0)).toISOString();

/** Removes what is left of a save when the program was killed before it finished. */
async function removeLeftovers(folder: string, now: Date): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!/\.session\.\d+$/.test(name)) continue;
    const path = join(folder, name);
    const { mtimeMs } = await stat(path);
    if (now.getTime() - mtimeMs > LEFTOVER_MS) await rm(path, { force: true });
  }
}
