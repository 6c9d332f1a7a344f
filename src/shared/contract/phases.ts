import { z } from 'zod';
import { storedFailureSchema } from './failure.ts';
import { measurementsSchema } from './services/measured.ts';
import { heartPhaseSchema } from './values.ts';

/**
 * One phase of a heart cycle with what is measured in it. A phase that was refused has its reason and no numbers; a
 * number that is withheld has its reason in `measurements`.
 */
export const phaseResultSchema = z.strictObject({
  phase: heartPhaseSchema,
  /** The series within its study: its UID, with #2, #3, … for further parts. */
  seriesId: z.string(),
  description: z.string(),
  refusal: storedFailureSchema.nullable(),
  measurements: measurementsSchema.nullable(),
  warnings: z.array(storedFailureSchema),
});

export type PhaseResult = z.infer<typeof phaseResultSchema>;
