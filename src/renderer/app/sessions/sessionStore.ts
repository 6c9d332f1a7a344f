import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Annotation } from '#shared/contract/annotations.ts';
import type { AuricleClient } from '#shared/contract/auricle.ts';
import type { SessionOverview, SessionSummary } from '#shared/contract/services/app.ts';
import { isFailedWith, UserError } from '#shared/errors.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import { latestPhases } from '#shared/phases/latestPhases.ts';
import type { ReviewCase } from '../../features/review/index.ts';
import { type Timer, windowTimer } from '../../jobs/debounce.ts';
import { ownBuffer } from '../../jobs/ownBuffer.ts';
import { dateInWords } from '../../ui/valuesInWords.ts';
import type { SessionArchiver } from '../../workers/sessionArchiver.ts';
import { lastingParts } from './lastingParts.ts';
import {
  type DrawnScan,
  drawingsId,
  drawingsOverview,
  drawingsParts,
  readDrawings,
  type SavedDrawings,
} from './savedDrawings.ts';
import type { SaveState } from './saveLifecycle.ts';
import { createSaver } from './saver.ts';
import { overviewOf } from './sessionOverview.ts';
import {
  COMPRESSED_CROP,
  cropBytes,
  readSession,
  type SavedSession,
  type SessionState,
  sessionParts,
} from './sessionState.ts';
import { idOfWork, isCase, type SavedWork } from './sessionWork.ts';

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
  /** Null: nothing is left of it here. */
  readonly mine: SessionOverview | null;
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
  /**
   * What was drawn on a scan before it was segmented, also where it could not be saved yet; null where nothing was. It is
   * saved on with the scan until the work is closed, and goes over to a case that is made of the scan.
   */
  drawings(scan: DrawnScan): Promise<readonly Annotation[] | null>;
  /**
   * The work as it was left, also where it could not be saved yet.
   * @throws UserError for what was drawn without a segmentation: it is shown with its scan
   */
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
  readonly current: () => SavedWork | null;
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
}: Pick<ReviewCase, 'isSample' | 'patient'> & {
  readonly report: { readonly source: Pick<ReviewCase['report']['source'], 'seriesDescription'> };
}): string {
  if (isSample) return 'Sample study';
  const parts = [dateInWords(patient.studyDate), report.source.seriesDescription].filter(
    (part) => part !== '',
  );
  return parts.length === 0 ? 'CT series' : parts.join(' · ');
}

const newestFirst = (list: readonly SessionSummary[]): SessionSummary[] =>
  [...list].sort((a, b) => b.savedAt.localeCompare(a.savedAt));

/** Drawings that were all deleted: what is saved of them is removed. */
const isNothing = (work: SavedWork): boolean => !isCase(work) && work.annotations.length === 0;

const overviewOfWork = (work: SavedWork): SessionOverview =>
  isCase(work) ? overviewOf(work) : drawingsOverview(work);

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
  let compressedCrop:
    | {
        readonly ofId: string;
        readonly bytes: Uint8Array;
        /** Of work that was loaded and will be shown when the work before it is closed. */
        readonly isAwaited?: boolean;
      }
    | undefined;

  const compressCrop = async (reviewCase: ReviewCase): Promise<Uint8Array> => {
    if (compressedCrop?.ofId !== reviewCase.id) {
      const bytes = await archiver.compress(cropBytes(reviewCase));
      compressedCrop = { ofId: reviewCase.id, bytes };
    }
    return compressedCrop.bytes;
  };

  const withLasting = lastingParts(archiver.compressParts);

  /** What was drawn on the scan on the screen is kept by this id; null where nothing was. */
  let openDrawingsId: string | null = null;
  const currentWork = (): SavedWork | null => {
    const work = current();
    if (!work || isCase(work)) return work && { ...work, drawingsId: openDrawingsId };
    const id = idOfWork(work);
    // Nothing drawn is only saved in the place of what was there.
    if (work.annotations.length === 0 && openDrawingsId !== id) return null;
    openDrawingsId = id;
    return work;
  };

  const forget = (id: string): void => {
    savedAtOf.delete(id);
    store.setState(({ list }) => ({ list: (list ?? []).filter((summary) => summary.id !== id) }));
  };

  const enlist = (summary: SessionSummary): void =>
    store.setState(({ list }) => ({
      list: newestFirst([summary, ...(list ?? []).filter(({ id }) => id !== summary.id)]),
    }));

  const showConflict = async (state: SavedWork): Promise<void> => {
    const id = idOfWork(state);
    const list = newestFirst(await client.sessions.list({}));
    const theirs = list.find((summary) => summary.id === id);
    store.setState({
      list,
      conflict: theirs ? { id, theirs, mine: isNothing(state) ? null : overviewOfWork(state) } : null,
    });
  };

  const saveCase = async (state: SavedSession): Promise<SessionSummary> => {
    const { id, seriesInstanceUid } = state.reviewCase;
    const crop = await compressCrop(state.reviewCase);
    const archive = await archiver.pack(await withLasting(sessionParts(state, crop)));
    const overview = overviewOf(state);
    return client.sessions.save({
      summary: { id, seriesInstanceUid, title: titleOf(state.reviewCase), overview },
      state: ownBuffer(archive),
      basedOn: savedAtOf.get(id) ?? null,
    });
  };

  const saveDrawings = async (drawn: SavedDrawings): Promise<SessionSummary> => {
    const id = drawingsId(drawn.scan);
    const { patient, isSample, seriesDescription } = drawn;
    const title = titleOf({ isSample, patient, report: { source: { seriesDescription } } });
    const overview = drawingsOverview(drawn);
    const summary = { id, seriesInstanceUid: drawn.scan.seriesInstanceUid, title, overview };
    if (drawn.annotations.length === 0) {
      await client.sessions.remove({ id, basedOn: savedAtOf.get(id) ?? null });
      return { ...summary, savedAt: new Date().toISOString() };
    }
    const archive = await archiver.pack(drawingsParts(drawn));
    return client.sessions.save({ summary, state: ownBuffer(archive), basedOn: savedAtOf.get(id) ?? null });
  };

  /**
   * The drawings are saved with the case by now. Where they cannot be removed, or another window drew more since, they stay,
   * and are shown with the scan.
   */
  const removeHandedOver = async (id: string): Promise<void> => {
    if (openDrawingsId === id) openDrawingsId = null;
    saver.drop(id);
    await client.sessions.remove({ id, basedOn: savedAtOf.get(id) ?? null }).then(
      () => forget(id),
      () => undefined,
    );
  };

  const saver = createSaver({
    current: currentWork,
    isDrawing,
    timer,
    onState: (save) => store.setState({ save }),
    onSaved(summary, work) {
      if (!isCase(work) && work.annotations.length === 0) {
        forget(summary.id);
        return;
      }
      savedAtOf.set(summary.id, summary.savedAt);
      enlist(summary);
      if (isCase(work) && work.drawingsId) void removeHandedOver(work.drawingsId);
    },
    async save(state) {
      savingId = idOfWork(state);
      try {
        return await (isCase(state) ? saveCase(state) : saveDrawings(state));
      } catch (thrown) {
        if (isFailedWith(thrown, 'storage.session-saved-elsewhere')) await showConflict(state);
        throw thrown;
      } finally {
        savingId = null;
      }
    },
  });

  const refresh = async (): Promise<void> => {
    const list = await client.sessions.list({});
    store.setState({ list: newestFirst(list) });
  };

  return {
    store,
    changed: saver.changed,
    flush: saver.flush,
    isSafe: saver.isSafe,
    refresh,
    has: (id) =>
      saver.isWaiting(id) || (store.getState().list?.some((summary) => summary.id === id) ?? false),
    async drawings(scan) {
      const id = drawingsId(scan);
      const waiting = saver.unsaved(id);
      if (waiting && !isCase(waiting)) {
        openDrawingsId = id;
        return waiting.annotations;
      }
      if (!store.getState().list) await refresh();
      if (!store.getState().list?.some((summary) => summary.id === id)) return null;
      const { state, savedAt } = await client.sessions.load({ id });
      savedAtOf.set(id, savedAt);
      openDrawingsId = id;
      try {
        return readDrawings(await archiver.unpack(state), scan);
      } catch {
        throw new UserError(failure('storage.drawings-damaged'));
      }
    },
    async load(id) {
      const isDrawn = store.getState().list?.some((one) => one.id === id && one.overview?.state === 'drawn');
      const waiting = saver.unsaved(id);
      if (isDrawn || (waiting && !isCase(waiting)))
        throw new UserError(failure('storage.drawings-need-scan'));
      if (waiting && isCase(waiting)) return waiting;
      const { state, savedAt } = await client.sessions.load({ id });
      const parts = await archiver.unpack(state).catch(() => {
        throw new UserError(failure('storage.session-not-restorable', { part: 'archive' }));
      });
      const session = readSession(parts);
      savedAtOf.set(id, savedAt);
      const crop = parts[COMPRESSED_CROP];
      if (crop) compressedCrop = { ofId: session.reviewCase.id, bytes: crop, isAwaited: true };
      return { ...session, phases: latestPhases(session.phases, id, store.getState().list ?? []) };
    },
    noteSaved(summary) {
      enlist(summary);
      const { id, savedAt } = summary;
      const work = current();
      if (!work || idOfWork(work) !== id || savingId === id || savedAtOf.get(id) === savedAt) return;
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
      const work = current();
      if (work && idOfWork(work) === conflict.id) saver.close();
      return conflict.id;
    },
    decideLater: () => store.setState({ conflict: null }),
    async remove(id) {
      await client.sessions.remove({ id });
      saver.drop(id);
      forget(id);
    },
    close() {
      saver.close();
      openDrawingsId = null;
      compressedCrop = compressedCrop?.isAwaited ? { ...compressedCrop, isAwaited: false } : undefined;
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
