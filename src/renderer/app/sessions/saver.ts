import type { SessionSummary } from '#shared/contract/services/app.ts';
import { failureOf } from '#shared/errors.ts';
import type { Failure } from '#shared/failures/failure.ts';
import { type Debounced, debounce, type Timer } from '../../jobs/debounce.ts';
import { type SaveEvent, type SaveState, saveLifecycle } from './saveLifecycle.ts';
import { copyOfWork, idOfWork, type SavedWork } from './sessionWork.ts';

export interface Saver {
  /** The work changed: it is saved soon. */
  changed(): void;
  /** Saves now what is not saved yet; resolves when it is saved, or cannot be. */
  flush(): Promise<void>;
  /** Nothing would be lost if the page went now. */
  isSafe(): boolean;
  isWaiting(id: string): boolean;
  /** What waits to be saved of a session, a copy of its own; null where nothing does. */
  unsaved(id: string): SavedWork | null;
  /** The session was removed, or another save of it holds: what is not saved of it is dropped. */
  drop(id: string): void;
  /** The work on the screen is closed. */
  close(): void;
}

export interface SaverHost {
  /** The work as it is now; null where there is none. */
  readonly current: () => SavedWork | null;
  /** The pen is down: labels are between two steps, and saving waits until it is up. */
  readonly isDrawing: () => boolean;
  readonly save: (state: SavedWork) => Promise<SessionSummary>;
  readonly onSaved: (summary: SessionSummary, work: SavedWork) => void;
  readonly onState: (state: SaveState) => void;
  readonly timer: Timer;
}

const SAVE_DELAY_MS = 1500;

/** Saves the work a moment after each change, one save at a time; keeps what could not be saved for the next save. */
export function createSaver(host: SaverHost): Saver {
  const { current, isDrawing, save, onSaved, onState, timer } = host;
  let kind: SaveState['kind'] = 'nothing';
  let running: Promise<void> | undefined;
  /** The work on the screen changed since its last copy was made. */
  let isChanged = false;
  /** Copies that are not saved yet, by the session's id. */
  const unsaved = new Map<string, SavedWork>();

  const enter = (event: SaveEvent, about: { savedAt?: string; failure?: Failure } = {}): void => {
    const { savedAt = '', failure } = about;
    kind = saveLifecycle.next(kind, event);
    if (kind === 'saved') onState({ kind, savedAt });
    else if (kind !== 'failed') onState({ kind });
    else if (failure) onState({ kind, failure });
  };

  const copyChanges = (): void => {
    const state = isChanged ? current() : null;
    isChanged = false;
    if (state) unsaved.set(idOfWork(state), copyOfWork(state));
  };

  const endOf = (id: string): SaveEvent => {
    if (isChanged) return 'savedEarlier';
    const work = current();
    return work && idOfWork(work) === id ? 'saved' : 'savedOther';
  };

  /** Saves until nothing is left, or something cannot be saved. */
  const saveAll = async (): Promise<void> => {
    for (;;) {
      if (!isDrawing()) copyChanges();
      const [state] = unsaved.values();
      if (!state) return;
      const id = idOfWork(state);
      enter('started');
      try {
        const summary = await save(state);
        // Changed again meanwhile: the newer copy is still to be saved.
        if (unsaved.get(id) === state) unsaved.delete(id);
        onSaved(summary, state);
        if (unsaved.size === 0) enter(endOf(id), summary);
      } catch (thrown) {
        enter('failed', { failure: failureOf(thrown) });
        return;
      }
    }
  };
  const start = (): Promise<void> => {
    running ??= saveAll().finally(() => {
      running = undefined;
    });
    return running;
  };
  const saveSoon: Debounced = debounce(
    () => {
      if (isDrawing()) saveSoon.schedule();
      else void start();
    },
    SAVE_DELAY_MS,
    timer,
  );

  return {
    changed() {
      isChanged = true;
      enter('changed');
      saveSoon.schedule();
    },
    async flush() {
      saveSoon.cancel();
      copyChanges();
      await start();
    },
    isSafe: () => !isChanged && unsaved.size === 0,
    isWaiting: (id) => unsaved.has(id),
    unsaved(id) {
      const state = unsaved.get(id);
      // What is to be saved must stay as it is while the work goes on.
      return state ? copyOfWork(state) : null;
    },
    drop: (id) => void unsaved.delete(id),
    close() {
      saveSoon.cancel();
      isChanged = false;
      if (unsaved.size === 0) enter('closed');
    },
  };
}
