import { createStore, type StoreApi } from 'zustand/vanilla';
import type { AuricleClient } from '#shared/contract/auricle.ts';
import type { SessionOverview, SessionSummary } from '#shared/contract/services/app.ts';
import { isFailedWith } from '#shared/errors.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import { latestPhases } from '#shared/phases/latestPhases.ts';
import type { ReviewCase } from '../../features/review/index.ts';
import { type Timer, windowTimer } from '../../jobs/debounce.ts';
import { ownBuffer } from '../../jobs/ownBuffer.ts';
import { dateInWords } from '../../ui/valuesInWords.ts';
import type { SessionArchiver } from '../../workers/sessionArchiver.ts';
import type { SaveState } from './saveLifecycle.ts';
import { createSaver } from './saver.ts';
import { overviewOf } from './sessionOverview.ts';
import {
  cropBytes,
  readSession,
  type SavedSession,
  type SessionState,
  sessionParts,
} from './sessionState.ts';

export interface SessionsState {
  /** Newest first; null until they are known. */
  readonly list: readonly SessionSummary[] | null;
  readonly save: SaveState;
  /** Another window saved this session, and the work here is of an earlier state: a person chooses. */
  readonly conflict: SessionConflict | null;
}

export interface SessionConflict {
  readonly id: string;
  /** What the other window saved. */
  readonly theirs: SessionSummary;
  readonly mine: SessionOverview;
}

export interface Sessions {
  readonly store: StoreApi<SessionsState>;
  refresh(): Promise<void>;
  /** The work changed: it is saved soon. */
  changed(): void;
  /**
   * Saves now what is not saved yet, as it is at this moment: the work may be closed right after the call. Resolves when
   * it is saved, or cannot be; what could not be saved is kept and goes with the next save.
   */
  flush(): Promise<void>;
  /** Nothing would be lost if the page went now. */
  isSafe(): boolean;
  /** There is work of this id: saved, or waiting for its save. */
  has(id: string): boolean;
  /** The work as it was left, also where it could not be saved yet. */
  load(id: string): Promise<SessionState>;
  /** A page, this one or another, has saved a session. */
  noteSaved(summary: SessionSummary): void;
  /** Saves the work here in the place of the other window's. */
  keepMine(): Promise<void>;
  /** Drops what is not saved here. @returns the session to load; null where there is no conflict */
  takeTheirs(): string | null;
  /** Leaves the choice for the next save. */
  decideLater(): void;
  remove(id: string): Promise<void>;
  /** The work on the screen is closed. */
  close(): void;
}

export interface SessionsHost {
  readonly client: Pick<AuricleClient, 'sessions'>;
  readonly archiver: SessionArchiver;
  /** The work as it is now; null where there is none. */
  readonly current: () => SavedSession | null;
  /** The pen is down: labels are between two steps, and saving waits until it is up. */
  readonly isDrawing?: () => boolean;
  /** Another window saved the work on the screen, which is as it was saved before. */
  readonly onSavedElsewhere?: (what: Failure) => void;
  readonly timer?: Timer;
}

/** A session's title in the list; without the patient's name. */
export function titleOf({
  isSample,
  patient,
  report,
}: Pick<ReviewCase, 'isSample' | 'patient' | 'report'>): string {
  if (isSample) return 'Sample study';
  const parts = [dateInWords(patient.studyDate), report.source.seriesDescription].filter(
    (part) => part !== '',
  );
  return parts.length === 0 ? 'CT series' : parts.join(' · ');
}

const newestFirst = (list: readonly SessionSummary[]): SessionSummary[] =>
  [...list].sort((a, b) => b.savedAt.localeCompare(a.savedAt));

/** Saves the work by itself, and lists what is saved. */
export function createSessions(host: SessionsHost): Sessions {
  const { client, archiver, current, isDrawing = () => false, timer = windowTimer } = host;
  const store = createStore<SessionsState>(() => ({
    list: null,
    save: { kind: 'nothing' },
    conflict: null,
  }));
  /** When the session that the work here continues was saved, by its id. */
  const savedAtOf = new Map<string, string>();
  let savingId: string | null = null;
  /** The crop of a case never changes: it is compressed once. */
  let compressedCrop: { readonly ofId: string; readonly bytes: Uint8Array } | undefined;

  const compressCrop = async (reviewCase: ReviewCase): Promise<Uint8Array> => {
    if (compressedCrop?.ofId !== reviewCase.id) {
      const bytes = await archiver.compress(cropBytes(reviewCase));
      compressedCrop = { ofId: reviewCase.id, bytes };
    }
    return compressedCrop.bytes;
  };

  const enlist = (summary: SessionSummary): void =>
    store.setState(({ list }) => ({
      list: newestFirst([summary, ...(list ?? []).filter(({ id }) => id !== summary.id)]),
    }));

  const showConflict = async (state: SavedSession): Promise<void> => {
    const { id } = state.reviewCase;
    const list = newestFirst(await client.sessions.list({}));
    const theirs = list.find((summary) => summary.id === id);
    store.setState({ list, conflict: theirs ? { id, theirs, mine: overviewOf(state) } : null });
  };

  const saver = createSaver({
    current,
    isDrawing,
    timer,
    onState: (save) => store.setState({ save }),
    onSaved(summary) {
      savedAtOf.set(summary.id, summary.savedAt);
      enlist(summary);
    },
    async save(state) {
      const { id, seriesInstanceUid } = state.reviewCase;
      savingId = id;
      try {
        const crop = await compressCrop(state.reviewCase);
        const archive = await archiver.pack(sessionParts(state, crop));
        const overview = overviewOf(state);
        return await client.sessions.save({
          summary: { id, seriesInstanceUid, title: titleOf(state.reviewCase), overview },
          state: ownBuffer(archive),
          basedOn: savedAtOf.get(id) ?? null,
        });
      } catch (thrown) {
        if (isFailedWith(thrown, 'storage.session-saved-elsewhere')) await showConflict(state);
        throw thrown;
      } finally {
        savingId = null;
      }
    },
  });

  return {
    store,
    changed: saver.changed,
    flush: saver.flush,
    isSafe: saver.isSafe,
    async refresh() {
      const list = await client.sessions.list({});
      store.setState({ list: newestFirst(list) });
    },
    has: (id) =>
      saver.isWaiting(id) || (store.getState().list?.some((summary) => summary.id === id) ?? false),
    async load(id) {
      const waiting = saver.unsaved(id);
      if (waiting) return waiting;
      const { state, savedAt } = await client.sessions.load({ id });
      const session = readSession(await archiver.unpack(state));
      savedAtOf.set(id, savedAt);
      return { ...session, phases: latestPhases(session.phases, id, store.getState().list ?? []) };
    },
    noteSaved(summary) {
      enlist(summary);
      const { id, savedAt } = summary;
      if (current()?.reviewCase.id !== id || savingId === id || savedAtOf.get(id) === savedAt) return;
      host.onSavedElsewhere?.(failure('storage.session-saved-elsewhere', { savedAt }));
    },
    async keepMine() {
      const { conflict } = store.getState();
      if (!conflict) return;
      savedAtOf.set(conflict.id, conflict.theirs.savedAt);
      store.setState({ conflict: null });
      await saver.flush();
    },
    takeTheirs() {
      const { conflict } = store.getState();
      if (!conflict) return null;
      store.setState({ conflict: null });
      saver.drop(conflict.id);
      if (current()?.reviewCase.id === conflict.id) saver.close();
      return conflict.id;
    },
    decideLater: () => store.setState({ conflict: null }),
    async remove(id) {
      await client.sessions.remove({ id });
      saver.drop(id);
      store.setState(({ list }) => ({ list: (list ?? []).filter((summary) => summary.id !== id) }));
    },
    close() {
      saver.close();
      compressedCrop = undefined;
    },
  };
}

/**
 * For `beforeunload`: keeps the page open while work is not saved, and saves it. A browser then asks the person;
 * Electron's main side closes the page again until it lets itself be closed.
 */
export function holdUnsaved(
  sessions: Pick<Sessions, 'isSafe' | 'flush'>,
  event: Pick<BeforeUnloadEvent, 'preventDefault'>,
): void {
  if (sessions.isSafe()) return;
  event.preventDefault();
  void sessions.flush();
}
