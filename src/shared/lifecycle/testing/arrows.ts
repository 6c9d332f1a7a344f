import type { Lifecycle } from '../lifecycle.ts';

export type Arrow<State, Event> = readonly [from: State, event: Event, to: State];

/** Every transition of a table, for `it.each`: a test of each causes the event for real and looks at the state. */
export function arrowsOf<State extends string, Event extends string>({
  transitions,
}: Lifecycle<State, Event>): Arrow<State, Event>[] {
  const arrows: Arrow<State, Event>[] = [];
  for (const from in transitions) {
    const row: Partial<Record<Event, State>> = transitions[from];
    for (const event in row) {
      const to: State | undefined = row[event];
      if (to !== undefined) arrows.push([from, event, to]);
    }
  }
  return arrows;
}
