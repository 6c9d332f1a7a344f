/** Runs `work` for the newest value only: one call at a time, and while it runs, newer values replace each other. */
export interface LatestWins<T> {
  submit(value: T): void;
  /** Forgets what waits; what runs ends by itself. */
  clear(): void;
  /** Resolves when nothing runs and nothing waits. */
  idle(): Promise<void>;
}

/** @param work never rejects: it reports its own failures */
export function createLatestWins<T>(work: (value: T) => Promise<void>): LatestWins<T> {
  let waiting: { readonly value: T } | undefined;
  let running: Promise<void> | undefined;

  const loop = async (): Promise<void> => {
    while (waiting) {
      const { value } = waiting;
      waiting = undefined;
      await work(value);
    }
    running = undefined;
  };

  return {
    submit(value) {
      waiting = { value };
      running ??= loop();
    },
    clear() {
      waiting = undefined;
    },
    idle: () => running ?? Promise.resolve(),
  };
}
