import { createStore, type StoreApi } from 'zustand/vanilla';
import type { AuricleClient } from '#shared/contract/auricle.ts';
import type { SessionSummary } from '#shared/contract/services/app.ts';
import { messageOf } from '#shared/errors.ts';
import type { ReviewCase } from '../../features/review/index.ts';
import { type Debounced, debounce, type Timer, windowTimer } from '../../jobs/debounce.ts';
import { notShared } from '../../jobs/notShared.ts';
import { dateInWords } from '../../ui/dateInWords.ts';
import type { SessionArchiver } from '../../workers/sessionArchiver.ts';
import { cropBytes, readSession, type SessionState, sessionParts } from './sessionState.ts';

export type SaveState =
  | { readonly kind: 'nothing' }
  /** Changed since it was last saved. */
  | { readonly kind: 'unsaved' }
  | { readonly kind: 'saving' }
  | { readonly kind: 'saved'; readonly savedAt: string }
  | { readonly kind: 'failed'; readonly message: string };

export interface SessionsState {
  /** Newest first; null until they are known. */
  readonly list: readonly SessionSummary[] | null;
  readonly save: SaveState;
}

export interface Sessions {
  readonly store: StoreApi<SessionsState>;
  refresh(): Promise<void>;
  /** The work changed: it is saved soon. */
  changed(): void;
  /**
   * Saves now what is not saved yet, as it is at this moment: the work may be put away at once. Resolves when it is, or
   * cannot be; what could not be saved is held and goes with the next save.
   */
  flush(): Promise<void>;
  /** Nothing would be lost if the page went now. */
  isSafe(): boolean;
  load(id: string): Promise<SessionState>;
  remove(id: string): Promise<void>;
  /** Nothing is open any more. */
  forget(): void;
}

export interface SessionsHost {
  readonly client: Pick<AuricleClient, 'sessions'>;
  readonly archiver: SessionArchiver;
  /** The work as it is now; null where there is none. */
  readonly current: () => SessionState | null;
  /** The pen is down: labels are between two steps, and saving waits until it is up. */
  readonly isDrawing?: () => boolean;
  readonly timer?: Timer;
}

const SAVE_DELAY_MS = 1500;

/** What the list says of a session; no patient's name. */
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

/** Keeps the work safe without being asked: saved a moment after each change, one save at a time. */
export function createSessions({
  client,
  archiver,
  current,
  isDrawing,
  timer = windowTimer,
}: SessionsHost): Sessions {
  const store = createStore<SessionsState>(() => ({ list: null, save: { kind: 'nothing' } }));
  let compressedCrop: { readonly ofId: string; readonly bytes: Uint8Array } | undefined;
  let saving: Promise<void> | undefined;
  /** The work on the screen changed since it was last taken for saving. */
  let isChanged = false;
  /** Taken and not saved yet, by id. */
  const unsaved = new Map<string, SessionState>();

  const compressCrop = async (reviewCase: ReviewCase): Promise<Uint8Array> => {
    if (compressedCrop?.ofId !== reviewCase.id) {
      const bytes = await archiver.compress(cropBytes(reviewCase));
      compressedCrop = { ofId: reviewCase.id, bytes };
    }
    return compressedCrop.bytes;
  };

  /** Takes what changed as it is now, with labels of its own: those of the work change in place. */
  const takeChanges = (): void => {
    const state = isChanged ? current() : null;
    isChanged = false;
    if (!state) return;
    const { reviewCase, saved } = state;
    const labels = { ...reviewCase.labels, data: reviewCase.labels.data.slice() };
    unsaved.set(reviewCase.id, { reviewCase: { ...reviewCase, labels }, saved });
  };

  const save = async (state: SessionState): Promise<SessionSummary> => {
    const crop = await compressCrop(state.reviewCase);
    const archive = await archiver.pack(sessionParts(state, crop));
    const { id, seriesInstanceUid } = state.reviewCase;
    return client.sessions.save({
      summary: { id, seriesInstanceUid, title: titleOf(state.reviewCase) },
      state: notShared(archive),
    });
  };

  const showSaved = ({ id, savedAt }: SessionSummary): void => {
    const isShown = current()?.reviewCase.id === id;
    store.setState({
      save: isChanged ? { kind: 'unsaved' } : isShown ? { kind: 'saved', savedAt } : { kind: 'nothing' },
    });
  };

  /** Saves until nothing is left, or something cannot be saved. */
  const saveAll = async (): Promise<void> => {
    for (;;) {
      if (!isDrawing?.()) takeChanges();
      const [state] = unsaved.values();
      if (!state) return;
      const { id } = state.reviewCase;
      store.setState({ save: { kind: 'saving' } });
      try {
        const summary = await save(state);
        if (unsaved.get(id) === state) unsaved.delete(id);
        store.setState(({ list }) => ({
          list: newestFirst([summary, ...(list ?? []).filter((other) => other.id !== id)]),
        }));
        if (unsaved.size === 0) showSaved(summary);
      } catch (thrown) {
        store.setState({ save: { kind: 'failed', message: messageOf(thrown) } });
        return;
      }
    }
  };
  const start = (): Promise<void> => {
    saving ??= saveAll().finally(() => {
      saving = undefined;
    });
    return saving;
  };
  const saveSoon: Debounced = debounce(
    () => {
      if (isDrawing?.()) saveSoon.schedule();
      else void start();
    },
    SAVE_DELAY_MS,
    timer,
  );

  return {
    store,
    async refresh() {
      const list = await client.sessions.list({});
      store.setState({ list: newestFirst(list) });
    },
    changed() {
      isChanged = true;
      store.setState({ save: { kind: 'unsaved' } });
      saveSoon.schedule();
    },
    async flush() {
      saveSoon.cancel();
      takeChanges();
      await start();
    },
    isSafe: () => !isChanged && unsaved.size === 0,
    async load(id) {
      const { state } = await client.sessions.load({ id });
      return readSession(await archiver.unpack(state));
    },
    async remove(id) {
      await client.sessions.remove({ id });
      unsaved.delete(id);
      store.setState(({ list }) => ({ list: (list ?? []).filter((summary) => summary.id !== id) }));
    },
    forget() {
      saveSoon.cancel();
      isChanged = false;
      compressedCrop = undefined;
      if (unsaved.size === 0) store.setState({ save: { kind: 'nothing' } });
    },
  };
}
