import type { AuricleContract } from '#shared/contract/auricle.ts';
import type { EventName, EventValue } from '#shared/rpc/contract.ts';

/** Tells the application what no call answers for. */
export type Emit = <E extends EventName<AuricleContract>>(
  event: E,
  value: EventValue<AuricleContract, E>,
) => void;
