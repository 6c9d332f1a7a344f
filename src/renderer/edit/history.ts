/** One step that a person can undo. */
export interface HistoryEntry<E> {
  /** In words, for the menu: "Brush", "Move ostium". */
  readonly name: string;
  readonly edit: E;
}

export interface HistoryState<E> {
  /** Oldest first. */
  readonly entries: readonly HistoryEntry<E>[];
  /** How many of the entries are done; the rest was undone. */
  readonly done: number;
}

/** Undo and redo with names. The history only records steps; the owner of the work applies them. */
export interface History<E> {
  /** Adds a step that has just been done; what was undone before is forgotten. */
  push(name: string, edit: E): void;
  /** The step to undo next; undefined where there is none. */
  undo(): HistoryEntry<E> | undefined;
  /** The step to redo next; undefined where there is none. */
  redo(): HistoryEntry<E> | undefined;
  canUndo(): boolean;
  canRedo(): boolean;
  /** The names of the steps that can be undone, the next first, and of those that can be redone, the next first. */
  names(): { readonly undo: readonly string[]; readonly redo: readonly string[] };
  state(): HistoryState<E>;
  clear(): void;
}

export interface HistoryOptions<E> {
  /** The memory that an edit takes, bytes. */
  readonly bytesOf: (edit: E) => number;
  /** Beyond this the oldest steps are forgotten; the newest always stays. Default 64 MiB. */
  readonly limitBytes?: number;
  /** A stored history to continue from. */
  readonly from?: HistoryState<E>;
}

export function createHistory<E>({
  bytesOf,
  limitBytes = 64 * 2 ** 20,
  from,
}: HistoryOptions<E>): History<E> {
  let entries: HistoryEntry<E>[] = [...(from?.entries ?? [])];
  let done = Math.min(from?.done ?? 0, entries.length);
  const dropOldest = (): void => {
    let bytes = entries.reduce((sum, { edit }) => sum + bytesOf(edit), 0);
    let dropped = 0;
    while (bytes > limitBytes && dropped < done - 1) bytes -= bytesOf(entries[dropped++]!.edit);
    entries = entries.slice(dropped);
    done -= dropped;
  };
  dropOldest();
  return {
    push(name, edit) {
      entries = [...entries.slice(0, done), { name, edit }];
      done = entries.length;
      dropOldest();
    },
    undo() {
      if (done === 0) return undefined;
      done--;
      return entries[done];
    },
    redo() {
      if (done === entries.length) return undefined;
      done++;
      return entries[done - 1];
    },
    canUndo: () => done > 0,
    canRedo: () => done < entries.length,
    names: () => ({
      undo: entries
        .slice(0, done)
        .map(({ name }) => name)
        .reverse(),
      redo: entries.slice(done).map(({ name }) => name),
    }),
    state: () => ({ entries, done }),
    clear() {
      entries = [];
      done = 0;
    },
  };
}
