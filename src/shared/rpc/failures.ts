import type { z } from 'zod';
import { CancelledError, messageOf, UserError } from '../errors.ts';
import type { SentFailure } from './messages.ts';

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

/**
 * An error as plain data.
 * @param explainsBugs whether what is unexpected keeps its message, which may hold paths
 */
export function failureOf(thrown: unknown, explainsBugs = false): SentFailure {
  if (thrown instanceof UserError) return { kind: 'user', failure: thrown.failure };
  if (thrown instanceof CancelledError) return { kind: 'cancelled', message: thrown.message };
  if (thrown instanceof ContractError) return { kind: 'refused', message: thrown.message };
  return { kind: 'bug', message: explainsBugs ? messageOf(thrown) : UNEXPECTED };
}

/** Plain data as the error that it was. */
export function errorOf(sent: SentFailure): Error {
  switch (sent.kind) {
    case 'user':
      return new UserError(sent.failure);
    case 'cancelled':
      return new CancelledError();
    case 'refused':
      return new ContractError(sent.message);
    case 'bug':
      return new Error(sent.message);
  }
}

/** Whatever was thrown, as an error. */
export const asError = (thrown: unknown): Error =>
  thrown instanceof Error ? thrown : new Error(messageOf(thrown));
