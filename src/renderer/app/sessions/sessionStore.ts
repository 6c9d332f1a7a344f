import { createStore, type StoreApi } from 'zustand/vanilla';
import type { AuricleClient } from '#shared/contract/auricle.ts';
import type { SessionSummary } from '#shared/contract/services/app.ts';
import type { ReviewCase } from '../../features/review/index.ts';
import { type Timer, windowTimer } from '../../jobs/debounce.ts';
import { ownBuffer } from '../../jobs/ownBuffer.ts';
import { dateInWords } from '../../ui/valuesInWords.ts';
import type { SessionArchiver } from '../../workers/sessionArchiver.ts';
import type { SaveState } from './saveLifecycle.ts';
import { createSaver } from './saver.ts';
import { cropBytes, readSession, type SessionState, sessionParts } from './sessionState.ts';

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
   * Saves now what is not saved yet, as it is at this moment: the work may be closed right after the call. Resolves when
   * it is saved, or cannot be; what could not be saved is kept and goes with the next save.
   */
  flush(): Promise<void>;
  /** Nothing would be lost if the page went now. */
  isSafe(): boolean;
  load(id: string): Promise<SessionState>;
  remove(id: string): Promise<void>;
  /** The work on the screen is closed. */
  close(): void;
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
  const store = createStore<SessionsState>(() => ({ list: null, save: { kind: 'nothing' } }));
  /** The crop of a case never changes: it is compressed once. */
  let compressedCrop: { readonly ofId: string; readonly bytes: Uint8Array } | undefined;

  const compressCrop = async (reviewCase: ReviewCase): Promise<Uint8Array> => {
    if (compressedCrop?.ofId !== reviewCase.id) {
      const bytes = await archiver.compress(cropBytes(reviewCase));
      compressedCrop = { ofId: reviewCase.id, bytes };
    }
    return compressedCrop.bytes;
  };

  const saver = createSaver({
    current,
    isDrawing,
    timer,
    onState: (save) => store.setState({ save }),
    onSaved: (summary) =>
      store.setState(({ list }) => ({
        list: newestFirst([summary, ...(list ?? []).filter(({ id }) => id !== summary.id)]),
      })),
    async save(state) {
      const crop = await compressCrop(state.reviewCase);
      const archive = await archiver.pack(sessionParts(state, crop));
      const { id, seriesInstanceUid } = state.reviewCase;
      return client.sessions.save({
        summary: { id, seriesInstanceUid, title: titleOf(state.reviewCase) },
        state: ownBuffer(archive),
      });
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
    async load(id) {
      const { state } = await client.sessions.load({ id });
      return readSession(await archiver.unpack(state));
    },
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
