import { z } from 'zod';

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

export const failureSchema = z.strictObject({
  /** `refused`: parameters or a method that the contract does not know; `bug`: anything unexpected. */
  kind: z.enum(['user', 'cancelled', 'refused', 'bug']),
  message: z.string(),
});

export const serverMessageSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('progress'), id, stage: z.string(), fraction: z.number().min(0).max(1) }),
  z.strictObject({ kind: z.literal('result'), id, result: z.unknown() }),
  z.strictObject({ kind: z.literal('failed'), id, failure: failureSchema }),
  z.strictObject({ kind: z.literal('event'), name: z.string(), value: z.unknown() }),
]);

export type ClientMessage = z.output<typeof clientMessageSchema>;
export type ServerMessage = z.output<typeof serverMessageSchema>;
export type Failure = z.output<typeof failureSchema>;
