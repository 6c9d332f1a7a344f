import { EventEmitter } from 'node:events';

/** Thrown where Electron's documentation forbids a call; the text names the rule. */
export class ElectronRule extends Error {}

/** Whether the application is ready; one for the process, as in Electron. */
export const readiness = { isReady: false };

/** Most modules "can only be used after the ready event of the app module is emitted". */
export function onlyWhenReady(what: string): void {
  if (!readiness.isReady) throw new ElectronRule(`${what} can only be used after the app is ready`);
}

export function onlyBeforeReady(what: string): void {
  if (readiness.isReady) throw new ElectronRule(`${what} can only be used before the app is ready`);
}

/** Electron ignores what it does not know; here a misspelt or removed option is an error. */
export function onlyKnown(what: string, given: object, known: readonly string[]): void {
  const unknown = Object.keys(given).find((name) => !known.includes(name));
  if (unknown !== undefined) throw new ElectronRule(`${what} has no option ${unknown}`);
}

/** An emitter whose events are those of the documentation: a listener to any other would never be called. */
export class StrictEmitter extends EventEmitter {
  constructor(
    private readonly what: string,
    private readonly events: readonly string[],
  ) {
    super();
    this.on('newListener', (event: string | symbol) => {
      if (event !== 'removeListener' && !this.events.includes(String(event)))
        throw new ElectronRule(`${this.what} has no event ${String(event)}`);
    });
  }
}

/** Electron's events that can be prevented: https://www.electronjs.org/docs/latest/api/structures/event */
export class PreventableEvent {
  defaultPrevented = false;
  preventDefault(): void {
    this.defaultPrevented = true;
  }
}
