/**
 * A failure that the user can understand and act on. Its message is one clear sentence: what happened, to which thing
 * (a file's base name at the most, never a path or a patient's name), and what to do where that is known.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
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
