import { z } from 'zod';
import { storedFailureSchema } from '../failure.ts';
import { heartPhaseSchema } from '../values.ts';
import { measurementsSchema } from './measured.ts';

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

/** A phase as the work on another phase of the same heart keeps it: its numbers, without its surface. */
export const savedPhaseSchema = z.strictObject({
  result: phaseResultSchema,
  /** The id of its own work, saved where a person has seen it; null where it was refused. */
  caseId: z.string().nullable(),
});

export type SavedPhase = z.infer<typeof savedPhaseSchema>;
