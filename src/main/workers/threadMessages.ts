import { CancelledError, messageOf, UserError } from '#shared/errors.ts';
import type { Failure } from '#shared/failures/failure.ts';
import type { Progress } from '#shared/progress.ts';

/** The methods of a thread: what each takes and gives, all of it plain data that can be cloned. */
export type ThreadMethods = Readonly<Record<string, { readonly params: unknown; readonly result: unknown }>>;

/** To the thread. */
export type ThreadRequest =
  | { readonly kind: 'call'; readonly id: number; readonly method: string; readonly params: unknown }
  | { readonly kind: 'cancel'; readonly id: number }
  /** Cancels all calls; answered with {@link ThreadEnded} when nothing runs any more. */
  | { readonly kind: 'end' };

/** A failure as data: errors lose their class on the way between threads. */
export type ThreadFailure =
  | { readonly kind: 'user'; readonly failure: Failure }
  | { readonly kind: 'cancelled' | 'defect'; readonly message: string };

/** From the thread. An event belongs to no call. */
export type ThreadReply =
  | { readonly kind: 'done'; readonly id: number; readonly result: unknown }
  | { readonly kind: 'failed'; readonly id: number; readonly failure: ThreadFailure }
  | { readonly kind: 'progress'; readonly id: number; readonly progress: Progress }
  | { readonly kind: 'event'; readonly value: unknown };

/** From the thread, the last of what it says: it may be terminated now. */
export interface ThreadEnded {
  readonly kind: 'ended';
}

export function failureOf(thrown: unknown): ThreadFailure {
  if (thrown instanceof UserError) return { kind: 'user', failure: thrown.failure };
  if (thrown instanceof CancelledError) return { kind: 'cancelled', message: thrown.message };
  return { kind: 'defect', message: messageOf(thrown) };
}

export function errorOf(sent: ThreadFailure): Error {
  switch (sent.kind) {
    case 'user':
      return new UserError(sent.failure);
    case 'cancelled':
      return new CancelledError();
    case 'defect':
      return new Error(sent.message);
    default:
      return sent satisfies never;
  }
}
