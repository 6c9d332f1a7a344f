import type { MessagePort } from 'node:worker_threads';

/**
 * Does small steps of work that nobody waits for, one at a time, until they are done or anything is asked of the thread:
 * a call waits for one step at the most. A step that fails ends it; a call that runs into the same will say so.
 */
export function workUntilCalled(port: MessagePort, steps: Iterator<unknown>): void {
  let isCalled = false;
  port.once('message', () => {
    isCalled = true;
  });
  const step = (): void => {
    if (isCalled) return;
    try {
      if (steps.next().done !== true) setImmediate(step);
    } catch {
      // Nobody asked for it, so nobody is told.
    }
  };
  setImmediate(step);
}
