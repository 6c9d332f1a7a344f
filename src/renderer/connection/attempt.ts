import type { Failure } from '#shared/failures/failure.ts';
import type { Port } from '#shared/rpc/port.ts';

/** What came of trying to connect. */
export type Attempt =
  | { readonly kind: 'connected'; readonly port: Port }
  /** There is an engine, but it does not let this page in before a person does something. */
  | { readonly kind: 'refused'; readonly reason: Failure }
  /** There is none; it may come back by itself. */
  | { readonly kind: 'unreachable'; readonly reason: Failure };
