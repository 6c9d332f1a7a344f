import type { z } from 'zod';
import { CancelledError, messageOf, UserError } from '../errors.ts';
import type { Failure } from './messages.ts';

/** To whom waited for an answer. */
export const CONNECTION_LOST = "The connection to Auricle's engine was lost before this was finished.";

/** To whom asks meanwhile. */
export const NOT_CONNECTED = "Auricle's engine is not connected.";

/** Says nothing of the cause: that may hold paths; the engine's own log has it. */
export const UNEXPECTED = 'Something unexpected went wrong in Auricle; the work was not done.';

/** A call or an answer that does not fit the contract. */
export class ContractError extends Error {
  override readonly name = 'ContractError';
}

/** A schema's first complaint, in one sentence. `what` names the service and method, or the event. */
export function contractError(what: string, error: z.ZodError): ContractError {
  const [issue] = error.issues;
  const where = issue && issue.path.length > 0 ? ` at ${issue.path.map(String).join('.')}` : '';
  return new ContractError(
    `${what} does not fit the contract${where}: ${issue?.message ?? 'unknown reason'}.`,
  );
}

/** An error as plain data. */
export function failureOf(thrown: unknown): Failure {
  if (thrown instanceof UserError) return { kind: 'user', message: thrown.message };
  if (thrown instanceof CancelledError) return { kind: 'cancelled', message: thrown.message };
  if (thrown instanceof ContractError) return { kind: 'refused', message: thrown.message };
  return { kind: 'bug', message: UNEXPECTED };
}

/** Plain data as the error that it was. */
export function errorOf({ kind, message }: Failure): Error {
  switch (kind) {
    case 'user':
      return new UserError(message);
    case 'cancelled':
      return new CancelledError();
    case 'refused':
      return new ContractError(message);
    case 'bug':
      return new Error(message);
  }
}

/** Whatever was thrown, as an error. */
export const asError = (thrown: unknown): Error =>
  thrown instanceof Error ? thrown : new Error(messageOf(thrown));
