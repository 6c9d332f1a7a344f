import { LANDING_DISTANCES_MM } from '../anatomy/landingZone.ts';
import type { MeasuredSection } from '../anatomy/sectionOutline.ts';
import type { LumenProfile, ProfilePoint } from '../contract/planning.ts';
import type { ReaderOutline } from '../contract/readerMarks.ts';
import type { LumenSection } from '../contract/report.ts';
import type { MeasuredAppendage, Measurements } from '../contract/services/measured.ts';
import { type Failure, failure } from '../failures/failure.ts';
import type { Vec3 } from '../geometry/vec3.ts';
import { sectionAt } from './profileSection.ts';
import { isOutlineUsed, measureOutline } from './readerOutline.ts';
import { whyFlat, whyRagged, whyWiderThanOstium } from './sectionPlausibility.ts';
import { besideAnyOstium, sectionSizes, withheldAsWide } from './sectionSizes.ts';
import { zoneOf } from './setLandingZone.ts';

/** A surface's numbers and the sizes along its centre line. */
export interface ProfiledNumbers
  extends Pick<MeasuredAppendage, 'measurements' | 'warnings' | 'ostiumPlane'> {
  readonly profile: LumenProfile;
}

type Withheld = Measurements['withheld'];

/**
 * The numbers by the outlines that a reader drew: of each outline's own section alone. Volume, depth, wall and mesh are
 * the surface's, and so are all other sections. An outline whose section has moved since is set aside, and a warning
 * says so; it counts again where the section comes back.
 *
 * Example: the ostium's outline is drawn 1 mm further out on one side. Its area, perimeter and diameters are those of the
 * drawn outline from then on, and the device tables that size by the ostium use them; the landing zone's stay.
 */
export function withOutlines(numbers: ProfiledNumbers, outlines: readonly ReaderOutline[]): ProfiledNumbers {
  if (outlines.length === 0) return numbers;
  const { measurements, warnings, profile, ostiumPlane } = numbers;
  // The ostium's first: sections are held against it.
  const ordered = [...outlines].sort((a, b) => placeOf(a) - placeOf(b));
  const result = ordered.reduce<ProfiledNumbers>(
    (now, outline) =>
      outline.at === 'ostium' ? withOstium(now, outline) : withSection(now, outline, outline.at),
    { measurements, warnings, profile, ostiumPlane },
  );
  const correctedOutlines = outlines.map((outline) => ({
    at: outline.at,
    plane: outline.plane,
    outlineLpsMm: outline.outlineLpsMm.map(roundVec),
    isUsed: isUsedIn(numbers, outline),
  }));
  return { ...result, profile: { ...result.profile, correctedOutlines } };
}

const placeOf = ({ at }: ReaderOutline): number => (at === 'ostium' ? -1 : at);

/** Whether an outline's section is still where it was drawn. */
function isUsedIn({ profile, ostiumPlane }: ProfiledNumbers, outline: ReaderOutline): boolean {
  const now = outline.at === 'ostium' ? ostiumPlane : sectionAt(profile, outline.at);
  return now !== null && now !== undefined && isOutlineUsed(outline, now);
}

const OSTIUM_WARNINGS: readonly string[] = [
  'measure.ostium-doubtful',
  'measure.ostium-spur',
  'meshing.ostium-unusual',
];
const OSTIUM_SIZES: readonly string[] = [
  'perimeterMm',
  'areaDerivedDiameterMm',
  'perimeterDerivedDiameterMm',
];

function withOstium(numbers: ProfiledNumbers, outline: ReaderOutline): ProfiledNumbers {
  const { measurements, warnings, profile } = numbers;
  if (!measurements.ostium || !isUsedIn(numbers, outline)) {
    return { ...numbers, warnings: [failure('planning.ostium-outline-aside'), ...warnings] };
  }
  const section = measureOutline(outline);
  const { sizes, withheld } = sectionSizes(section);
  const ostium = { ...measurements.ostium, ...sizes, ...shapeOf(section) };
  const doubt = whyRagged(section) ?? whyFlat(section);
  const points = profile.points.map((point) => heldAgainst(point, sizes));
  const zones = zonesHeldAgainst(measurements, points, sizes);
  const kept = (name: string): boolean => !OSTIUM_SIZES.includes(name);
  return {
    ...numbers,
    profile: { ...profile, points },
    measurements: {
      ...measurements,
      ostium,
      landingZones: zones.landingZones,
      withheld: { ...only(zones.withheld, kept), ...withheld },
    },
    warnings: [
      failure('planning.ostium-outline-corrected'),
      ...warnings.filter((warning) => !OSTIUM_WARNINGS.includes(warning.code) && !saysTooWide(warning)),
      ...zones.warnings,
      ...(doubt ? [failure('measure.ostium-doubtful', { reason: doubt })] : []),
      ...(section.longestSpurMm > 0
        ? [failure('measure.ostium-spur', { lengthMm: section.longestSpurMm })]
        : []),
    ],
  };
}

/** The usual landing zones, each judged beside the ostium as it was drawn: withheld ones may be given, and the reverse. */
function zonesHeldAgainst(
  measurements: Measurements,
  points: readonly ProfilePoint[],
  ostium: Pick<LumenSection, 'areaMm2'>,
): Pick<Measurements, 'landingZones' | 'withheld'> & { readonly warnings: readonly Failure[] } {
  const zones: Measurements['landingZones'][number][] = [];
  const withheld = new Map(Object.entries(measurements.withheld));
  const warnings: Failure[] = [];
  const doubt = (distanceMm: number, reason: Failure | undefined): void => {
    if (reason) warnings.push(failure('measure.landing-zone-doubtful', { distanceMm, reason }));
  };
  for (const distanceMm of LANDING_DISTANCES_MM) {
    const name = `landingZone${distanceMm}`;
    const zone = measurements.landingZones.find((known) => known.distanceMm === distanceMm);
    const why = zone && whyTooWide(zone.areaMm2, ostium.areaMm2);
    if (zone && !why) zones.push(zone);
    if (why) {
      withheld.set(name, why);
      doubt(distanceMm, why);
    }
    if (zone || withheld.get(name)?.code !== WIDER) continue;
    const point = points.find((known) => known.distanceMm === distanceMm);
    const given = point && zoneOf(point);
    if (given) {
      zones.push(given);
      withheld.delete(name);
      for (const [size, reason] of Object.entries(point.withheld)) withheld.set(`${name}.${size}`, reason);
      doubt(distanceMm, point.withheld.perimeterDerivedDiameterMm);
    } else {
      const now = point?.withheld.section;
      if (now) withheld.set(name, now);
      doubt(distanceMm, withheld.get(name));
    }
  }
  return { landingZones: zones, withheld: Object.fromEntries(withheld), warnings };
}

const WIDER = 'measure.section-wider-than-ostium';

const saysTooWide = (warning: Failure): boolean =>
  warning.code === 'measure.landing-zone-doubtful' && warning.fields.reason.code === WIDER;

function withSection(numbers: ProfiledNumbers, outline: ReaderOutline, at: number): ProfiledNumbers {
  const { measurements, warnings, profile } = numbers;
  const before = sectionAt(profile, at);
  if (!before || !isUsedIn(numbers, outline)) {
    const aside = failure('planning.section-outline-aside', { distanceMm: at });
    return { ...numbers, warnings: [aside, ...warnings] };
  }
  const section = measureOutline(outline);
  const { sizes, withheld } = sectionSizes(section);
  const drawn: ProfilePoint = {
    ...besideAnyOstium(before),
    ...sizes,
    centreLpsMm: roundVec(section.measures.centreLpsMm),
    isCorrected: true,
    withheld,
  };
  const point = heldAgainst(drawn, measurements.ostium);
  const points = profile.points.map((other) => (other === before ? point : other));
  const isZone = LANDING_DISTANCES_MM.some((distanceMm) => distanceMm === at);
  return {
    ...numbers,
    profile: { ...profile, points },
    measurements: isZone ? withZone(measurements, point, section) : measurements,
    warnings: [
      failure('planning.section-outline-corrected', { distanceMm: at }),
      ...warnings.filter((warning) => !isOfZone(warning, at)),
      ...(isZone ? zoneWarnings(point, section) : []),
    ],
  };
}

const isOfZone = (warning: Failure, at: number): boolean =>
  (warning.code === 'measure.landing-zone-doubtful' || warning.code === 'measure.landing-zone-spur') &&
  warning.fields.distanceMm === at;

function zoneWarnings({ distanceMm, withheld }: ProfilePoint, section: MeasuredSection): Failure[] {
  const reason = withheld.section ?? whyRagged(section) ?? whyFlat(section);
  const lengthMm = section.longestSpurMm;
  return [
    ...(reason ? [failure('measure.landing-zone-doubtful', { distanceMm, reason })] : []),
    ...(lengthMm > 0 ? [failure('measure.landing-zone-spur', { distanceMm, lengthMm })] : []),
  ];
}

/** The measurements with a landing zone at one of the usual distances by a reader's outline. */
function withZone(measurements: Measurements, point: ProfilePoint, section: MeasuredSection): Measurements {
  const { distanceMm, normal } = point;
  const name = `landingZone${distanceMm}`;
  const others = measurements.landingZones.filter((zone) => zone.distanceMm !== distanceMm);
  const kept = only(measurements.withheld, (known) => known !== name && !known.startsWith(`${name}.`));
  const why = point.withheld.section;
  if (why) return { ...measurements, landingZones: others, withheld: { ...kept, [name]: why } };
  const { sizes, withheld } = sectionSizes(section);
  const zone = { distanceMm, normal, ...sizes, ...shapeOf(section) };
  const reasons = Object.entries(withheld).map(([size, reason]) => [`${name}.${size}`, reason]);
  return {
    ...measurements,
    landingZones: [...others, zone].sort((a, b) => a.distanceMm - b.distanceMm),
    withheld: { ...kept, ...Object.fromEntries(reasons) },
  };
}

/** A section, withheld where it is too wide for its ostium, and given where it no longer is. */
function heldAgainst(point: ProfilePoint, ostium: Pick<LumenSection, 'areaMm2'> | null): ProfilePoint {
  const whole = besideAnyOstium(point);
  if (whole.areaMm2 === null || !ostium) return point;
  const why = whyTooWide(whole.areaMm2, ostium.areaMm2);
  return why ? withheldAsWide(whole, why) : whole;
}

const whyTooWide = (areaMm2: number, ostiumMm2: number): Failure | undefined =>
  whyWiderThanOstium(2 * Math.sqrt(areaMm2 / Math.PI), 2 * Math.sqrt(ostiumMm2 / Math.PI));

const shapeOf = ({ measures }: MeasuredSection): Pick<LumenSection, 'centreLpsMm' | 'eccentricity'> => ({
  centreLpsMm: roundVec(measures.centreLpsMm),
  eccentricity: round(measures.eccentricity),
});

const only = (withheld: Withheld, keeps: (name: string) => boolean): Withheld =>
  Object.fromEntries(Object.entries(withheld).filter(([name]) => keeps(name)));

const round = (value: number): number => Math.round(value * 1000) / 1000;
const roundVec = ([x, y, z]: Vec3): [number, number, number] => [round(x), round(y), round(z)];
