import type { Contract, EventName, EventValue } from './contract.ts';

/** Listeners to the events of a contract. */
export interface EventListeners<C extends Contract> {
  /** @returns a function that ends the subscription */
  on<E extends EventName<C>>(event: E, listener: (value: EventValue<C, E>) => void): () => void;
  /** Hands a value, checked with the event's own schema, to the listeners that are there now. */
  notify(event: string, value: unknown): void;
}

export function createEventListeners<C extends Contract>(): EventListeners<C> {
  const all = new Map<string, Set<(value: unknown) => void>>();
  return {
    on(event, listener) {
      const listeners = all.get(event) ?? new Set();
      all.set(event, listeners);
      // What is handed on was checked with the event's own schema.
      const untyped = listener as (value: unknown) => void;
      listeners.add(untyped);
      return () => listeners.delete(untyped);
    },
    notify(event, value) {
      for (const listener of [...(all.get(event) ?? [])]) listener(value);
    },
  };
}
