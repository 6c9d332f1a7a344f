import { type Failure, failure } from './failures/failure.ts';
import { words } from './words/words.ts';

/**
 * A failure that the user can understand and act on, as a code with fields. The edges (the command line, alerts,
 * panels, logs) find the words for `failure`; `message` is the English sentence, for developers, and is never compared.
 * Fields name a file by its base name at the most, never by its path, and never a patient.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly failure: Failure;

  constructor(why: Failure, options?: ErrorOptions) {
    super(words().sentence(why), options);
    this.failure = why;
  }
}

/** Thrown where work stops because its AbortSignal fired. */
export class CancelledError extends Error {
  override readonly name = 'CancelledError';
  constructor() {
    super('Cancelled.');
  }
}

export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new CancelledError();
}

/** The message of whatever was thrown. */
export const messageOf = (thrown: unknown): string =>
  thrown instanceof Error ? thrown.message : String(thrown);

/** Whatever was thrown, as a failure. */
export const failureOf = (thrown: unknown): Failure =>
  thrown instanceof UserError ? thrown.failure : failure('program.error', { message: messageOf(thrown) });

/** Whether this was thrown for one of these reasons: `isFailedWith(thrown, 'rpc.connection-lost')`. */
export const isFailedWith = (thrown: unknown, ...codes: readonly Failure['code'][]): boolean =>
  thrown instanceof UserError && codes.includes(thrown.failure.code);
