import type { z } from 'zod';
import type { Annotation } from '#shared/contract/annotations.ts';
import { DRAWINGS_FORMAT, SAVED_HEAD, savedDrawingsSchema, savedPart } from '#shared/contract/savedWork.ts';
import type { SessionOverview } from '#shared/contract/services/app.ts';
import type { Patient } from '#shared/contract/services/exporting.ts';
import type { GridLps } from '#shared/geometry/gridLps.ts';
import { hashText } from '#shared/random/random.ts';
import type { SessionParts } from '#shared/sessionArchive.ts';

/** A scan by what stays the same when it is opened again. */
export interface DrawnScan {
  readonly seriesInstanceUid: string;
  /** Several phases of a heart can be parts of one series; null where it is the only one. */
  readonly heartPhase: string | null;
  readonly grid: GridLps;
}

/** What a reader drew on a scan that is not segmented: kept with the scan until it is. */
export interface SavedDrawings {
  readonly scan: DrawnScan;
  readonly patient: Patient;
  readonly isSample: boolean;
  readonly seriesDescription: string;
  readonly annotations: readonly Annotation[];
}

/** What tells the parts of a series apart: phase and voxels, to what files keep of them. */
function partOfSeries({ heartPhase, grid }: DrawnScan): string {
  const { sizeIjk, originLpsMm, spacingMm } = grid;
  const rounded = [...originLpsMm, ...spacingMm].map((mm) => Math.round(mm * 1000));
  return JSON.stringify([heartPhase, sizeIjk, rounded]);
}

/** The id of what is saved for a scan: always the same, so that it is found when the scan is opened again. */
export const drawingsId = (scan: DrawnScan): string =>
  `drawn-${scan.seriesInstanceUid.replaceAll(/[^A-Za-z0-9]/g, '-').slice(0, 64)}-${hashText(0, partOfSeries(scan)).toString(16).padStart(8, '0')}`;

export function drawingsParts({ scan, patient, isSample, annotations }: SavedDrawings): SessionParts {
  const head: z.input<typeof savedDrawingsSchema> = {
    format: DRAWINGS_FORMAT,
    formatVersion: 1,
    ...scan,
    patient,
    isSample,
    annotations: [...annotations],
  };
  return { [SAVED_HEAD]: new TextEncoder().encode(JSON.stringify(head)) };
}

/**
 * What was drawn on a scan.
 * @throws RangeError or ZodError where it is damaged, or was drawn on another scan
 */
export function readDrawings(parts: SessionParts, scan: DrawnScan): readonly Annotation[] {
  const head = savedDrawingsSchema.parse(JSON.parse(new TextDecoder().decode(savedPart(parts, SAVED_HEAD))));
  if (head.seriesInstanceUid !== scan.seriesInstanceUid || partOfSeries(head) !== partOfSeries(scan))
    throw new RangeError('Drawn on another scan.');
  return head.annotations;
}

export function drawingsOverview({ patient, seriesDescription }: SavedDrawings): SessionOverview {
  const short = (text: string): string => text.slice(0, 400);
  return {
    patientName: short(patient.name),
    patientId: short(patient.id),
    studyDate: short(patient.studyDate),
    seriesDescription: short(seriesDescription),
    state: 'drawn',
    thumbnail: null,
  };
}
