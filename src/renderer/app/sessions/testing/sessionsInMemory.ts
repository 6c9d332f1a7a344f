import type { AuricleClient } from '#shared/contract/auricle.ts';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { manualTimer } from '../../../jobs/testing/manualTimer.ts';
import { compressPart, packSession, unpackSession } from '../../../workers/sessionArchive.ts';
import type { SessionArchiver } from '../../../workers/sessionArchiver.ts';
import type { SessionState } from '../sessionState.ts';
import { createSessions } from '../sessionStore.ts';
import { exampleSession } from './exampleSession.ts';

/** Sessions of the example's work (`case-1`): saves end as the test says, and it moves the clock. */
export function sessionsInMemory() {
  const saves: { id: string; state: Uint8Array; finish: () => void; fail: (message: string) => void }[] = [];
  const service: AuricleClient['sessions'] = {
    list: () =>
      Promise.resolve([
        { id: 'old', title: 'Old', seriesInstanceUid: '1', savedAt: '2024-01-01T00:00:00.000Z' },
        { id: 'new', title: 'New', seriesInstanceUid: '2', savedAt: '2024-02-01T00:00:00.000Z' },
      ]),
    save: ({ summary, state }) =>
      new Promise((resolve, reject) =>
        saves.push({
          id: summary.id,
          state,
          finish: () => resolve({ ...summary, savedAt: '2025-01-01T00:00:00.000Z' }),
          fail: (message) => reject(new UserError(failure('stored.sentence', { sentence: message }))),
        }),
      ),
    load: ({ id }) => {
      const state = saves.findLast((save) => save.id === id)!.state;
      return Promise.resolve({ state: new Uint8Array(state) });
    },
    remove: () => Promise.resolve({}),
  };
  let compressions = 0;
  const archiver: SessionArchiver = {
    pack: async (parts) => packSession(parts),
    compress: async (bytes) => {
      compressions++;
      return compressPart(bytes);
    },
    unpack: async (archive) => unpackSession(archive),
    close: () => {},
  };
  const { timer, pass } = manualTimer();
  let isDrawing = false;
  let state: SessionState | null = exampleSession();
  const sessions = createSessions({
    client: { sessions: service },
    archiver,
    current: () => state,
    isDrawing: () => isDrawing,
    timer,
  });
  return {
    sessions,
    saves,
    compressions: () => compressions,
    draw: (down: boolean) => {
      isDrawing = down;
    },
    work: (next: SessionState | null) => {
      state = next;
    },
    passTime: pass,
    turn: () => new Promise<void>((resolve) => setTimeout(resolve)),
  };
}
