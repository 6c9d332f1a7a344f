/** What tells the time; a test gives its own. */
export interface Timer {
  set(action: () => void, delayMs: number): unknown;
  clear(handle: unknown): void;
}

export const windowTimer: Timer = {
  set: (action, delayMs) => setTimeout(action, delayMs),
  // The handle is what `set` gave, a number in browsers.
  clear: (handle) => clearTimeout(handle as number),
};

export interface Debounced {
  /** Runs the action once, `delayMs` after the last call. */
  schedule(): void;
  /** Runs it now if it waits. */
  flush(): void;
  cancel(): void;
}

export function debounce(action: () => void, delayMs: number, timer: Timer = windowTimer): Debounced {
  let handle: { readonly value: unknown } | undefined;
  const cancel = (): void => {
    if (handle) timer.clear(handle.value);
    handle = undefined;
  };
  const fire = (): void => {
    handle = undefined;
    action();
  };
  return {
    schedule() {
      cancel();
      handle = { value: timer.set(fire, delayMs) };
    },
    flush() {
      if (!handle) return;
      cancel();
      action();
    },
    cancel,
  };
}
