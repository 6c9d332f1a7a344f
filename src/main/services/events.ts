import type { AuricleContract } from '#shared/contract/auricle.ts';
import type { EventName, EventValue } from '#shared/rpc/contract.ts';

/** Sends an event of the contract to every page. */
export type Emit = <E extends EventName<AuricleContract>>(
  event: E,
  value: EventValue<AuricleContract, E>,
) => void;

export interface Notices {
  /** Shows a sentence to the person, now or as soon as a page listens. */
  notify(message: string): void;
  /** A page listens: sends what was held back. */
  release(): void;
}

/** Notices from before any page listens are held back until a page asks for its first information. */
export function createNotices(emit: Emit): Notices {
  let held: string[] | undefined = [];
  return {
    notify(message) {
      if (held) held.push(message);
      else emit('notice', { message });
    },
    release() {
      const messages = held ?? [];
      held = undefined;
      for (const message of messages) emit('notice', { message });
    },
  };
}
