import { givenFilling } from '#shared/contract/report.ts';
import { DICOM_OBJECTS } from '#shared/contract/services/exporting.ts';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { reportedLandmarks } from '#shared/planning/landmarkPlane.ts';
import { setLandingZone } from '#shared/planning/setLandingZone.ts';
import { words } from '#shared/words/words.ts';
import {
  type ObjectContext,
  pdfPages,
  pointsOf,
  sourceProblem,
  type WrittenObject,
  writeEncapsulatedModel,
  writeMeasurementReport,
  writeReportPage,
  writeSecondaryCapture,
  writeSegmentation,
} from '../dicomObjects/index.ts';
import type { SlicedLabels } from '../interchange/gzipSlices.ts';
import { maskSlices } from './labelSlices.ts';
import type { ExportRequest } from './meshProducts.ts';

export type DicomObject = (typeof DICOM_OBJECTS)[number];

/** A DICOM file of an export. Its name carries no patient data; its content names the patient, as the scan does. */
export interface DicomFile extends WrittenObject {
  readonly name: string;
}

/** What objects are made of. */
export type ObjectsRequest = Pick<
  ExportRequest,
  | 'appendage'
  | 'labels'
  | 'scanGrid'
  | 'report'
  | 'plan'
  | 'phases'
  | 'marks'
  | 'annotations'
  | 'patient'
  | 'sourceSeries'
  | 'edits'
  | 'review'
  | 'reviewedBy'
  | 'reviewedSteps'
  | 'pictures'
>;

/**
 * The chosen objects, one after the other.
 * @param reportPdf the report, whose pages become pictures
 * @param referTo a segmentation that was written before; the measures refer to it where none is chosen
 * @throws UserError where the scan's files are not known, or where an object cannot be made of them
 */
export function* dicomFiles(
  chosen: readonly DicomObject[],
  request: ObjectsRequest,
  madeAt: Date,
  reportPdf: () => Promise<Uint8Array>,
  referTo: Omit<WrittenObject, 'bytes'> | null = null,
): Generator<{ readonly object: DicomObject; readonly make: () => DicomFile[] | Promise<DicomFile[]> }> {
  const context = objectContext(request, madeAt);
  let segmentation = referTo;
  const { closed, rimLpsMm, measurements, warnings } = request.appendage;
  const surface = { closed, rimLpsMm: rimLpsMm && pointsOf(rimLpsMm) };
  const model = { mesh: closed, label: 'closed lumen' };
  // The viewer writes who the scan shows into every pane, and so into its pictures, and the report into each page.
  const namesPatient = Object.values(request.patient).some((text) => text !== '');
  const file = (name: string, written: WrittenObject): DicomFile[] => [{ ...written, name }];
  const made: Readonly<Record<DicomObject, () => DicomFile[] | Promise<DicomFile[]>>> = {
    'dicom-seg': () => {
      const written = writeSegmentation(labelsOnScan(request), context);
      segmentation = written;
      return file('laa-seg.dcm', written);
    },
    'dicom-labelmap': () =>
      file('laa-labelmap.dcm', writeSegmentation(labelsOnScan(request), context, 'LABELMAP')),
    'dicom-stl': () => file('laa-stl.dcm', writeEncapsulatedModel(model, 'stl', context)),
    'dicom-obj': () => file('laa-obj.dcm', writeEncapsulatedModel(model, 'obj', context)),
    'dicom-sr': () => {
      const { sentence } = words();
      const said = [...new Set([...request.report.warnings, ...warnings].map((one) => sentence(one)))];
      const { contrast } = request.report;
      const filling = givenFilling(request.report, measurements);
      const { landingZones } = measurements;
      const set = setLandingZone(request.plan, landingZones);
      const reported = set ? { ...measurements, landingZones: [...landingZones, set] } : measurements;
      return file(
        'laa-sr.dcm',
        writeMeasurementReport(
          {
            measurements: reported,
            landmarks: reportedLandmarks(request.marks, request.appendage.ostiumPlane),
            annotations: request.annotations,
            heartPhase: request.report.source.heartPhase ?? null,
            phases: request.phases,
            contrast,
            filling,
            ostiumDistances: request.plan?.ostiumDistances ?? [],
            virtualDevice: request.plan?.virtualDevice ?? null,
            warnings: said,
            surface,
            segmentation,
          },
          context,
        ),
      );
    },
    'dicom-sc': () => {
      return request.pictures.map(({ png, caption }, at): DicomFile => {
        const picture = { png, caption, namesPatient, number: at + 1 };
        return { ...writeSecondaryCapture(picture, context), name: `laa-sc-${at + 1}.dcm` };
      });
    },
    'dicom-report': async () => {
      const images = await pdfPages(await reportPdf(), 'report.pdf');
      return images.map((image, at): DicomFile => {
        const page = { image, namesPatient, number: at + 1, pages: images.length };
        return { ...writeReportPage(page, context), name: `laa-report-${at + 1}.dcm` };
      });
    },
  };
  for (const object of DICOM_OBJECTS) if (chosen.includes(object)) yield { object, make: made[object] };
}

function labelsOnScan(request: ObjectsRequest): SlicedLabels {
  if (!request.labels.data.includes(1)) throw new UserError(failure('export.labels-empty'));
  if (!request.scanGrid) throw new UserError(failure('export.dicom-without-scan'));
  return maskSlices(request);
}

/** @throws UserError where the scan's files are not known */
export function objectContext(
  { sourceSeries, report, edits, review, reviewedBy, reviewedSteps }: ObjectsRequest,
  madeAt: Date,
): ObjectContext {
  if (!sourceSeries) throw new UserError(failure('export.dicom-without-scan'));
  const problem = sourceProblem(sourceSeries);
  if (problem !== undefined) throw new UserError(problem);
  return {
    source: sourceSeries,
    programVersion: report.program.version,
    models: report.models,
    edits,
    review,
    reviewedBy,
    reviewedSteps,
    notice: report.notice,
    madeAt,
  };
}
