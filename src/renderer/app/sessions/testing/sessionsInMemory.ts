import type { AuricleClient } from '#shared/contract/auricle.ts';
import { sessionSummarySchema } from '#shared/contract/services/app.ts';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { compressPart, packSession, unpackSession } from '#shared/sessionArchive.ts';
import { manualTimer } from '../../../jobs/testing/manualTimer.ts';
import type { SessionArchiver } from '../../../workers/sessionArchiver.ts';
import { createSessions } from '../sessionStore.ts';
import type { SavedWork } from '../sessionWork.ts';
import { exampleSession } from './exampleSession.ts';

/** When another window saved the example's work. */
export const THEIRS = '2023-01-01T00:00:00.000Z';

/** Sessions of the example's work (`case-1`): saves end as the test says, and it moves the clock. */
export function sessionsInMemory() {
  const saves: {
    id: string;
    state: Uint8Array;
    basedOn: string | null | undefined;
    finish: () => void;
    conflict: () => void;
    fail: (message: string) => void;
  }[] = [];
  const service: AuricleClient['sessions'] = {
    list: () =>
      Promise.resolve([
        { id: 'case-1', title: 'Theirs', seriesInstanceUid: '3', savedAt: THEIRS },
        { id: 'old', title: 'Old', seriesInstanceUid: '1', savedAt: '2024-01-01T00:00:00.000Z' },
        { id: 'new', title: 'New', seriesInstanceUid: '2', savedAt: '2024-02-01T00:00:00.000Z' },
      ]),
    save: ({ summary, state, basedOn }) =>
      new Promise((resolve, reject) =>
        saves.push({
          id: summary.id,
          state,
          basedOn,
          finish: () =>
            resolve(sessionSummarySchema.parse({ ...summary, savedAt: '2025-01-01T00:00:00.000Z' })),
          conflict: () =>
            reject(new UserError(failure('storage.session-saved-elsewhere', { savedAt: THEIRS }))),
          fail: (message) => reject(new UserError(failure('stored.sentence', { sentence: message }))),
        }),
      ),
    load: ({ id }) => {
      const state = saves.findLast((save) => save.id === id)!.state;
      return Promise.resolve({ state: new Uint8Array(state), savedAt: '2025-01-01T00:00:00.000Z' });
    },
    remove: () => Promise.resolve({}),
  };
  let compressions = 0;
  const archiver: SessionArchiver = {
    zip: async (files) => packSession(files),
    pack: async (parts) => packSession(parts),
    compressParts: async () => ({}),
    compress: async (bytes) => {
      compressions++;
      return compressPart(bytes);
    },
    unpack: async (archive) => unpackSession(archive),
    close: () => {},
  };
  const notices: string[] = [];
  const { timer, pass } = manualTimer();
  let isDrawing = false;
  let state: SavedWork | null = exampleSession();
  const sessions = createSessions({
    client: { sessions: service },
    archiver,
    current: () => state,
    isDrawing: () => isDrawing,
    onSavedElsewhere: (what) => notices.push(what.code),
    timer,
  });

  return {
    sessions,
    saves,
    notices,
    compressions: () => compressions,
    draw: (down: boolean) => {
      isDrawing = down;
    },
    work: (next: SavedWork | null) => {
      state = next;
    },
    passTime: pass,
    turn: () => new Promise<void>((resolve) => setTimeout(resolve)),
  };
}
