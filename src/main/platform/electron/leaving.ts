/** What a person asked for: to close the window, to end the program, or (developers only) to load the page again. */
export type Departure = 'close' | 'quit' | 'reload';

export interface LeavingHost {
  /** Does it once more: the page, which saves meanwhile, lets go when its work is safe. */
  again(departure: Departure): void;
  /** Asks whether to go although the last changes are not saved. */
  askWhetherToLose(): boolean;
  /** The person stays. */
  kept(): void;
  /** ms, of any clock that only goes forwards */
  nowMs(): number;
  later(action: () => void, delayMs: number): void;
}

export interface Leaving {
  quitting(): void;
  closing(): void;
  /** The page holds: its work is not saved. @returns whether to go nevertheless */
  held(): boolean;
  /** The window is gone, or the page is a new one. */
  over(): void;
}

/** Saving takes less than a second; who still waits after so long is asked. */
export const PATIENCE_MS = 8000;
const RETRY_MS = 200;

/**
 * Ends of a window whose page holds them to save its work. Electron drops an end that was held, and shows no question of
 * its own: so the end is tried again until the page lets go, and after a while the person is asked.
 *
 * none → close | quit | reload (asked for) → held, again, held … → over, or kept open: none
 */
export function createLeaving(host: LeavingHost): Leaving {
  let departure: Departure | undefined;
  let heldSinceMs: number | undefined;

  const over = (): void => {
    departure = undefined;
    heldSinceMs = undefined;
  };

  return {
    quitting() {
      departure = 'quit';
    },
    closing() {
      if (departure !== 'quit') departure = 'close';
    },
    held() {
      // Neither the window's nor the program's end was announced: the page is being loaded again.
      const held = departure ?? 'reload';
      departure = held;
      heldSinceMs ??= host.nowMs();
      if (host.nowMs() - heldSinceMs >= PATIENCE_MS) {
        const isLeft = host.askWhetherToLose();
        if (!isLeft) {
          over();
          host.kept();
        }
        return isLeft;
      }
      host.later(() => {
        if (departure === held) host.again(held);
      }, RETRY_MS);
      return false;
    },
    over,
  };
}
