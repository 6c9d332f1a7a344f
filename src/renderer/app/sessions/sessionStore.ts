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
  /** Saves now what is not saved yet; resolves when it is. */
  flush(): Promise<void>;
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
  let isChanged = false;

  const compressCrop = async (reviewCase: ReviewCase): Promise<Uint8Array> => {
    if (compressedCrop?.ofId !== reviewCase.id) {
      const bytes = await archiver.compress(cropBytes(reviewCase));
      compressedCrop = { ofId: reviewCase.id, bytes };
    }
    return compressedCrop.bytes;
  };

  const saveOnce = async (): Promise<void> => {
    const before = current();
    if (!before) return;
    store.setState({ save: { kind: 'saving' } });
    try {
      const crop = await compressCrop(before.reviewCase);
      // Read after the wait and packed at once: labels change in place, and must agree with the steps.
      const state = current();
      if (!state || state.reviewCase.id !== before.reviewCase.id) return;
      isChanged = false;
      const archive = await archiver.pack(sessionParts(state, crop));
      const { id, seriesInstanceUid } = state.reviewCase;
      const summary = await client.sessions.save({
        summary: { id, seriesInstanceUid, title: titleOf(state.reviewCase) },
        state: notShared(archive),
      });
      store.setState(({ list }) => ({
        list: newestFirst([summary, ...(list ?? []).filter((other) => other.id !== id)]),
        save: isChanged ? { kind: 'unsaved' } : { kind: 'saved', savedAt: summary.savedAt },
      }));
    } catch (thrown) {
      store.setState({ save: { kind: 'failed', message: messageOf(thrown) } });
    }
  };

  /** Saves until nothing is left unsaved. */
  const saveAll = async (): Promise<void> => {
    while (isChanged) {
      isChanged = false;
      await saveOnce();
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
      await start();
    },
    async load(id) {
      const { state } = await client.sessions.load({ id });
      return readSession(await archiver.unpack(state));
    },
    async remove(id) {
      await client.sessions.remove({ id });
      store.setState(({ list }) => ({ list: (list ?? []).filter((summary) => summary.id !== id) }));
    },
    forget() {
      saveSoon.cancel();
      isChanged = false;
      compressedCrop = undefined;
      store.setState({ save: { kind: 'nothing' } });
    },
  };
}
