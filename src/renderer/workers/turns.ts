import { CancelledError, throwIfCancelled } from '#shared/errors.ts';

/** Lets at most `width` pieces of work run at once; the others wait in line. */
export interface Turns {
  /** @throws CancelledError where `signal` fires before the turn has come */
  take(signal: AbortSignal): Promise<void>;
  /** Once for each turn taken. */
  end(): void;
}

export function createTurns(width: number): Turns {
  const waiting: (() => void)[] = [];
  let taken = 0;
  return {
    take: (signal) =>
      new Promise<void>((resolve, reject) => {
        throwIfCancelled(signal);
        if (taken < width) {
          taken++;
          resolve();
          return;
        }
        const grant = (): void => {
          signal.removeEventListener('abort', leave);
          resolve();
        };
        const leave = (): void => {
          waiting.splice(waiting.indexOf(grant), 1);
          reject(new CancelledError());
        };
        waiting.push(grant);
        signal.addEventListener('abort', leave, { once: true });
      }),
    end() {
      const next = waiting.shift();
      // The turn goes from hand to hand: `taken` stays as it is.
      if (next === undefined) taken--;
      else next();
    },
  };
}
