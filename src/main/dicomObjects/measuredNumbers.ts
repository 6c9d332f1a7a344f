import type { LumenSection } from '#shared/contract/report.ts';
import type { Measurements } from '#shared/contract/services/measured.ts';
import { REPORT_CODES as CODE, CODES, type Code, QUANTITIES as Q, UNITS } from './codes.ts';
import { type ContentItem, codedItem, coordinatesItem, numberItem, textItem } from './contentItems.ts';
import type { SectionOutline } from './sectionOutlines.ts';

/** Mean attenuation of the blood, HU; null where it could not be measured. */
export interface Contrast {
  readonly atriumHu: number | null;
  readonly appendageHu: number | null;
}

/** Of the whole appendage, and the blood in it and in the atrium. */
export function appendageNumbers(
  { volumeMl, depthMm, depthToFirstBendMm, surfaceAreaMm2 }: Omit<Measurements, 'withheld'>,
  { atriumHu, appendageHu }: Contrast,
): ContentItem[] {
  const mean = codedItem('HAS CONCEPT MOD', CODE.derivation, CODE.mean);
  const ofAtrium = codedItem('HAS CONCEPT MOD', CODE.findingSite, CODES.leftAtrium);
  return known([
    [Q.volume, volumeMl, UNITS.mL],
    [Q.depth, depthMm, UNITS.mm],
    [Q.depthToFirstBend, depthToFirstBendMm, UNITS.mm],
    [Q.wallArea, surfaceAreaMm2, UNITS.mm2],
    [Q.attenuation, appendageHu, UNITS.hu, mean],
    [Q.attenuation, atriumHu, UNITS.hu, mean, ofAtrium],
  ]);
}

/** Where a section lies: its outline, and its centre as a landmark. */
export const placesOf = (
  { centreLpsMm }: LumenSection,
  outline: SectionOutline | null | undefined,
  frame: string,
): ContentItem[] =>
  outline == null
    ? []
    : [
        coordinatesItem('CONTAINS', CODE.imageRegion, 'POLYGON', outline.outlineLpsMm, frame),
        coordinatesItem('CONTAINS', CODE.centre, 'POINT', [centreLpsMm], frame),
      ];

/** What a section's axes were measured between. */
export interface Axes {
  readonly major: readonly ContentItem[];
  readonly minor: readonly ContentItem[];
}

/** The ends of both axes (TID 320); nothing where there is no outline. */
export function axesOf(outline: SectionOutline | null | undefined, frame: string): Axes {
  const line = ({ fromLpsMm, toLpsMm }: SectionOutline['majorAxis']): ContentItem[] => [
    coordinatesItem('INFERRED FROM', CODE.sourceOfMeasurement, 'POLYLINE', [fromLpsMm, toLpsMm], frame),
  ];
  return outline == null
    ? { major: [], minor: [] }
    : { major: line(outline.majorAxis), minor: line(outline.minorAxis) };
}

/** Of the ostium. */
export const ostiumNumbers = (ostium: LumenSection, axes: Axes): ContentItem[] =>
  sectionNumbers(ostium, Q.majorAxis, Q.ostiumPerimeter, axes);

/** Of a landing zone, with its distance from the ostium. */
export const zoneNumbers = (zone: Measurements['landingZones'][number], axes: Axes): ContentItem[] => [
  numberItem(Q.distance, zone.distanceMm, UNITS.mm, [
    textItem('HAS CONCEPT MOD', CODE.method, 'Along the centre line, from the centre of the ostium'),
  ]),
  ...sectionNumbers(zone, Q.landingZoneMajorAxis, Q.perimeter, axes),
];

function sectionNumbers(section: LumenSection, majorAxis: Code, perimeter: Code, axes: Axes): ContentItem[] {
  const method = (code: Code): ContentItem => codedItem('HAS CONCEPT MOD', CODE.method, code);
  return known([
    [majorAxis, section.maxDiameterMm, UNITS.mm, ...axes.major],
    [Q.minorAxis, section.minDiameterMm, UNITS.mm, ...axes.minor],
    [Q.diameter, section.areaDerivedDiameterMm, UNITS.mm, method(Q.fromArea)],
    [Q.diameter, section.perimeterDerivedDiameterMm, UNITS.mm, method(Q.fromPerimeter)],
    [Q.area, section.areaMm2, UNITS.mm2],
    [perimeter, section.perimeterMm, UNITS.mm],
    [Q.eccentricity, section.eccentricity, UNITS.none],
  ]);
}

type Quantity = readonly [name: Code, value: number | null, unit: Code, ...modifiers: ContentItem[]];

/** Those that have a value. */
export const known = (quantities: readonly Quantity[]): ContentItem[] =>
  quantities.flatMap(([name, value, unit, ...modifiers]) =>
    value === null ? [] : [numberItem(name, value, unit, modifiers)],
  );
