import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { Letterhead } from '#shared/contract/letterhead.ts';
import type { DeviceTable } from '#shared/contract/planning.ts';
import { NO_MARKS } from '#shared/contract/readerMarks.ts';
import { type SegmentationReport, segmentationReportSchema } from '#shared/contract/report.ts';
import type { SessionSummary } from '#shared/contract/services/app.ts';
import type { Patient } from '#shared/contract/services/exporting.ts';
import { measuredResult } from '#shared/contract/services/measuredResult.ts';
import { UserError } from '#shared/errors.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { planDevices } from '#shared/planning/deviceFit.ts';
import { figureFrames, scanPictures, straightenedScans } from '#shared/planning/figureFrames.ts';
import { reportedLandmarks } from '#shared/planning/landmarkPlane.ts';
import type { JobOptions } from '#shared/progress.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import { decodeStl } from '../interchange/stl.ts';
import { deviceInResult } from '../planning/index.ts';
import { measurementsIn } from '../report/measurementsIn.ts';
import type { ReportInput } from '../report/reportInput.ts';
import { loadSeries } from '../studies/loadSeries.ts';
import { phasesBeside, phasesOfResult } from './phasesOfResult.ts';
import { savedVerdict } from './savedVerdict.ts';

/** What a report of a result on the disk is made with. */
export interface ResultReportOptions {
  readonly letterhead: Letterhead;
  readonly tables: readonly DeviceTable[];
  /** Null: as the result has it. */
  readonly landingZoneMm: number | null;
  /** A device to be placed; null for none. */
  readonly device: Pick<
    Parameters<typeof deviceInResult>[1],
    'table' | 'size' | 'depthMm' | 'tiltDegrees'
  > | null;
  /** What `auricle phases` wrote for the study; null: where the result is one of its phases. */
  readonly phasesFolder: string | null;
  /** The scan that the result was made of: its patient, and what figures are drawn on; null where it is not at hand. */
  readonly dicomFolder: string | null;
  /** Saved work of the application that may hold a verdict on the result; newest first. */
  readonly savedWork: readonly SessionSummary[];
}

/** What the documents say, and what whoever makes them must know beside it. */
export interface ReportedResult {
  readonly input: ReportInput;
  readonly warnings: readonly Failure[];
}

const NOBODY: Patient = { name: '', id: '', birthDate: '', sex: '', studyDate: '', studyDescription: '' };

/**
 * What the documents of a result of `auricle segment` say. Without the scan no patient is named and figures are drawn
 * on white.
 * @throws UserError where the folder holds no result, the scan is another one, the phases are of others or the device cannot be placed
 */
export async function resultReport(
  folder: string,
  options: ResultReportOptions,
  job: JobOptions = {},
): Promise<ReportedResult> {
  const { letterhead, tables, landingZoneMm, device, phasesFolder, dicomFolder, savedWork } = options;
  const report = await readReport(folder);
  const { ostium, planning } = report;
  const placed = device && (await deviceInResult(folder, { tables, landingZoneMm, ...device }));
  const measurements = measurementsIn(report);
  const plan =
    planning &&
    (landingZoneMm === null
      ? planning
      : planDevices(
          tables,
          { measurements: report, profile: planning.profile },
          landingZoneMm,
          planning.ostiumDistances,
        ));
  const planWithDevice = plan && { ...plan, virtualDevice: placed?.device ?? null };
  // dcmjs, which it loads, takes a tenth of a second.
  const { readResultFolder, rimOf } = await import('../dicomObjects/index.ts');
  const wall = ostium ? await surfaceIn(folder, 'laa-wall.stl') : null;
  const ostiumPlane = ostium && { pointLpsMm: ostium.centreLpsMm, normal: ostium.normal };
  const scan = dicomFolder === null ? null : await readResultFolder(dicomFolder, folder, job);
  const volume = scan && (await loadSeries(scan.series, withoutUndefined({ signal: job.signal })));
  const frames = figureFrames(measurements, planWithDevice);
  const pictures = volume
    ? [
        ...scanPictures(frames, { around: volume, wide: volume }),
        ...straightenedScans(planWithDevice, volume),
      ]
    : [];
  const preview = await readFile(join(folder, 'preview.png')).catch(() => null);
  const rim = wall && rimOf(wall);
  const { verdict, warnings } = savedVerdict(
    savedWork,
    report.source.seriesInstanceUid,
    measuredResult({ mesh: report.mesh, measurements }, false),
  );
  const input: ReportInput = {
    measurements,
    mesh: report.mesh,
    warnings: [],
    warningsBeforeEditing: [],
    report,
    plan: planWithDevice,
    phases: await (phasesFolder === null
      ? phasesBeside(folder, report.source.seriesInstanceUid)
      : phasesOfResult(phasesFolder, report.source.seriesInstanceUid)),
    landmarks: reportedLandmarks(NO_MARKS, ostiumPlane),
    annotations: [],
    patient: scan ? patientOf(scan.context.source.attributes) : NOBODY,
    letterhead,
    edits: [],
    ...verdict,
    reviewedSteps: [],
    pictures: preview ? [{ caption: 'Slices, surface and measures', png: new Uint8Array(preview) }] : [],
    surface: {
      closed: await surfaceIn(folder, 'laa-closed.stl'),
      ostiumPlane,
      rimLpsMm: rim && Float32Array.from(rim.flat()),
    },
    deviceMesh: placed?.mesh ?? null,
    scanPictures: pictures,
    maskExtent: null,
    madeAt: new Date(),
  };
  return { input, warnings };
}

const patientOf = (attributes: Readonly<Record<string, string>>): Patient => ({
  name: attributes.PatientName ?? '',
  id: attributes.PatientID ?? '',
  birthDate: attributes.PatientBirthDate ?? '',
  sex: attributes.PatientSex ?? '',
  studyDate: attributes.StudyDate ?? '',
  studyDescription: attributes.StudyDescription ?? '',
});

async function readReport(folder: string): Promise<SegmentationReport> {
  try {
    return segmentationReportSchema.parse(JSON.parse(await readFile(join(folder, 'report.json'), 'utf8')));
  } catch {
    throw notAResult(folder, 'report.json');
  }
}

async function surfaceIn(folder: string, fileName: string): Promise<TriangleMesh> {
  try {
    return decodeStl(await readFile(join(folder, fileName)));
  } catch {
    throw notAResult(folder, fileName);
  }
}

const notAResult = (folder: string, fileName: string): UserError =>
  new UserError(failure('objects.not-a-result', { folder: basename(resolve(folder)), fileName }));
