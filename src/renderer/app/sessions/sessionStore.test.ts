import { describe, expect, it } from 'vitest';
import { failure } from '#shared/failures/failure.ts';
import { unpackSession } from '#shared/sessionArchive.ts';
import { readSession } from './sessionState.ts';
import { holdUnsaved, titleOf } from './sessionStore.ts';
import { exampleSession } from './testing/exampleSession.ts';
import { sessionsInMemory, THEIRS } from './testing/sessionsInMemory.ts';

describe('titleOf', () => {
  it('names date and series, never the patient', () => {
    expect(titleOf(exampleSession().reviewCase)).toBe('2024-01-02 · CTA heart');
    expect(titleOf({ ...exampleSession().reviewCase, isSample: true })).toBe('Sample study');
  });
});

describe('sessions', () => {
  it('saves a moment after a change, and once more for what changed meanwhile', async () => {
    const { sessions, saves, passTime, turn, compressions } = sessionsInMemory();
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

  it('compresses the crop of restored work not anew, and lets go of it with the work', async () => {
    const { sessions, saves, turn, compressions } = sessionsInMemory();
    const save = async (): Promise<Uint8Array> => {
      sessions.changed();
      const flushed = sessions.flush();
      await turn();
      saves.at(-1)!.finish();
      await flushed;
      return saves.at(-1)!.state;
    };
    const state = await save();
    sessions.close();
    await sessions.load('case-1');
    // The work before it goes from the screen.
    sessions.close();
    expect(await save()).toEqual(state);
    expect(compressions()).toBe(1);
    sessions.close();
    await save();
    expect(compressions()).toBe(2);
  });

  it('waits while the pen is down', async () => {
    const { sessions, saves, passTime, turn, draw } = sessionsInMemory();
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
    const { sessions, saves, turn } = sessionsInMemory();
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
    const { sessions, saves, turn } = sessionsInMemory();
    sessions.changed();
    const first = sessions.flush();
    await turn();
    saves[0]!.fail('The disk is full.');
    await first;
    expect(sessions.store.getState().save).toEqual({
      kind: 'failed',
      failure: failure('stored.sentence', { sentence: 'The disk is full.' }),
    });
    const second = sessions.flush();
    await turn();
    saves[1]!.finish();
    await second;
    expect(sessions.store.getState().save.kind).toBe('saved');
  });

  it('saves work as it was when it was closed, even at once', async () => {
    const { sessions, saves, turn, work } = sessionsInMemory();
    const state = exampleSession();
    work(state);
    sessions.changed();
    const flushed = sessions.flush();
    // The next scan: labels of the old work are nobody's any more.
    state.reviewCase.labels.data.fill(0);
    work(null);
    sessions.close();
    expect(sessions.isSafe()).toBe(false);
    await turn();
    saves[0]!.finish();
    await flushed;
    const back = readSession(unpackSession(saves[0]!.state));
    expect(back.reviewCase.labels.data).toEqual(exampleSession().reviewCase.labels.data);
    expect(sessions.isSafe()).toBe(true);
    expect(sessions.store.getState().save).toEqual({ kind: 'nothing' });
  });

  it('keeps what could not be saved, also of work that was closed, until it is', async () => {
    const { sessions, saves, turn, work } = sessionsInMemory();
    sessions.changed();
    const first = sessions.flush();
    await turn();
    saves[0]!.fail('There is no engine.');
    await first;
    sessions.close();
    expect(sessions.store.getState().save).toEqual({
      kind: 'failed',
      failure: failure('stored.sentence', { sentence: 'There is no engine.' }),
    });
    expect(sessions.isSafe()).toBe(false);
    const next = exampleSession();
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

  it('asks where another window saved the same session, and one of the two wins', async () => {
    const { sessions, saves, turn } = sessionsInMemory();
    sessions.changed();
    const first = sessions.flush();
    await turn();
    expect(saves[0]!.basedOn).toBeNull();
    saves[0]!.conflict();
    await first;
    expect(sessions.store.getState()).toMatchObject({
      save: { kind: 'failed', failure: { code: 'storage.session-saved-elsewhere' } },
      conflict: { id: 'case-1', theirs: { title: 'Theirs' }, mine: { state: 'accepted' } },
    });
    expect(sessions.isSafe()).toBe(false);
    // Mine replaces theirs, knowingly.
    const second = sessions.keepMine();
    await turn();
    expect(saves[1]!.basedOn).toBe(THEIRS);
    expect(saves[1]!.state).toEqual(saves[0]!.state);
    saves[1]!.finish();
    await second;
    expect(sessions.store.getState()).toMatchObject({ save: { kind: 'saved' }, conflict: null });
    // Again, and theirs is taken: nothing of mine is left to save.
    sessions.changed();
    const third = sessions.flush();
    await turn();
    saves[2]!.conflict();
    await third;
    expect(sessions.takeTheirs()).toBe('case-1');
    expect(sessions.isSafe()).toBe(true);
    expect(sessions.store.getState()).toMatchObject({ save: { kind: 'nothing' }, conflict: null });
    expect(sessions.takeTheirs()).toBeNull();
  });

  it('says that another window saved the work on the screen, and nothing of its own saves', async () => {
    const { sessions, saves, turn, notices } = sessionsInMemory();
    const summary = { id: 'case-1', title: '', seriesInstanceUid: '3', savedAt: '2025-01-01T00:00:00.000Z' };
    sessions.changed();
    const flushed = sessions.flush();
    await turn();
    // The event of a save arrives before its answer.
    sessions.noteSaved(summary);
    saves[0]!.finish();
    await flushed;
    sessions.noteSaved(summary);
    sessions.noteSaved({ ...summary, id: 'another' });
    expect(notices).toEqual([]);
    sessions.noteSaved({ ...summary, savedAt: '2025-01-02T00:00:00.000Z' });
    expect(notices).toEqual(['storage.session-saved-elsewhere']);
    expect(sessions.store.getState().list?.map(({ id }) => id)).toEqual(['case-1', 'another']);
  });

  it('keeps a page open until its work is saved', async () => {
    const { sessions, saves, turn } = sessionsInMemory();
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

  it('lists the newest first and loads what was saved', async () => {
    const { sessions, saves, turn } = sessionsInMemory();
    await sessions.refresh();
    expect(sessions.store.getState().list?.map(({ id }) => id)).toEqual(['new', 'old', 'case-1']);
    sessions.changed();
    const flushed = sessions.flush();
    await turn();
    saves[0]!.finish();
    await flushed;
    expect((await sessions.load('case-1')).saved).toEqual(exampleSession().saved);
  });
});
