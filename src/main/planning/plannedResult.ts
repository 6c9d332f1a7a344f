import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { z } from 'zod';
import { segmentationReportSchema } from '#shared/contract/report.ts';
import type { OstiumDistance, Surroundings } from '#shared/contract/surroundings.ts';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import type { SizedAppendage } from '#shared/planning/deviceFit.ts';

/** What planning reads of a result's `report.json`. */
const plannedSchema = segmentationReportSchema
  .pick({
    format: true,
    notice: true,
    ostium: true,
    ostiumLandmarks: true,
    depthMm: true,
    withheld: true,
    planning: true,
    surroundings: true,
  })
  .strip();

/** A result of `auricle segment` as planning needs it. */
export interface PlannedResult extends SizedAppendage {
  readonly notice: string;
  /** Ridge and circumflex artery as the network found them; null where it knows none. */
  readonly landmarks: z.output<typeof plannedSchema>['ostiumLandmarks'];
  /** What a network found round the appendage; null where none looked. */
  readonly surroundings: Surroundings | null;
  /** From the ostium's rim to them. */
  readonly ostiumDistances: readonly OstiumDistance[];
}

/** @throws UserError where the folder holds no result, or one that was made before results had a profile */
export async function readPlannedResult(resultFolder: string): Promise<PlannedResult> {
  const folder = basename(resolve(resultFolder));
  let report: z.output<typeof plannedSchema>;
  try {
    report = plannedSchema.parse(JSON.parse(await readFile(join(resultFolder, 'report.json'), 'utf8')));
  } catch {
    throw new UserError(failure('planning.no-result', { folder }));
  }
  const { notice, ostium, ostiumLandmarks: landmarks, depthMm, withheld, planning, surroundings } = report;
  if (planning === null) throw new UserError(failure('planning.no-profile', { folder }));
  const { profile, ostiumDistances } = planning;
  return {
    notice,
    landmarks,
    surroundings,
    ostiumDistances,
    measurements: { ostium, depthMm, withheld },
    profile,
  };
}
