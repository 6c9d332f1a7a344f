import type { Letterhead } from '#shared/contract/letterhead.ts';
import type { DeviceTable } from '#shared/contract/planning.ts';
import { reportOfSurface, warningsBeforeEditing } from '#shared/contract/reportOfSurface.ts';
import {
  SAVED_HEAD,
  type SavedHead,
  savedCrop,
  savedDrawingsSchema,
  savedHeadSchema,
  savedLabels,
  savedPart,
  savedSurface,
} from '#shared/contract/savedWork.ts';
import type { SessionSummary } from '#shared/contract/services/app.ts';
import type { MeasuredAppendage } from '#shared/contract/services/measured.ts';
import type { LabelMap } from '#shared/contract/values.ts';
import type { DevicePose, VirtualDevice } from '#shared/contract/virtualDevice.ts';
import { UserError } from '#shared/errors.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import { rasterizeClosedMesh } from '#shared/mesh/rasterize.ts';
import { latestPhases } from '#shared/phases/latestPhases.ts';
import { planDevices } from '#shared/planning/deviceFit.ts';
import { figureFrames, scanPictures, straightenedScans } from '#shared/planning/figureFrames.ts';
import { reportedLandmarks } from '#shared/planning/landmarkPlane.ts';
import { distancesFromOstium } from '#shared/planning/nearbyDistances.ts';
import { withOutlines } from '#shared/planning/outlinedNumbers.ts';
import { type DeviceSite, knownPlaces, measureDevice, placeDevice } from '#shared/planning/virtualDevice.ts';
import { readingPart, unpackSession } from '#shared/sessionArchive.ts';
import type { Volume } from '#shared/volume/volume.ts';
import { type DeviceRequest, measureAlongLine, namedPose } from '../planning/index.ts';
import type { ReportInput } from '../report/reportInput.ts';

/** What a report of saved work is made with, beside what was saved. */
export interface SavedReportOptions {
  readonly letterhead: Letterhead;
  readonly tables: readonly DeviceTable[];
  /** In place of the reader's landing zone; null: as it was saved. */
  readonly landingZoneMm: number | null;
  /** In place of the device that was placed; null: as it was saved. */
  readonly device: Pick<DeviceRequest, 'table' | 'size' | 'depthMm' | 'tiltDegrees'> | null;
  /** All saved work: other phases of the same heart may have been worked on since. */
  readonly savedWork: readonly SessionSummary[];
}

/**
 * What documents say of work that the application saved: its surface with the reader's edits, and the numbers by the
 * reader's centre line and outlines, as the application shows them.
 * @param archive what the page saved
 * @throws UserError where it is damaged, or was saved before its surface had followed the edits
 */
export const savedWorkReport = (archive: Uint8Array, options: SavedReportOptions): ReportInput =>
  reportOfSaved(readSavedWork(archive), options);

/** The same of work that is read already. */
export function reportOfSaved(
  { head, crop, original, appendage: surface }: SavedParts,
  options: SavedReportOptions,
): ReportInput {
  const { letterhead, tables, landingZoneMm, savedWork } = options;
  const { marks, report, scanGrid, documented } = head;
  if (head.isStale) throw new UserError(failure('report.saved-work-stale'));
  if (!documented) throw new UserError(failure('report.saved-work-of-earlier-version'));
  const { profile: alongLine, corrected } = measureAlongLine(surface, marks);
  const base = corrected ? { ...surface, ...corrected } : surface;
  const { profile, measurements, warnings } = withOutlines({ ...base, profile: alongLine }, marks.outlines);
  const appendage: MeasuredAppendage = marks.outlines.length > 0 ? { ...base, measurements, warnings } : base;
  const zoneMm = landingZoneMm ?? head.landingZoneMm;
  const plan = planDevices(tables, { measurements, profile }, zoneMm, distancesFromOstium(appendage, report));
  const { ostiumPlane: ostium, closed } = appendage;
  const site: DeviceSite | null = ostium && {
    closed,
    ostium,
    appendage: { measurements, profile },
    places: knownPlaces(marks.landmarks, {
      landmarks: report.ostiumLandmarks,
      surroundings: report.surroundings,
    }),
    scanGrid,
    landingZoneMm: zoneMm,
  };
  const asked = options.device && namedPose({ tables, landingZoneMm: zoneMm, ...options.device });
  const { placed, device, problem } = placedIn(site, tables, asked, head.device);
  const planned = { ...plan, virtualDevice: device };
  const first = { report, original };
  return {
    measurements,
    mesh: appendage.mesh,
    warnings: problem ? [...appendage.warnings, problem] : appendage.warnings,
    warningsBeforeEditing: warningsBeforeEditing(first, appendage),
    report: reportOfSurface(first, appendage),
    plan: planned,
    phases: latestPhases(head.phases, head.id, savedWork).map(({ result }) => result),
    landmarks: reportedLandmarks(marks, ostium),
    annotations: head.annotations,
    patient: head.patient,
    letterhead,
    edits: documented.edits,
    review: head.verdict,
    reviewedBy: head.reviewedBy,
    reviewedSteps: documented.reviewedSteps,
    pictures: [],
    surface: appendage,
    deviceMesh: placed?.mesh ?? null,
    scanPictures: [
      ...scanPictures(figureFrames(measurements, planned), { around: crop, wide: crop }),
      ...straightenedScans(planned, crop),
    ],
    maskExtent: null,
    madeAt: new Date(),
  };
}

interface Placed {
  readonly placed: ReturnType<typeof placeDevice> | null;
  readonly device: VirtualDevice | null;
  /** Why the device that was saved cannot be placed: its table or its size is gone, or the line is too short. */
  readonly problem: Failure | null;
}

/**
 * A device where it lies now.
 * @param asked in place of the one that was saved
 * @throws UserError where what was asked for cannot be placed
 */
function placedIn(
  site: DeviceSite | null,
  tables: readonly DeviceTable[],
  asked: DevicePose | null,
  saved: DevicePose | null,
): Placed {
  const pose = asked ?? saved;
  if (!pose || !site) return { placed: null, device: null, problem: null };
  try {
    const placed = placeDevice(tables, pose, site);
    return { placed, device: measureDevice(placed, pose, site), problem: null };
  } catch (thrown) {
    if (asked || !(thrown instanceof UserError)) throw thrown;
    return { placed: null, device: null, problem: thrown.failure };
  }
}

export interface SavedParts {
  readonly head: SavedHead;
  /** The scan's own voxels around the appendage, HU. */
  readonly crop: Volume<Int16Array>;
  readonly original: MeasuredAppendage;
  readonly appendage: MeasuredAppendage;
  /** On the crop's voxels: the network's own for its own surface, else those inside of the surface as it is now. */
  labels(): LabelMap;
}

export function readSavedWork(archive: Uint8Array): SavedParts {
  const parts = readingPart('archive', () => unpackSession(archive));
  const head = readingPart('head', (): SavedHead => {
    const json: unknown = JSON.parse(new TextDecoder().decode(savedPart(parts, SAVED_HEAD)));
    if (savedDrawingsSchema.safeParse(json).success)
      throw new UserError(failure('report.saved-drawings-only'));
    return savedHeadSchema.parse(json);
  });
  const original = readingPart('original', () => savedSurface(parts, 'original', head.original));
  // Without edits it is the original itself, by identity.
  const appendage = head.isOriginal
    ? original
    : readingPart('surface', () => savedSurface(parts, 'appendage', head.appendage));
  const grid = head.cropGrid;
  return {
    head,
    crop: { grid, data: readingPart('crop', () => savedCrop(parts, grid.sizeIjk)) },
    original,
    appendage,
    labels: () => ({
      grid,
      data:
        appendage === original
          ? readingPart('labels', () => savedLabels(parts, grid.sizeIjk))
          : new Uint8Array(rasterizeClosedMesh(appendage.closed, grid)),
    }),
  };
}
