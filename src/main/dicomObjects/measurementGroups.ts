import type { Annotation } from '#shared/contract/annotations.ts';
import type { FillingReport } from '#shared/contract/report.ts';
import type { Measurements } from '#shared/contract/services/measured.ts';
import type { PhaseResult } from '#shared/contract/services/phases.ts';
import type { OstiumDistance } from '#shared/contract/surroundings.ts';
import type { VirtualDevice } from '#shared/contract/virtualDevice.ts';
import type { ReportedLandmarks } from '#shared/planning/landmarkPlane.ts';
import { annotationGroups } from './annotationGroups.ts';
import { REPORT_CODES as CODE, CODES, type Code, QUANTITIES as Q, UNITS } from './codes.ts';
import {
  type ContentItem,
  codedItem,
  containerItem,
  coordinatesItem,
  imageItem,
  numberItem,
  textItem,
  uidItem,
} from './contentItems.ts';
import { deviceNumbers, deviceTexts, ostiumDistanceItems } from './deviceGroup.ts';
import {
  type Axes,
  appendageNumbers,
  axesOf,
  type Contrast,
  known,
  ostiumNumbers,
  placesOf,
  zoneNumbers,
} from './measuredNumbers.ts';
import { fieldModels, type ObjectContext, trackingUid } from './objectContext.ts';
import { type MeasuredSurface, ostiumOutline, zoneOutline } from './sectionOutlines.ts';
import { APPENDAGE_SEGMENT, type WrittenObject } from './segmentation.ts';

export interface ReportToWrite {
  readonly measurements: Omit<Measurements, 'withheld'>;
  readonly contrast: Contrast;
  /** Null where the appendage is one compartment. */
  readonly filling: FillingReport | null;
  /** In words. */
  readonly warnings: readonly string[];
  /** The ostium's landmarks where a reader set both; left out of results of the command line. */
  readonly landmarks?: ReportedLandmarks;
  /** What a reader drew in the planes; left out of results of the command line. */
  readonly annotations?: readonly Annotation[];
  /** From the ostium's rim to what surrounds it; left out where nobody looked. */
  readonly ostiumDistances?: readonly OstiumDistance[];
  /** The device that a reader placed; left out of results of the command line. */
  readonly virtualDevice?: VirtualDevice | null;
  /** The phase of the heart that the measures are of; null where nobody knows. Left out: nobody knows. */
  readonly heartPhase?: PhaseResult['phase'] | null;
  /** Every phase of the heart, that of the measures among them; left out where it is the only one. */
  readonly phases?: readonly PhaseResult[];
  /** For the places of what was measured; null where it is not known. */
  readonly surface: MeasuredSurface | null;
  /** The segmentation that was written of the same result; without one the measures refer to the images alone. */
  readonly segmentation: Omit<WrittenObject, 'bytes'> | null;
}

interface Group {
  /** For people, and the part of the tracking UID that tells it from the others. */
  readonly tracking: string;
  readonly finding: Code;
  readonly site: Code;
  readonly numbers: readonly ContentItem[];
  readonly hasSegment: boolean;
  /** That of the report's measures where it is left out. */
  readonly phase?: PhaseResult;
  /** The outline and the centre of a section (TID 1410); none of what has none. */
  readonly places: readonly ContentItem[];
}

/**
 * One group for the appendage (TID 1411 where its segment is known), one for its ostium, one for each landing zone (TID
 * 1410 where its outline is known), and one for all that a reader drew.
 */
export function measurementGroups(report: ReportToWrite, context: ObjectContext): ContentItem[] {
  const { measurements, contrast, filling, surface } = report;
  const frame = context.source.attributes.FrameOfReferenceUID ?? '';
  const places = frame === '' ? null : surface;
  const { ostium, landingZones } = measurements;
  const groups: Group[] = [
    {
      tracking: 'Left atrial appendage',
      finding: CODES.appendage,
      site: CODES.appendage,
      numbers: appendageNumbers(measurements, contrast),
      hasSegment: true,
      places: [],
    },
  ];
  if (ostium) {
    const outline = places && ostiumOutline(places, measurements);
    groups.push({
      tracking: 'Ostium',
      finding: CODES.ostium,
      site: CODES.ostium,
      numbers: [
        ...ostiumNumbers(ostium, axesOf(outline, frame)),
        ...ostiumDistanceItems(report.ostiumDistances ?? []),
      ],
      hasSegment: false,
      places: placesOf(ostium, outline, frame),
    });
  }
  const line = report.landmarks && landmarkLine(report.landmarks, frame);
  if (line) {
    groups.push({
      tracking: 'Landmarks of the ostium, set by the reader',
      finding: CODES.ostium,
      site: CODES.ostium,
      numbers: [line],
      hasSegment: false,
      places: [],
    });
  }
  for (const zone of landingZones) {
    const outline = places && zoneOutline(places, zone);
    groups.push({
      tracking: `Landing zone at ${zone.distanceMm} mm`,
      finding: Q.landingZone,
      site: CODES.appendage,
      numbers: zoneNumbers(zone, axesOf(outline, frame)),
      hasSegment: false,
      places: placesOf(zone, outline, frame),
    });
  }
  if (filling) groups.push(...fillingGroups(filling));
  if (report.virtualDevice) {
    groups.push({
      tracking: 'Virtual device, placed by the reader',
      finding: Q.virtualDevice,
      site: CODES.appendage,
      numbers: [...deviceTexts(report.virtualDevice), ...deviceNumbers(report.virtualDevice)],
      hasSegment: false,
      places: [],
    });
  }
  groups.push(...otherPhases(report).flatMap(phaseGroups));
  return [
    ...groups.filter(({ numbers }) => numbers.length > 0).map((group) => groupItem(group, report, context)),
    ...annotationGroups(report.annotations ?? [], context),
  ];
}

/** Those whose numbers do not stand in the report already. */
const otherPhases = ({ phases = [], heartPhase }: ReportToWrite): readonly PhaseResult[] =>
  phases.filter(({ phase, measurements }) => measurements !== null && phase.label !== heartPhase?.label);

/** A group each for the appendage, its ostium and every landing zone in another phase. */
function phaseGroups(phase: PhaseResult): Group[] {
  const { measurements } = phase;
  if (!measurements) return [];
  const { ostium, landingZones } = measurements;
  const none: Axes = { major: [], minor: [] };
  const group = (name: string, finding: Code, site: Code, numbers: readonly ContentItem[]): Group => ({
    tracking: `${name}, heart phase ${phase.phase.label}`,
    finding,
    site,
    numbers,
    hasSegment: false,
    phase,
    places: [],
  });
  return [
    group(
      'Left atrial appendage',
      CODES.appendage,
      CODES.appendage,
      appendageNumbers(measurements, { atriumHu: null, appendageHu: null }),
    ),
    ...(ostium ? [group('Ostium', CODES.ostium, CODES.ostium, ostiumNumbers(ostium, none))] : []),
    ...landingZones.map((zone) =>
      group(`Landing zone at ${zone.distanceMm} mm`, Q.landingZone, CODES.appendage, zoneNumbers(zone, none)),
    ),
  ];
}

/** The phase that a group's measures are of, and its series where it is another. */
function phaseItems({ phase }: Group, { heartPhase }: ReportToWrite): ContentItem[] {
  const of = phase?.phase ?? heartPhase;
  if (!of) return [];
  return [
    textItem('HAS ACQ CONTEXT', CODE.heartPhase, of.label),
    ...(of.percent === null
      ? []
      : [numberItem(CODE.percentOfCycle, of.percent, UNITS.percent, [], 'HAS ACQ CONTEXT')]),
    ...(phase ? [uidItem('CONTAINS', CODE.sourceSeries, phase.seriesId.split('#')[0] ?? '')] : []),
  ];
}

/** From the ridge to the circumflex artery, with both places (TID 320); undefined until both are set. */
function landmarkLine(
  { ridgeLpsMm, circumflexLpsMm, apartMm }: ReportedLandmarks,
  frame: string,
): ContentItem | undefined {
  if (!ridgeLpsMm || !circumflexLpsMm || apartMm === null) return undefined;
  const points = [ridgeLpsMm, circumflexLpsMm];
  return numberItem(Q.distance, Math.round(1000 * apartMm) / 1000, UNITS.mm, [
    textItem(
      'HAS CONCEPT MOD',
      CODE.method,
      'From the ridge beside the left upper vein to the circumflex artery, landmarks set by the reader',
    ),
    ...(frame === ''
      ? []
      : [coordinatesItem('INFERRED FROM', CODE.sourceOfMeasurement, 'POLYLINE', points, frame)]),
  ]);
}

/** A group for each compartment. */
function fillingGroups(filling: FillingReport): Group[] {
  const median = codedItem('HAS CONCEPT MOD', CODE.derivation, CODE.median);
  const group = (finding: Code, numbers: readonly ContentItem[]): Group => ({
    tracking: finding[2],
    finding,
    site: CODES.appendage,
    numbers,
    hasSegment: false,
    places: [],
  });
  const noise = textItem(
    'HAS CONCEPT MOD',
    CODE.method,
    `Uncertain by ${filling.uncertaintyMl.toFixed(2)} mL by noise`,
  );
  return [
    group(
      Q.filledPart,
      known([
        [Q.volume, filling.filledMl, UNITS.mL, noise],
        [Q.attenuation, filling.filledHu, UNITS.hu, median],
      ]),
    ),
    group(
      Q.unfilledPart,
      known([
        [Q.volume, filling.unfilledMl, UNITS.mL, noise],
        [Q.attenuation, filling.unfilledHu, UNITS.hu, median],
        [Q.beginsAt, filling.fromDepthMm, UNITS.mm],
        [Q.endsAt, filling.toDepthMm, UNITS.mm],
      ]),
    ),
  ];
}

function groupItem(one: Group, report: ReportToWrite, context: ObjectContext): ContentItem {
  const { tracking, finding, site, numbers, hasSegment, places } = one;
  const { segmentation } = report;
  const refersToSegment = hasSegment && segmentation !== null;
  return containerItem(
    'CONTAINS',
    CODE.group,
    [
      textItem('HAS OBS CONTEXT', CODE.trackingId, tracking),
      uidItem('HAS OBS CONTEXT', CODE.trackingUid, trackingUid(context, tracking)),
      codedItem('CONTAINS', CODE.finding, finding),
      ...phaseItems(one, report),
      ...(refersToSegment
        ? [
            imageItem(CODE.referencedSegment, segmentation.sopClassUid, segmentation.sopInstanceUid, {
              ReferencedSegmentNumber: APPENDAGE_SEGMENT,
            }),
            uidItem('CONTAINS', CODE.sourceSeries, context.source.attributes.SeriesInstanceUID ?? ''),
          ]
        : []),
      ...places,
      codedItem('HAS CONCEPT MOD', CODE.findingSite, site),
      ...algorithms(context),
      ...numbers,
    ],
    refersToSegment ? '1411' : places.length > 0 ? '1410' : '1501',
  );
}

/** The models and the version that drew the surface (TID 4019); several where their mean was taken. */
const algorithms = (context: ObjectContext): ContentItem[] =>
  fieldModels(context).flatMap(({ id, sha256 }) => [
    textItem('HAS CONCEPT MOD', CODE.algorithmName, id),
    textItem('HAS CONCEPT MOD', CODE.algorithmVersion, context.programVersion),
    textItem('HAS CONCEPT MOD', CODE.algorithmParameters, `sha256=${sha256}`),
  ]);
