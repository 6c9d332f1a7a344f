import { describe, expect, it } from 'vitest';
import type { AuricleClient } from '#shared/contract/auricle.ts';
import { UserError } from '#shared/errors.ts';
import { LPS_AXES } from '#shared/geometry/gridLps.ts';
import { createWorkHistory, historyToBytes } from '../../edit/index.ts';
import type { SavedReview } from '../../features/review/index.ts';
import { exampleAppendage, exampleReviewCase } from '../../features/review/testing/exampleCase.ts';
import type { Timer } from '../../jobs/debounce.ts';
import { compressPart, packSession, unpackSession } from '../../workers/sessionArchive.ts';
import type { SessionArchiver } from '../../workers/sessionArchiver.ts';
import { holdUnsaved } from './holdUnsaved.ts';
import { cropBytes, readSession, type SessionState, sessionParts } from './sessionState.ts';
import { createSessions, titleOf } from './sessionStore.ts';

const grid = {
  sizeIjk: [3, 2, 2],
  originLpsMm: [1, 2, 3],
  spacingMm: [1, 1, 2],
  directions: LPS_AXES,
} as const;

function exampleState(): SessionState {
  const original = exampleAppendage({ ostiumPlane: { pointLpsMm: [0, 0, 0], normal: [0, 0, 1] } });
  const reviewCase = exampleReviewCase(
    {
      // An odd offset in its buffer, as views of an archive have.
      crop: { grid, data: new Int16Array(13).fill(-1000).fill(300, 4).subarray(1) },
      labels: { grid, data: Uint8Array.of(0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1) },
    },
    {
      scanGrid: { ...grid, sizeIjk: [30, 20, 10] },
      region: { centreLpsMm: [2, 2, 4], edgeMm: 70, confidence: null },
      original,
      isCut: true,
    },
  );
  const history = createWorkHistory();
  history.push('Accept', { kind: 'review', before: 'not reviewed', after: 'accepted' });
  const saved: SavedReview = {
    appendage: exampleAppendage({
      wall: exampleAppendage().closed,
      rimLpsMm: Float32Array.of(1, 2, 3),
      warnings: ['Cut.'],
    }),
    plane: { pointLpsMm: [0, 0, 5], normal: [0, 0, 1] },
    verdict: 'accepted',
    labelEdits: 2,
    isStale: false,
    history: historyToBytes(history),
  };
  return { reviewCase, saved };
}

const packed = (state: SessionState): Uint8Array =>
  packSession(sessionParts(state, compressPart(cropBytes(state.reviewCase))));

describe('session state', () => {
  it('comes back whole from its bytes', () => {
    const state = exampleState();
    expect(readSession(unpackSession(packed(state)))).toEqual({
      ...state,
      reviewCase: { ...state.reviewCase, crop: { grid, data: state.reviewCase.crop.data.slice() } },
    });
  });

  it('keeps an unedited surface the original itself', () => {
    const { reviewCase, saved } = exampleState();
    const state = { reviewCase, saved: { ...saved, appendage: reviewCase.original } };
    const back = readSession(unpackSession(packed(state)));
    expect(back.saved.appendage).toBe(back.reviewCase.original);
  });

  it('restores work of an earlier version, which did not keep the scan’s grid', () => {
    const parts = unpackSession(packed(exampleState()));
    const head: unknown = JSON.parse(new TextDecoder().decode(parts['session.json']));
    if (typeof head !== 'object' || head === null || !('scanGrid' in head)) throw new Error('No grid.');
    const { scanGrid: _scanGrid, ...earlier } = head;
    const restored = readSession({
      ...parts,
      'session.json': new TextEncoder().encode(JSON.stringify(earlier)),
    });
    expect(restored.reviewCase.scanGrid).toBeNull();
    expect(restored.saved).toEqual(exampleState().saved);
  });

  it('refuses parts that are missing, cut short or of another program', () => {
    const parts = unpackSession(packed(exampleState()));
    const { 'labels.u8': labels, ...without } = parts;
    expect(() => readSession(without)).toThrow(UserError);
    expect(() => readSession({ ...parts, 'labels.u8': labels!.subarray(1) })).toThrow(UserError);
    expect(() => readSession({ ...parts, 'crop.i16': Uint8Array.of(1) })).toThrow(UserError);
    expect(() => readSession({ ...parts, 'session.json': new TextEncoder().encode('{}') })).toThrow(
      UserError,
    );
  });
});

describe('titleOf', () => {
  it('names date and series, never the patient', () => {
    expect(titleOf(exampleState().reviewCase)).toBe('2024-01-02 · CTA heart');
    expect(titleOf({ ...exampleState().reviewCase, isSample: true })).toBe('Sample study');
  });
});

function build() {
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
          fail: (message) => reject(new UserError(message)),
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
  let waiting: (() => void) | null = null;
  const timer: Timer = {
    set: (action) => {
      waiting = action;
    },
    clear: () => {
      waiting = null;
    },
  };
  let isDrawing = false;
  let state: SessionState | null = exampleState();
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
    passTime: () => {
      const action = waiting;
      waiting = null;
      action?.();
    },
    turn: () => new Promise<void>((resolve) => setTimeout(resolve)),
  };
}

describe('sessions', () => {
  it('saves a moment after a change, and once more for what changed meanwhile', async () => {
    const { sessions, saves, passTime, turn, compressions } = build();
    sessions.changed();
    expect(sessions.store.getState().save.kind).toBe('unsaved');
    passTime();
    await turn();
    expect(saves).toHaveLength(1);
    expect(sessions.store.getState().save.kind).toBe('saving');
    sessions.changed();
    passTime();
    saves[0]!.finish();
    await turn();
    expect(saves).toHaveLength(2);
    saves[1]!.finish();
    await turn();
    expect(sessions.store.getState()).toMatchObject({ save: { kind: 'saved' }, list: [{ id: 'case-1' }] });
    // The crop never changes: compressed once.
    expect(compressions()).toBe(1);
  });

  it('waits while the pen is down', async () => {
    const { sessions, saves, passTime, turn, draw } = build();
    draw(true);
    sessions.changed();
    passTime();
    await turn();
    expect(saves).toHaveLength(0);
    draw(false);
    passTime();
    await turn();
    expect(saves).toHaveLength(1);
  });

  it('saves again after everything was saved, and at once when asked', async () => {
    const { sessions, saves, turn } = build();
    await sessions.flush();
    expect(saves).toHaveLength(0);
    sessions.changed();
    const flushed = sessions.flush();
    await turn();
    saves[0]!.finish();
    await flushed;
    expect(sessions.store.getState().save.kind).toBe('saved');
  });

  it('says that it could not save, and tries again when asked', async () => {
    const { sessions, saves, turn } = build();
    sessions.changed();
    const first = sessions.flush();
    await turn();
    saves[0]!.fail('The disk is full.');
    await first;
    expect(sessions.store.getState().save).toEqual({ kind: 'failed', message: 'The disk is full.' });
    const second = sessions.flush();
    await turn();
    saves[1]!.finish();
    await second;
    expect(sessions.store.getState().save.kind).toBe('saved');
  });

  it('saves work as it was when it was put away, even at once', async () => {
    const { sessions, saves, turn, work } = build();
    const state = exampleState();
    work(state);
    sessions.changed();
    const flushed = sessions.flush();
    // The next scan: labels of the old work are nobody's any more.
    state.reviewCase.labels.data.fill(0);
    work(null);
    sessions.forget();
    expect(sessions.isSafe()).toBe(false);
    await turn();
    saves[0]!.finish();
    await flushed;
    const back = readSession(unpackSession(saves[0]!.state));
    expect(back.reviewCase.labels.data).toEqual(exampleState().reviewCase.labels.data);
    expect(sessions.isSafe()).toBe(true);
    expect(sessions.store.getState().save).toEqual({ kind: 'nothing' });
  });

  it('holds what could not be saved, also of work that was put away, until it is', async () => {
    const { sessions, saves, turn, work } = build();
    sessions.changed();
    const first = sessions.flush();
    await turn();
    saves[0]!.fail('There is no engine.');
    await first;
    sessions.forget();
    expect(sessions.store.getState().save).toEqual({ kind: 'failed', message: 'There is no engine.' });
    expect(sessions.isSafe()).toBe(false);
    const next = exampleState();
    work({ ...next, reviewCase: { ...next.reviewCase, id: 'case-2' } });
    sessions.changed();
    const second = sessions.flush();
    await turn();
    saves[1]!.finish();
    await turn();
    saves[2]!.finish();
    await second;
    expect(saves.map(({ id }) => id)).toEqual(['case-1', 'case-1', 'case-2']);
    expect(saves[1]!.state).toEqual(saves[0]!.state);
    expect(sessions.isSafe()).toBe(true);
    expect(sessions.store.getState().save.kind).toBe('saved');
  });

  it('holds a page that goes until its work is saved', async () => {
    const { sessions, saves, turn } = build();
    const leave = (): boolean => {
      const event = new Event('beforeunload', { cancelable: true });
      holdUnsaved(sessions, event);
      return !event.defaultPrevented;
    };
    expect(leave()).toBe(true);
    sessions.changed();
    expect(leave()).toBe(false);
    await turn();
    expect(leave()).toBe(false);
    saves[0]!.fail('The disk is full.');
    await turn();
    // Not saved is not safe: the next attempt saves again.
    expect(leave()).toBe(false);
    await turn();
    saves[1]!.finish();
    await turn();
    expect(leave()).toBe(true);
    expect(saves).toHaveLength(2);
  });

  it('lists the newest first and gives back what was saved', async () => {
    const { sessions, saves, turn } = build();
    await sessions.refresh();
    expect(sessions.store.getState().list?.map(({ id }) => id)).toEqual(['new', 'old']);
    sessions.changed();
    const flushed = sessions.flush();
    await turn();
    saves[0]!.finish();
    await flushed;
    expect((await sessions.load('case-1')).saved).toEqual(exampleState().saved);
  });
});
