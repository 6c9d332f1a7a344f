import { z } from 'zod';
import { type Failure, failure, isFailure } from '../failures/failure.ts';

/** A refusal, a warning or a reason as it crosses: a known code with its fields. */
export const failureSchema = z.custom<Failure>(isFailure, 'a failure');

/** One that is stored too: what earlier versions saved as a sentence is read as one. */
export const storedFailureSchema = z.union([
  failureSchema,
  z.string().transform((sentence): Failure => failure('stored.sentence', { sentence })),
]);
