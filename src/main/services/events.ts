import type { AuricleContract } from '#shared/contract/auricle.ts';
import type { Failure } from '#shared/failures/failure.ts';
import type { EventName, EventValue } from '#shared/rpc/contract.ts';
import type { Port } from '#shared/rpc/port.ts';

/** Sends an event of the contract to every page, or to one. */
export type Emit = <E extends EventName<AuricleContract>>(
  event: E,
  value: EventValue<AuricleContract, E>,
  to?: Port,
) => void;

export interface Notices {
  /** Shows what happened to the person, now or as soon as a page listens. */
  notify(what: Failure): void;
  /** A page listens: sends what was held back. */
  release(): void;
}

/** Notices from before any page listens are held back until a page asks for its first information. */
export function createNotices(emit: Emit): Notices {
  let held: Failure[] | undefined = [];
  return {
    notify(what) {
      if (held) held.push(what);
      else emit('notice', what);
    },
    release() {
      const notices = held ?? [];
      held = undefined;
      for (const what of notices) emit('notice', what);
    },
  };
}
