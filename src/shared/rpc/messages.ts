import { z } from 'zod';
import { type Failure, isFailure } from '../failures/failure.ts';

/** What the two ends of a port say. Ids are the client's; params, results and values are checked by the contract. */

const id = z.int().nonnegative();

export const clientMessageSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('call'),
    id,
    service: z.string(),
    method: z.string(),
    params: z.unknown(),
  }),
  z.strictObject({ kind: z.literal('cancel'), id }),
]);

const sentFailureSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('user'), failure: z.custom<Failure>(isFailure, 'a failure') }),
  /** `refused`: parameters or a method that the contract does not know; `bug`: anything unexpected. */
  z.strictObject({ kind: z.enum(['cancelled', 'refused', 'bug']), message: z.string() }),
]);

export const serverMessageSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('progress'), id, stage: z.string(), fraction: z.number().min(0).max(1) }),
  z.strictObject({ kind: z.literal('result'), id, result: z.unknown() }),
  z.strictObject({ kind: z.literal('failed'), id, failure: sentFailureSchema }),
  z.strictObject({ kind: z.literal('event'), name: z.string(), value: z.unknown() }),
]);

export type ClientMessage = z.output<typeof clientMessageSchema>;
export type ServerMessage = z.output<typeof serverMessageSchema>;
export type SentFailure = z.output<typeof sentFailureSchema>;
