import type { Timer } from '../debounce.ts';

/** A timer whose time passes when the test says so; one action waits at a time. */
export function manualTimer(): { readonly timer: Timer; pass(): void } {
  let waiting: (() => void) | null = null;
  return {
    timer: {
      set: (action) => {
        waiting = action;
      },
      clear: () => {
        waiting = null;
      },
    },
    pass() {
      const action = waiting;
      waiting = null;
      action?.();
    },
  };
}
