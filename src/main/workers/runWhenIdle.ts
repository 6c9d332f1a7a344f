import process from 'node:process';
import type { Port } from '#shared/rpc/port.ts';

/**
 * Whether the thread for surfaces starts with the program and warms up, three seconds of processor time, while nobody
 * waits for it. The tests' many programs live too shortly for that, and start the thread when they need it.
 */
export const warmsUp = (): boolean => process.env.AURICLE_WARM_UP !== 'off';

/**
 * Does small steps of work that nobody waits for, one at a time, until they are done or anything is asked of the thread:
 * a call waits for one step at the most. A step that fails ends it; a call that runs into the same failure reports it.
 */
export function runWhenIdle(port: Port, steps: Iterator<unknown>): void {
  let isCalled = false;
  const stop = (): void => {
    isCalled = true;
  };
  port.onMessage(stop);
  port.onClose(stop);
  const step = (): void => {
    if (isCalled) return;
    try {
      if (steps.next().done !== true) setImmediate(step);
    } catch {
      // Nobody asked for this work.
    }
  };
  setImmediate(step);
}
