import { annotationRemark } from '#shared/annotations/annotationInWords.ts';
import { angleDegrees, areaMm2, handlesOf, lengthMm } from '#shared/annotations/shapes.ts';
import type { Annotation, AreaShape, HuStatistics } from '#shared/contract/annotations.ts';
import { length } from '#shared/geometry/vec3.ts';
import { words } from '#shared/words/words.ts';
import { samplingInWords } from '../report/placeInWords.ts';
import { REPORT_CODES as CODE, QUANTITIES as Q, UNITS } from './codes.ts';
import {
  type ContentItem,
  codedItem,
  containerItem,
  coordinatesItem,
  numberItem,
  textItem,
  uidItem,
} from './contentItems.ts';
import { type ObjectContext, trackingUid } from './objectContext.ts';

const rounded = (value: number): number => Math.round(1000 * value) / 1000;

/**
 * A group for each thing that a reader drew: a length or an angle with its points (TID 1501, 300, 320), an area with its
 * outline (TID 1410) and statistics of its attenuation, a text with the place that its arrow points to. Coordinates are
 * left out where the scan has no frame of reference.
 */
export const annotationGroups = (annotations: readonly Annotation[], context: ObjectContext): ContentItem[] =>
  annotations.map((annotation) => group(annotation, context));

function group(annotation: Annotation, context: ObjectContext): ContentItem {
  const { id, name, shape } = annotation;
  const frame = context.source.attributes.FrameOfReferenceUID ?? '';
  const isArea = shape.kind === 'ellipse' || shape.kind === 'freehand';
  return containerItem(
    'CONTAINS',
    CODE.group,
    [
      textItem('HAS OBS CONTEXT', CODE.trackingId, name),
      uidItem('HAS OBS CONTEXT', CODE.trackingUid, trackingUid(context, `annotation ${id}`)),
      ...content(annotation, frame),
    ],
    isArea && frame !== '' ? '1410' : '1501',
  );
}

function content({ name, shape, hu }: Annotation, frame: string): ContentItem[] {
  const line = (): ContentItem[] =>
    frame === ''
      ? []
      : [coordinatesItem('INFERRED FROM', CODE.sourceOfMeasurement, 'POLYLINE', handlesOf(shape), frame)];
  switch (shape.kind) {
    case 'ruler':
      return [numberItem(Q.length, rounded(lengthMm(shape.pointsLpsMm)), UNITS.mm, line())];
    case 'angle':
      return [numberItem(Q.angle, rounded(angleDegrees(shape.pointsLpsMm)), UNITS.degree, line())];
    case 'ellipse':
    case 'freehand':
      return [
        ...(frame === '' ? [] : [outline(shape, frame)]),
        numberItem(Q.area, rounded(areaMm2(shape)), UNITS.mm2),
        ...(hu ? statistics(hu) : []),
      ];
    case 'text':
      return [
        ...(frame === ''
          ? []
          : [coordinatesItem('CONTAINS', CODE.centre, 'POINT', [shape.pointsLpsMm[0]], frame)]),
        textItem('CONTAINS', CODE.comment, name),
      ];
  }
}

/** An ellipse by the ends of its major axis, then those of its minor one (PS3.3 C.18.9.1.2). */
function outline(shape: AreaShape, frame: string): ContentItem {
  if (shape.kind === 'freehand')
    return coordinatesItem('CONTAINS', CODE.imageRegion, 'POLYGON', shape.pointsLpsMm, frame);
  const [first, second] = shape.halfAxesLpsMm;
  const isFirstMajor = length(first) >= length(second);
  const ends = handlesOf(shape);
  const ordered = isFirstMajor ? ends : [...ends.slice(2), ...ends.slice(0, 2)];
  return coordinatesItem('CONTAINS', CODE.imageRegion, 'ELLIPSE', ordered, frame);
}

function statistics(hu: HuStatistics): ContentItem[] {
  const remark = annotationRemark({ hu, withheld: null });
  const how = [samplingInWords(hu), ...(remark ? [words().sentence(remark)] : [])].join('; ');
  return (
    [
      [hu.meanHu, CODE.mean],
      [hu.deviationHu, CODE.standardDeviation],
      [hu.minimumHu, CODE.minimum],
      [hu.maximumHu, CODE.maximum],
    ] as const
  ).map(([value, derivation]) =>
    numberItem(Q.attenuation, rounded(value), UNITS.hu, [
      textItem('HAS CONCEPT MOD', CODE.method, how),
      codedItem('HAS CONCEPT MOD', CODE.derivation, derivation),
    ]),
  );
}
