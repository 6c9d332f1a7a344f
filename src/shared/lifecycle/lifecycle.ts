/** For each state the events that can come in it, and the state that follows. An event may lead back to its own state. */
export type Transitions<State extends string, Event extends string> = Readonly<
  Record<State, Readonly<Partial<Record<Event, State>>>>
>;

export interface Lifecycle<State extends string, Event extends string> {
  readonly transitions: Transitions<State, Event>;
  /** @returns the state after the event; the same one, and a report, where the table has no such transition */
  next(state: State, event: Event): State;
}

/** What browsers have and Node has not. */
const { reportError } = globalThis as { readonly reportError?: (error: unknown) => void };

/** In a page an error in its console; Node's programs set where it goes. Work goes on: lost work would be worse. */
let reportUnknown = (message: string): void => reportError?.(new Error(message));

/** Has every transition that is in no table handled by `report`; the unit tests make it an error. */
export function onUnknownTransition(report: (message: string) => void): void {
  reportUnknown = report;
}

/** @param name what the lifecycle is of, for the report of a transition that its table lacks */
export function createLifecycle<State extends string, Event extends string>(
  name: string,
  transitions: Transitions<State, Event>,
): Lifecycle<State, Event> {
  return {
    transitions,
    next(state, event) {
      const following: State | undefined = transitions[state][event];
      if (following !== undefined) return following;
      reportUnknown(`The ${name} has no transition for "${event}" in the state "${state}".`);
      return state;
    },
  };
}
