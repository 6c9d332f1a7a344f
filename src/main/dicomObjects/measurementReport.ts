import { stepsInWords } from '#shared/contract/planningSteps.ts';
import { sizingInWords } from '#shared/phases/phaseCycle.ts';
import { words } from '#shared/words/words.ts';
import { reviewInWords } from '../report/reviewInWords.ts';
import { REPORT_CODES as CODE, PRIVATE_SCHEME_ITEM } from './codes.ts';
import { type ContentItem, codedItem, containerItem, imageItem, textItem, uidItem } from './contentItems.ts';
import { derivedUid } from './derivedUid.ts';
import { type DicomDataset, encodeDicom } from './dicomDataset.ts';
import { measurementGroups, type ReportToWrite } from './measurementGroups.ts';
import {
  equipment,
  identity,
  NOT_CLINICAL,
  type ObjectContext,
  patientAndStudy,
  sourceImageReferences,
  sourceReferences,
} from './objectContext.ts';
import type { WrittenObject } from './segmentation.ts';

/** The report that may hold coordinates in a frame of reference. */
const COMPREHENSIVE_3D_SR = '1.2.840.10008.5.1.4.1.1.88.34';

/**
 * The measures as a Measurement Report, TID 1500 (PS3.16; PS3.3 A.35.13): who observed, the images, and a group of
 * measures each for the appendage, its ostium and every landing zone, with outlines and axes as coordinates. What is withheld is left out, and a comment says
 * why.
 */
export function writeMeasurementReport(report: ReportToWrite, context: ObjectContext): WrittenObject {
  const content = containerItem(
    undefined,
    CODE.report,
    [
      codedItem('HAS CONCEPT MOD', CODE.language, CODE.english),
      ...observer(context),
      codedItem('HAS CONCEPT MOD', CODE.procedure, CODE.ct),
      ...comments(report, context).map((text) => textItem('CONTAINS', CODE.comment, text)),
      imageLibrary(context),
      containerItem('CONTAINS', CODE.measurements, measurementGroups(report, context)),
    ],
    '1500',
  );
  const ids = identity(
    context,
    {
      sopClassUid: COMPREHENSIVE_3D_SR,
      modality: 'SR',
      seriesOffset: 5,
      seriesDescription: 'Auricle: left atrial appendage, measurements',
    },
    JSON.stringify(content),
  );
  const bytes = encodeDicom({
    ...patientAndStudy(context),
    ...equipment(context),
    ...ids,
    // SR Document Series and General (PS3.3 C.17.1, C.17.2)
    ReferencedPerformedProcedureStepSequence: [],
    CompletionFlag: 'COMPLETE',
    VerificationFlag: 'UNVERIFIED',
    PreliminaryFlag: 'PRELIMINARY',
    PerformedProcedureCodeSequence: [],
    CurrentRequestedProcedureEvidenceSequence: [evidence(report, context)],
    CodingSchemeIdentificationSequence: [PRIVATE_SCHEME_ITEM],
    ...content,
  });
  return {
    bytes,
    sopClassUid: COMPREHENSIVE_3D_SR,
    sopInstanceUid: String(ids.SOPInstanceUID),
    seriesInstanceUid: String(ids.SeriesInstanceUID),
  };
}

/** Who measured: the program (TID 1001, 1002, 1004). */
function observer({ programVersion }: ObjectContext): ContentItem[] {
  const context = 'HAS OBS CONTEXT';
  return [
    codedItem(context, CODE.observerType, CODE.device),
    uidItem(context, CODE.deviceUid, derivedUid('device', 'Auricle', programVersion)),
    textItem(context, CODE.deviceName, 'Auricle'),
    textItem(context, CODE.deviceManufacturer, 'Auricle'),
    textItem(context, CODE.deviceModel, 'Auricle'),
    textItem(context, CODE.deviceSerial, programVersion),
  ];
}

/** What a reader of the numbers must know: the notice, the review, edits, warnings. */
function comments(
  { warnings, phases = [] }: ReportToWrite,
  { notice, review, reviewedBy, reviewedSteps = [], edits }: ObjectContext,
): string[] {
  return [
    `${NOT_CLINICAL}. ${notice}`,
    `${reviewInWords(review, reviewedBy)} ${stepsInWords(reviewedSteps)}`.trim(),
    ...(edits.length > 0 ? [`Manual edits: ${edits.join('; ')}.`] : []),
    ...(phases.length > 1 ? [`Over the heart cycle: ${sizingInWords(phases)}`] : []),
    ...phases.flatMap(({ phase, refusal }) =>
      refusal ? [`Heart phase ${phase.label} was not segmented: ${words('en').clause(refusal)}.`] : [],
    ),
    ...warnings.map((warning) => `Warning: ${warning}`),
  ];
}

/** Every image of the source (TID 1600, 1601). */
const imageLibrary = (context: ObjectContext): ContentItem =>
  containerItem('CONTAINS', CODE.imageLibrary, [
    containerItem('CONTAINS', CODE.imageLibraryGroup, [
      codedItem('HAS ACQ CONTEXT', CODE.modality, CODE.computedTomography),
      uidItem('HAS ACQ CONTEXT', CODE.frameOfReference, context.source.attributes.FrameOfReferenceUID ?? ''),
      ...sourceImageReferences(context).map(
        ({ ReferencedSOPClassUID, ReferencedSOPInstanceUID, ...frames }) =>
          imageItem(undefined, String(ReferencedSOPClassUID), String(ReferencedSOPInstanceUID), frames),
      ),
    ]),
  ]);

/** All objects that the content refers to, by study and series (PS3.3 C.17.2.2). */
function evidence({ segmentation }: ReportToWrite, context: ObjectContext): DicomDataset {
  const { attributes } = context.source;
  const series: DicomDataset[] = [
    {
      SeriesInstanceUID: attributes.SeriesInstanceUID ?? '',
      ReferencedSOPSequence: sourceReferences(context),
    },
  ];
  if (segmentation) {
    series.push({
      SeriesInstanceUID: segmentation.seriesInstanceUid,
      ReferencedSOPSequence: [
        {
          ReferencedSOPClassUID: segmentation.sopClassUid,
          ReferencedSOPInstanceUID: segmentation.sopInstanceUid,
        },
      ],
    });
  }
  return { StudyInstanceUID: attributes.StudyInstanceUID ?? '', ReferencedSeriesSequence: series };
}
